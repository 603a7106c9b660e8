"""`wardkeep name` answers for the box's own name when the hospital's DNS is gone."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.hospital.own_name import OwnName

NAME = "name"
SUMMARY = "Answer DNS and mDNS for the box's own name; a process of its own, off by default."
EXAMPLE = "wardkeep name /srv/wardkeep"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")


def run(options: argparse.Namespace) -> int:
    """Print READY when it listens; SIGTERM ends it. Reads the settings and nothing else."""
    import asyncio

    from wardkeep.app.errors import SettingsError
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site

    own = load_site(open_folder(options.folder)).own_name
    if not (own.dns or own.mdns):
        raise SettingsError(
            "[own_name] dns and mdns are both false: there is nothing to answer",
            advice="Set name, addresses, and dns or mdns to true, in wardkeep.toml.",
        )
    asyncio.run(_serve(own))
    return 0


async def _serve(own: OwnName) -> None:
    import asyncio
    import signal

    from wardkeep.adapters.name_answers import Known
    from wardkeep.adapters.name_server import NameServer

    server = NameServer(Known(own.name, own.addresses), Known(own.local, own.addresses))
    stop, loop = asyncio.Event(), asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop.set)
    try:
        if own.dns:
            await server.start_dns(own.host, own.port)
        if own.mdns:
            await server.start_mdns()
        print("READY", flush=True)
        await stop.wait()
    finally:
        server.close()
