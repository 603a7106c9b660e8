"""The process in the writer's place while a folder is served read-only: it records looks."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Mapping, Sequence
from typing import Protocol

import msgspec

from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.adapters.clock import now
from wardkeep.adapters.files import make_private_folder
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import set_aside
from wardkeep.adapters.operations_store import EventStore, open_access
from wardkeep.app import processes
from wardkeep.app.alarms import AlarmBook, AlarmRequests
from wardkeep.app.child import Stop, run_child, say_ready
from wardkeep.app.control import Body, ControlServer
from wardkeep.app.errors import ReadOnlyServerError
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.losses import by_ledger, standing_losses
from wardkeep.app.site_keys import open_keys
from wardkeep.app.store_alarms import StoreAlarms
from wardkeep.app.watch import Watch
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger.encoding import LookEntry, OperationsEvent

_REFUSED = ("operations.append", "entries.append", "quarantine.replay")
_LOOK_EVERY_SECONDS = 1.0


class ReadOnlyLedgers:
    """The three ledgers as they lie there, and one for the looks of this time."""

    def __init__(self, folder: HospitalFolder, site: Site, ring: KeyRing) -> None:
        make_private_folder(folder.looks)
        self._folder = folder
        self._looks: EventStore[LookEntry] = open_access(folder.looks, ring, site.cipher)
        self._clinical = ClinicalLedger(folder.clinical, ring)
        self._lost = by_ledger(standing_losses(folder, ring))
        self.alarms = StoreAlarms()

    def sequence(self) -> int:
        """Return the newest entry that can be read; 0 where the newest file cannot be."""
        try:
            return self._clinical.last_sequence()
        except WardkeepError:
            return 0

    def look(self, looks: Sequence[LookEntry]) -> int:
        """Record looks at patients; return the last sequence."""
        with self.alarms.watching("access"):
            return self._looks.append(looks)

    def lost(self) -> Mapping[str, int]:
        """Return by ledger how many entries are missing."""
        return self._lost

    def damaged(self) -> Mapping[str, Sequence[str]]:
        """Return by ledger the files that were left because of damage."""
        ledgers = (self._folder.clinical, self._folder.operations, self._folder.access)
        found = {each.name: [path.name for path in set_aside(each)] for each in ledgers}
        return {ledger: names for ledger, names in found.items() if names}

    def decide(self, events: Sequence[OperationsEvent]) -> int:
        """Keep nothing: alarms of a read-only time stand on screens and in the log alone."""
        del events
        return 0

    def close(self) -> None:
        """Close the stores."""
        self._looks.close()
        self._clinical.close()


class Requests:
    """What verbs and the web may ask of a read-only server."""

    def __init__(
        self, folder: HospitalFolder, ledgers: ReadOnlyLedgers, book: AlarmBook
    ) -> None:
        self._folder, self._ledgers, self._book = folder, ledgers, book

    async def ping(self, _: Body) -> Body:
        """Answer that the server lives, and how far the ledger has come."""
        return {"sequence": await asyncio.to_thread(self._ledgers.sequence)}

    async def status(self, _: Body) -> Body:
        """Answer the processes, and what is wrong."""
        return {
            "processes": msgspec.to_builtins(processes.read(self._folder)),
            "alarms": msgspec.to_builtins(self._book.standing()),
            "sequence": await asyncio.to_thread(self._ledgers.sequence),
        }

    async def record_looks(self, body: Body) -> Body:
        """Append looks at patients to the ledger of looks."""
        looks = msgspec.convert(
            [[k["at"], k["who"], k["record"], k["page"], k["why"]] for k in body["looks"]],
            list[LookEntry],
        )
        sequence = await asyncio.to_thread(self._ledgers.look, looks)
        return {"recorded": len(looks), "sequence": sequence}

    async def refuse(self, _: Body) -> Body:
        """Refuse what would change something; raises ReadOnlyServerError."""
        raise ReadOnlyServerError("this server is read-only: nothing was changed")


class Looking(Protocol):
    """What looks at everything once a second."""

    def look(self, at: int) -> None:
        """Look; raises StoreFailedError, OSError."""
        ...


def look(watch: Looking, at: int) -> None:
    """Let the watch look; what the system refuses is said, and ends no screen."""
    try:
        watch.look(at)
    except (WardkeepError, OSError) as fault:
        print(f"wardkeep: {fault}", file=sys.stderr, flush=True)  # noqa: T201  # the log


async def _keep(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    ledgers = ReadOnlyLedgers(folder, site, open_keys(folder))
    book = AlarmBook(folder)
    watch, alarms = Watch(folder, ledgers, book), AlarmRequests(book, now)
    requests = Requests(folder, ledgers, book)
    control = ControlServer(
        folder.control_socket,
        {
            "ping": requests.ping,
            "status": requests.status,
            "looks.record": requests.record_looks,
            "alarms.raise": alarms.raise_,
            "alarms.clear": alarms.clear,
            "alarms.list": alarms.list,
            **dict.fromkeys(_REFUSED, requests.refuse),
        },
    )
    await control.start()
    await asyncio.to_thread(look, watch, now())
    say_ready()
    while not stop.is_set():
        try:
            async with asyncio.timeout(_LOOK_EVERY_SECONDS):
                await stop.wait()
        except TimeoutError:
            await asyncio.to_thread(look, watch, now())
    await control.close()
    ledgers.close()


if __name__ == "__main__":
    sys.exit(run_child(_keep))
