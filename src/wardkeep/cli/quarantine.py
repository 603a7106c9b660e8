"""`wardkeep quarantine` lists, shows and replays what could not be read into the charts."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.hospital.site import Site

NAME = "quarantine"
SUMMARY = "List, show or read again what could not be read into the charts."
EXAMPLE = "wardkeep quarantine list /srv/wardkeep --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, summary in (
        ("list", "what could not be read, newest first"),
        ("show", "one entry's bytes, control characters made visible"),
        ("replay", "read again, after settings or software were mended"),
    ):
        action = actions.add_parser(name, help=summary)
        action.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
        action.add_argument("--json", action="store_true", help="JSON on stdout")
        if name == "show":
            action.add_argument(
                "entry", metavar="SEQ", type=int, help="its number in the ledger"
            )
        if name == "replay":
            action.add_argument("entry", metavar="SEQ", type=int, nargs="*", help="none: all")


def run(options: argparse.Namespace) -> int:
    """Do what was asked; 6 when there is no such entry."""
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site

    folder = open_folder(options.folder)
    site = load_site(folder)
    actions = {"list": _list, "show": _show, "replay": _replay}
    return actions[options.action](folder, site, options)


def _list(folder: HospitalFolder, site: Site, options: argparse.Namespace) -> int:
    from zoneinfo import ZoneInfo

    import msgspec

    from wardkeep.app.consulting import consult
    from wardkeep.kernel.wall_clock import local

    charts = consult(folder, site)
    held = charts.quarantine(1_000_000)
    charts.close()
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(held), indent=2).decode())
        return 0
    zone = ZoneInfo(site.rules.timezone)
    for each in held:
        at = f"{local(each.received, zone):%d %b %H:%M:%S}"
        print(f"{each.sequence:>9} {at} {each.feed:<12} {each.message_type:<9} {each.reason}")
    print(f"{len(held)} entries in quarantine; each is kept as it came.", file=sys.stderr)
    return 0


def _show(folder: HospitalFolder, site: Site, options: argparse.Namespace) -> int:
    from wardkeep.app.consulting import consult, record_looks
    from wardkeep.app.errors import UnknownNumberError
    from wardkeep.paper.visible import in_runs

    charts = consult(folder, site)
    body, records = charts.raw(options.entry), charts.spoken_of(options.entry)
    charts.close()
    if body is None:
        raise UnknownNumberError(f"the ledger holds no entry {options.entry}")
    record_looks(folder, site, list(records) or [""], f"verb quarantine show {options.entry}")
    text = body.decode("utf-8", "backslashreplace").replace("\r\n", "\n").replace("\r", "\n")
    for line in text.split("\n"):
        print("".join(run for run, _is_code in in_runs(line)))
    return 0


def _replay(folder: HospitalFolder, site: Site, options: argparse.Namespace) -> int:
    import json

    from wardkeep.app.consulting import consult
    from wardkeep.app.replaying import replay

    charts = consult(folder, site)
    held = [each.sequence for each in charts.quarantine(1_000_000)]
    charts.close()
    wanted = options.entry or sorted(held)
    outcomes = [{"sequence": s, **replay(folder, site, s)} for s in wanted]
    if options.json:
        print(json.dumps(outcomes, indent=2))
        return 0
    for each in outcomes:
        print(f"{each['sequence']:>9} {each['outcome']} {each['reason']}".rstrip())
    return 0
