"""`wardkeep quarantine` lists, shows and replays what could not be read into the charts."""

from __future__ import annotations

import argparse
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.chart.ports import Quarantined
    from wardkeep.hospital.site import Site

NAME = "quarantine"
SUMMARY = "List, show or read again what could not be read into the charts."
EXAMPLE = "wardkeep quarantine list /srv/wardkeep --summary"
EXAMPLES = {
    "show": "wardkeep quarantine show /srv/wardkeep 4711",
    "replay": "wardkeep quarantine replay /srv/wardkeep --feed lab",
}
_PAGE = 50
"""More entries than this are counted by feed and reason, unless one of these was asked for."""


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
            action.add_argument("--all", action="store_true", help="every entry that is held")
        if name != "show":
            action.add_argument("--feed", help="only those of this feed")
            action.add_argument("--reason", help="only those whose reason holds these words")
        if name == "list":
            shape = action.add_mutually_exclusive_group()
            shape.add_argument("--summary", action="store_true", help="counts by feed, reason")
            shape.add_argument("--each", action="store_true", help="a line each, however many")


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
    held = _chosen(charts.quarantine(1_000_000), options)
    charts.close()
    narrowed = options.each or options.feed or options.reason or options.json
    if options.summary or (len(held) > _PAGE and not narrowed):
        return _summary(held, options)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(held), indent=2).decode())
        return 0
    zone = ZoneInfo(site.rules.timezone)
    for each in held:
        at = f"{local(each.received, zone):%d %b %H:%M:%S %Z}"
        print(f"{each.sequence:>9} {at} {each.feed:<12} {each.message_type:<9} {each.reason}")
    print(f"{len(held)} entries in quarantine; each is kept as it came.", file=sys.stderr)
    return 0


def _chosen(held: Sequence[Quarantined], options: argparse.Namespace) -> list[Quarantined]:
    words = (options.reason or "").casefold()
    return [
        each
        for each in held
        if options.feed in (None, each.feed) and words in each.reason.casefold()
    ]


def _summary(held: Sequence[Quarantined], options: argparse.Namespace) -> int:
    import json

    counted = Counter((each.feed, each.reason) for each in held).most_common()
    if options.json:
        rows = [{"feed": f, "reason": r, "entries": n} for (f, r), n in counted]
        print(json.dumps(rows, indent=2))
        return 0
    for (feed, reason), number in counted:
        print(f"{number:>9} {feed:<12} {reason}")
    told = f"{len(held)} entries in quarantine; each is kept as it came. --each lists them."
    print(told, file=sys.stderr)
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
    from wardkeep.app.errors import UnknownNumberError
    from wardkeep.app.replaying import replay

    charts = consult(folder, site)
    held = charts.quarantine(1_000_000)
    charts.close()
    if options.entry and (options.all or options.feed or options.reason):
        print("wardkeep: name entries, or choose by --all, --feed, --reason", file=sys.stderr)
        return 2
    missing = set(options.entry) - {each.sequence for each in held}
    if missing:
        raise UnknownNumberError(f"entry {min(missing)} is not in quarantine")
    wanted = options.entry or sorted(each.sequence for each in _chosen(held, options))
    outcomes = []
    for done, sequence in enumerate(wanted, 1):
        outcomes.append({"sequence": sequence, **replay(folder, site, sequence)})
        if done % _PAGE == 0:
            print(f"{done} of {len(wanted)} read again", file=sys.stderr)
    if options.json:
        print(json.dumps(outcomes, indent=2))
        return 0
    for each in outcomes:
        print(f"{each['sequence']:>9} {each['outcome']} {each['reason']}".rstrip())
    return 0
