"""`wardkeep serve` runs a site server until it is told to end."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.hospital.site import Site

NAME = "serve"
SUMMARY = "Run the site server: listeners, charts, screens, packs."
EXAMPLE = "wardkeep serve /srv/wardkeep"
_WEB = (
    "Stop what listens there, or set web_port to a free port and web_host to an address of this"
    " machine in wardkeep.toml, then run `wardkeep check DIR`."
)


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")


def run(options: argparse.Namespace) -> int:
    """Print READY when every listener is open; SIGTERM ends all within 5 s with status 0."""
    import asyncio

    from wardkeep.adapters import held_key
    from wardkeep.adapters.key_ring import load_key_ring
    from wardkeep.adapters.writer_lock import WriterLock
    from wardkeep.app.folder import open_folder, take_over
    from wardkeep.app.settings import load_site
    from wardkeep.app.supervisor import Program, supervise

    folder = open_folder(options.folder)
    site = load_site(folder)
    with WriterLock(folder.serve_lock):
        _see_that_the_web_can_listen(site)
        text = _key_when_it_is_there(folder, site)
    if text is None:
        return 0
    load_key_ring(folder.keys, lambda: text)
    key = held_key.hold(text)
    programs = (
        Program("writer", "wardkeep.app.writer_process", 0),
        Program("charts", "wardkeep.app.chart_process", 0),
        Program("web", "wardkeep.web.process", 1),
        Program("packs", "wardkeep.app.pack_process", 1),
    )
    take_over(folder)
    asyncio.run(supervise(folder, programs, _say_ready, key))
    return 0


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


def _see_that_the_web_can_listen(site: Site) -> None:
    """Raise CannotListenError, as the listeners of the feeds do, before anything is started."""
    from wardkeep.adapters.errors import CannotListenError
    from wardkeep.adapters.host import why_port_is_shut

    if why := why_port_is_shut(site.web_host, site.web_port):
        raise CannotListenError(
            f"the web: web_host {site.web_host}, web_port {site.web_port}: {why}", advice=_WEB
        )
