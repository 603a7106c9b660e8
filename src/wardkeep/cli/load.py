"""`wardkeep load` fills the charts with what the feeds cannot know: yesterday's admissions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

NAME = "load"
SUMMARY = "First fill: HL7 files and a census CSV into the clinical ledger."
EXAMPLE = "wardkeep load /srv/wardkeep census.csv --map record=PatNr --as-of 202605170330"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the files and how a census is to be read."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("files", metavar="FILE", type=Path, nargs="+", help="HL7 or census CSV")
    parser.add_argument("--feed", default="load", help="the feed the files count as")
    parser.add_argument(
        "--map", action="append", default=[], metavar="NAME=HEADING", help="a census column"
    )
    parser.add_argument("--as-of", metavar="TIME", help="HL7 time of the census (default: now)")
    parser.add_argument("--dry-run", action="store_true", help="read, say what it holds, stop")
    parser.add_argument("--json", action="store_true", help="what was loaded, as JSON")


def run(options: argparse.Namespace) -> int:
    """Read every file before any is loaded; a file goes in whole or not at all."""
    import datetime as dt

    import msgspec

    from wardkeep.adapters.clock import now
    from wardkeep.app.folder import open_folder
    from wardkeep.app.loading import Loaded, Source, load, read_file
    from wardkeep.app.settings import load_site

    folder = open_folder(options.folder)
    site = load_site(folder)
    present = dt.datetime.fromtimestamp(now() / 1_000_000, dt.UTC)
    source = Source(
        feed=options.feed,
        columns=dict(_pair(each) for each in options.map),
        as_of=options.as_of or f"{present:%Y%m%d%H%M%S}+0000",
    )
    read = [(path, read_file(path, source)) for path in options.files]
    loaded = []
    for path, arrivals in read:
        if options.dry_run:
            kind = arrivals[0].kind.value if arrivals else ""
            loaded.append(Loaded(file=str(path), kind=kind, messages=len(arrivals)))
        else:
            loaded.append(load(folder, site, path, arrivals))
            print(f"{path}: {loaded[-1].stored} stored", file=sys.stderr)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(loaded), indent=2).decode())
        return 0
    for each in loaded:
        print(
            f"{each.file}: {each.messages} {each.kind} entries, {each.stored} stored,"
            f" {each.repeated} known already, {each.id_reused} with a re-used identifier"
        )
    return 0


def _pair(text: str) -> tuple[str, str]:
    from wardkeep.app.errors import UnreadableFileError

    name, equals, heading = text.partition("=")
    if not equals:
        raise UnreadableFileError(f"--map {text}: write NAME=HEADING")
    return name, heading
