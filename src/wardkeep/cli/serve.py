"""`wardkeep serve` runs a site server until it is told to end."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "serve"
SUMMARY = "Run the site server: listeners, charts, screens, packs."
EXAMPLE = "wardkeep serve /srv/wardkeep"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")


def run(options: argparse.Namespace) -> int:
    """Print READY when every listener is open; SIGTERM ends all within 5 s with status 0."""
    import asyncio

    from wardkeep.adapters.key_ring import load_key_ring
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site
    from wardkeep.app.supervisor import Program, supervise

    folder = open_folder(options.folder)
    load_site(folder)
    load_key_ring(folder.keys)
    programs = (
        Program("writer", "wardkeep.app.writer_process", 0),
        Program("charts", "wardkeep.app.chart_process", 0),
        Program("web", "wardkeep.web.process", 1),
        Program("packs", "wardkeep.app.pack_process", 1),
    )
    asyncio.run(supervise(folder, programs, lambda: print("READY", flush=True)))
    return 0
