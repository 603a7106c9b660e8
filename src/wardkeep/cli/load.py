"""`wardkeep load` fills the charts with what the feeds cannot know: yesterday's admissions."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.loading import Loaded

NAME = "load"
SUMMARY = "First fill: HL7 files, FHIR bundles or NDJSON, and a census CSV."
_MAPPING = 'Write a line a column in the file of --mapping: record = "PatNr".'
_MAP = "Give each column as --map NAME=HEADING, as in --map record=PatNr."
EXAMPLE = "wardkeep load /srv/wardkeep census.csv --map record=PatNr --as-of 202605170330"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the files and how a census is to be read."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument(
        "files", metavar="FILE", type=Path, nargs="+", help="HL7, FHIR or census CSV"
    )
    parser.add_argument("--feed", default="load", help="the feed the files count as")
    parser.add_argument(
        "--map", action="append", default=[], metavar="NAME=HEADING", help="a census column"
    )
    parser.add_argument(
        "--mapping",
        type=Path,
        metavar="FILE",
        help='census columns, a line each: name = "HEADING"',
    )
    parser.add_argument(
        "--as-of",
        metavar="TIME",
        help="of the census, as 202605170330 (default: the file's own)",
    )
    parser.add_argument(
        "--day-first",
        action="store_true",
        help="dates such as 07/03/1934 in a census mean 7 March",
    )
    parser.add_argument("--dry-run", action="store_true", help="read, say what it holds, stop")
    parser.add_argument("--json", action="store_true", help="what was loaded, as JSON")


def run(options: argparse.Namespace) -> int:
    """Read every file before any is loaded; a load that broke off may be repeated."""
    import msgspec

    from wardkeep.app.folder import open_folder
    from wardkeep.app.loading import Source, census_time, dry_run, load, read_file
    from wardkeep.app.settings import load_site

    folder = open_folder(options.folder)
    site = load_site(folder)
    source = Source(
        feed=options.feed,
        columns={**_mapping(options.mapping), **dict(_pair(each) for each in options.map)},
        as_of=census_time(options.as_of, site) if options.as_of is not None else "",
        day_first=options.day_first,
    )
    read = [(path, read_file(path, source)) for path in options.files]
    loaded = []
    for path, arrivals in read:
        if options.dry_run:
            loaded.append(dry_run(path, arrivals, source))
        else:
            loaded.append(load(folder, site, path, arrivals, source))
        if options.json:
            print(f"{path}: {loaded[-1].stored} stored", file=sys.stderr)
        else:
            _tell(loaded[-1], stored=not options.dry_run)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(loaded), indent=2).decode())
    return 0


def _tell(each: Loaded, *, stored: bool) -> None:
    patients = "1 patient" if each.patients == 1 else f"{each.patients} patients"
    lines = f"{patients} in " if each.patients else ""
    entries = "entry" if each.messages == 1 else "entries"
    counted = f"{each.file}: {lines}{each.messages} {each.kind} {entries}"
    if stored:
        print(
            f"{counted}, {each.stored} stored,"
            f" {each.repeated} known already, {each.id_reused} with a re-used identifier",
            flush=True,
        )
    else:
        print(f"{counted}; nothing was stored")
    for heading in each.not_used:
        print(f"  column {heading!r} is not used; --map NAME={heading} would use it")


def _mapping(path: Path | None) -> dict[str, str]:
    import tomllib

    from wardkeep.app.errors import UnreadableFileError

    if path is None:
        return {}
    try:
        named = tomllib.loads(path.read_text("utf-8"))
    except OSError as fault:
        raise UnreadableFileError(
            f"{path}: {fault.strerror or fault}",
            advice="Name with --mapping a file that exists and that you may read.",
        ) from fault
    except ValueError as fault:  # TOML or UTF-8
        raise UnreadableFileError(f"{path}: not a mapping: {fault}", advice=_MAPPING) from fault
    for name, heading in named.items():
        if not isinstance(heading, str):
            raise UnreadableFileError(f"{path}: {name} is no heading", advice=_MAPPING)
    return named


def _pair(text: str) -> tuple[str, str]:
    from wardkeep.app.errors import UnreadableFileError

    name, equals, heading = text.partition("=")
    if not equals:
        raise UnreadableFileError(f"--map {text} is no pair", advice=_MAP)
    return name, heading
