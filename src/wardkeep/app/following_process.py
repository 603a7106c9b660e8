"""The process of a second box in the writer's place: copies the first, takes looks meanwhile.

Once a person made this box the first, the same program is the writer: nothing else of the
server is started anew for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import sys

from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.alarm_tellers import tellers
from wardkeep.app.alarms import AlarmBook
from wardkeep.app.certificate_alarms import CertificateAlarms
from wardkeep.app.child import LOCK_PATIENCE_SECONDS, Stop, run_child, say_ready
from wardkeep.app.control import ControlServer
from wardkeep.app.copying import Copying
from wardkeep.app.errors import SettingsError
from wardkeep.app.first import is_copy, read_first
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.follower_alarms import CODES, alarms_of
from wardkeep.app.follower_requests import FollowerRequests
from wardkeep.app.own_ledgers import OwnLedgers
from wardkeep.app.promotion import finish_promotion
from wardkeep.app.read_only_process import look
from wardkeep.app.settings import environment, load_site
from wardkeep.app.site_keys import open_keys
from wardkeep.app.watch import Watch
from wardkeep.app.writer_process import write
from wardkeep.hospital.site import Site

_TELL_EVERY_SECONDS = 0.5


async def _run(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    while not stop.is_set():
        if not is_copy(folder):
            await write(folder, _settings_now(folder, site), stop)
            return
        with WriterLock(folder.writer_lock, LOCK_PATIENCE_SECONDS):
            ring = open_keys(folder)
            finish_promotion(folder, site, ring)
            if is_copy(folder):
                await _follow(folder, site, ring, stop)
                finish_promotion(folder, site, ring)


def _settings_now(folder: HospitalFolder, site: Site) -> Site:
    """Return the settings as the file says now: while it followed, feeds were perhaps given."""
    try:
        return load_site(folder)
    except SettingsError as fault:
        # Whoever promoted it found them sound: what was broken since must not stop the intake.
        print(fault.diagnostics(), file=sys.stderr, flush=True)  # noqa: T201  # the log
        return site


async def _follow(folder: HospitalFolder, site: Site, ring: KeyRing, stop: Stop) -> None:
    """Copy until `stop`, or until a person decided that this box is the first."""
    own = OwnLedgers(folder, site, ring)
    first = read_first(folder)
    if first is None:
        return
    copying = Copying(folder, site, ring, first, own)
    promoted = asyncio.Event()
    spoken_to = environment()
    book = AlarmBook(folder, tellers(spoken_to.journal_stream, spoken_to.notify_socket))
    watch = FollowerWatch(folder, site, own, book, copying)
    requests = FollowerRequests(folder, ring, own, copying, book, promoted)
    control = ControlServer(folder.control_socket, requests.verbs())
    await control.start()
    copying.start()
    say_ready()
    while not stop.is_set() and not promoted.is_set():
        await asyncio.to_thread(copying.tell, now())
        await asyncio.to_thread(watch.look, now())
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_TELL_EVERY_SECONDS):
                await _either(stop, promoted)
    await control.close()
    await asyncio.to_thread(copying.close)
    own.close()


class FollowerWatch:
    """Keeps the book of alarms true to what can be seen from a second box."""

    def __init__(
        self,
        folder: HospitalFolder,
        site: Site,
        own: OwnLedgers,
        book: AlarmBook,
        copying: Copying,
    ) -> None:
        self._watch, self._book, self._copying = Watch(folder, own, book), book, copying
        self._certificates = CertificateAlarms(folder, site, book)

    def look(self, at: int) -> None:
        """Look at everything, and tell what changed; a store that refuses is said."""
        self._book.replace(CODES, alarms_of(self._copying.standing(at)), at)
        self._certificates.look(at)
        look(self._watch, at)


async def _either(one: asyncio.Event, other: asyncio.Event) -> None:
    tasks = [asyncio.create_task(each.wait()) for each in (one, other)]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


if __name__ == "__main__":
    sys.exit(run_child(_run))
