"""`wardkeep serve` runs a site server until it is told to end."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from wardkeep.adapters.key_ring import KeyRing
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.hospital.site import Site
    from wardkeep.ledger.loss import Loss

NAME = "serve"
SUMMARY = "Run the site server: listeners, charts, screens, packs."
EXAMPLE = "wardkeep serve /srv/wardkeep"
_WEB = (
    "Stop what listens there, or set web_port to a free port and web_host to an address of this"
    " machine in wardkeep.toml, then run `wardkeep check DIR`."
)
# (name, module, stage): app.supervisor.Program.
_READERS = (
    ("charts", "wardkeep.app.chart_process", 0),
    ("web", "wardkeep.web.process", 1),
    ("packs", "wardkeep.app.pack_process", 1),
)
_WRITER = ("writer", "wardkeep.app.writer_process", 0)
# On a second box: it copies, and is the writer once a person made the box the first.
_FOLLOWER = ("writer", "wardkeep.app.following_process", 0)
_COPIES = ("copies", "wardkeep.app.copies_process", 1)
_POLLER = ("poller", "wardkeep.app.poll_process", 1)
_PRINTER = ("printing", "wardkeep.app.print_process", 1)
_DELIVERIES = ("deliveries", "wardkeep.app.delivery_process", 1)
_LOOKS = ("looks", "wardkeep.app.read_only_process", 0)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and the ways to go on where a ledger was shortened."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument(
        "--accept-loss",
        metavar="WHY",
        help="go on without the entries that are missing; who and why is recorded",
    )
    ways.add_argument(
        "--read-only",
        action="store_true",
        help="take nothing in: charts, screens and packs on what is there",
    )
    parser.add_argument(
        "--state",
        metavar="FOLDER",
        type=Path,
        help="with --read-only: where charts, packs and looks go if DIR cannot be written",
    )


def run(options: argparse.Namespace) -> int:
    """Print READY when every listener is open; SIGTERM ends all within 5 s with status 0."""
    from wardkeep.app import read_only
    from wardkeep.app.errors import FollowsError
    from wardkeep.app.first import read_first
    from wardkeep.app.folder import open_folder

    folder = open_folder(options.folder)
    if options.read_only:
        folder = read_only.place(folder, options.state)
    elif first := read_first(folder):
        raise FollowsError(f"{folder.path} follows {first.name} at {first.host}:{first.port}")
    return serve_folder(folder, options)


def serve_folder(folder: HospitalFolder, options: argparse.Namespace) -> int:
    """Run the programs of a folder until a signal; `options` are those of this verb."""
    from wardkeep.adapters import held_key
    from wardkeep.adapters.clock import now
    from wardkeep.adapters.key_ring import load_key_ring
    from wardkeep.adapters.writer_lock import WriterLock
    from wardkeep.app import read_only
    from wardkeep.app.first import is_copy
    from wardkeep.app.folder import take_over
    from wardkeep.app.settings import load_site

    site = load_site(folder)
    with WriterLock(folder.serve_lock):
        _see_that_the_web_can_listen(site)
        text = _key_when_it_is_there(folder, site)
        if text is None:
            return 0
        ring = load_key_ring(folder.keys, lambda: text)
        read_only.say(folder, now() if options.read_only else None)
        if not is_copy(folder):
            _see_that_nothing_is_missing(folder, site, ring, options)
    if not options.read_only:
        take_over(folder)
    programs = _programs(folder, site, read_only=options.read_only)
    _supervise(folder, programs, held_key.hold(text))
    return 0


def _programs(
    folder: HospitalFolder, site: Site, *, read_only: bool
) -> list[tuple[str, str, int] | tuple[str, str, int, str]]:
    from wardkeep.app.first import is_copy
    from wardkeep.app.group import others_programs

    if read_only:
        return [_LOOKS, *_READERS]
    readers = [*_READERS, *([_PRINTER] if site.printers or site.proof.at else [])]
    copies = [_COPIES] if site.copies else []
    # On a box that follows it waits: once it is the first its packs go out at once.
    deliveries = [_DELIVERIES] if site.deliveries else []
    if is_copy(folder):
        return [_FOLLOWER, *readers, *copies, *deliveries, *others_programs(folder)]
    polls = [_POLLER] if site.polls else []
    return [_WRITER, *readers, *copies, *polls, *deliveries, *others_programs(folder)]


def _supervise(
    folder: HospitalFolder,
    programs: Sequence[tuple[str, str, int] | tuple[str, str, int, str]],
    key: int,
) -> None:
    import asyncio

    from wardkeep.app.supervisor import Program, supervise

    kept = tuple(Program(*each) for each in programs)
    asyncio.run(supervise(folder, kept, _say_ready, key))


def _key_when_it_is_there(folder: HospitalFolder, site: Site) -> str | None:
    """Return the server's key, waiting for a stick; None where a signal ends it first."""
    import signal
    import threading

    from wardkeep.adapters.clock import now
    from wardkeep.adapters.key_ring import forbid_core_dumps
    from wardkeep.app.site_keys import source_of, wait_for_key

    forbid_core_dumps()
    source = source_of(folder, site.keys)
    if site.keys.source != "usb":
        return source.read()
    stopping = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: stopping.set())

    def tell(text: str) -> None:
        print(f"wardkeep: {text}", file=sys.stderr, flush=True)

    return wait_for_key(folder, source, tell, stopping.wait, now)


def _say_ready() -> None:
    from wardkeep.adapters.system_notice import notify
    from wardkeep.app.settings import environment

    print("READY", flush=True)
    notify(environment().notify_socket, "READY=1")


def _see_that_nothing_is_missing(
    folder: HospitalFolder, site: Site, ring: KeyRing, options: argparse.Namespace
) -> None:
    """Raise LedgerShortenedError, unless somebody goes on with what is there."""
    from wardkeep.app.losses import accept, open_losses, refuse_if_shortened

    if options.read_only:
        _tell(folder, open_losses(folder, ring), "shown read-only without them")
    elif options.accept_loss is not None:
        accepted = accept(folder, site, ring, options.accept_loss)
        _tell(folder, accepted, "accepted and recorded")
    else:
        refuse_if_shortened(folder, ring)


def _tell(folder: HospitalFolder, losses: Sequence[Loss], what: str) -> None:
    from wardkeep.app.losses import words_of

    for each in losses:
        print(
            f"wardkeep: {words_of(each, folder.ledgers)}: {what}", file=sys.stderr, flush=True
        )


def _see_that_the_web_can_listen(site: Site) -> None:
    """Raise CannotListenError, as the listeners of the feeds do, before anything is started."""
    from wardkeep.adapters.errors import CannotListenError
    from wardkeep.adapters.host import why_port_is_shut

    if why := why_port_is_shut(site.web_host, site.web_port):
        raise CannotListenError(
            f"the web: web_host {site.web_host}, web_port {site.web_port}: {why}", advice=_WEB
        )
