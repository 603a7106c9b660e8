"""`wardkeep map` takes files into the map of the hospital, checks it and shows it."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from wardkeep.app.folder import HospitalFolder
    from wardkeep.foresight.events import RiskAccepted
    from wardkeep.hospital.map.checks import Finding
    from wardkeep.hospital.map.falls import Falls
    from wardkeep.hospital.map.whole import HospitalMap, Layer

NAME = "map"
SUMMARY = "Know what the hospital has and what depends on what: import, check, show."
EXAMPLE = "wardkeep map check /srv/wardkeep"
EXAMPLES = {
    "import": "wardkeep map import /srv/wardkeep servers.csv services.csv needs.csv --dry-run",
    "sample": "wardkeep map sample sample-map",
    "check": "wardkeep map check /srv/wardkeep --json",
    "forget": "wardkeep map forget /srv/wardkeep --source care --kind fallback --dry-run",
    "show": "wardkeep map show /srv/wardkeep server:db1 --falls",
}
STANDING = 7
"""The exit status while something is wrong (docs/operating.md, "Exit statuses")."""
_SHOWN = 10


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    takes = _declared_import(actions)
    sample = actions.add_parser("sample", help="write the sample hospital's map as CSV files")
    sample.add_argument("out", metavar="OUT", type=Path, help="a folder that is not there yet")
    sample.add_argument(
        "--small", action="store_true", help="a small house in three files, to write over"
    )
    checks = actions.add_parser("check", help="say what is wrong with the estate, worst first")
    checks.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    shows = actions.add_parser("show", help="show the map, or one thing of it")
    shows.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    shows.add_argument(
        "item",
        metavar="ITEM",
        nargs="?",
        default="",
        help="its id, or kind:id where several are",
    )
    shows.add_argument("--falls", action="store_true", help="what falls if this falls")
    forgets = _declared_forget(actions)
    for each in (takes, checks, shows, forgets):
        each.add_argument("--json", action="store_true", help="the outcome as JSON on stdout")


def _declared_import(actions: Any) -> argparse.ArgumentParser:  # noqa: ANN401  argparse has no public type
    takes: argparse.ArgumentParser = actions.add_parser(
        "import", help="take files into the map, all of them or none"
    )
    takes.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    takes.add_argument(
        "files",
        metavar="FILE",
        type=Path,
        nargs="+",
        help="a table, or what a program exported",
    )
    takes.add_argument(
        "--kind", metavar="K", default="", help="what each line is: server, ...; or the format"
    )
    takes.add_argument(
        "--source",
        metavar="NAME",
        default="",
        help="whose word it is (default: the file's name)",
    )
    takes.add_argument(
        "--mapping", metavar="FILE", type=Path, help="TOML: which column is which field"
    )
    takes.add_argument("--dry-run", action="store_true", help="say what would change, no more")
    return takes


def _declared_forget(actions: Any) -> argparse.ArgumentParser:  # noqa: ANN401  as above
    forgets: argparse.ArgumentParser = actions.add_parser(
        "forget", help="take off the map what a source said"
    )
    forgets.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    forgets.add_argument("--source", metavar="NAME", required=True, help="whose word it was")
    forgets.add_argument(
        "--kind",
        metavar="K",
        default="",
        help="of which kind, or by which format (default: all)",
    )
    forgets.add_argument("--dry-run", action="store_true", help="say what would go, no more")
    return forgets


def run(options: argparse.Namespace) -> int:
    """Do it; 2 for a file or mapping that cannot be read, 6 for what is not on the map."""
    actions = {
        "import": _import,
        "sample": _sample,
        "check": _check,
        "show": _show,
        "forget": _forget,
    }
    return actions[options.action](options)


def _map(
    options: argparse.Namespace,
) -> tuple[HospitalFolder, HospitalMap, tuple[Layer, ...]]:
    from wardkeep.adapters.map_store import MapStore
    from wardkeep.app.folder import open_folder
    from wardkeep.app.site_keys import open_keys
    from wardkeep.hospital.map.whole import merged

    folder = open_folder(options.folder)
    layers = MapStore(folder.map, open_keys(folder)).layers()
    return folder, merged(layers), layers


def _import(options: argparse.Namespace) -> int:
    import getpass

    from wardkeep.adapters.map_store import MapStore
    from wardkeep.app.errors import MapFileError
    from wardkeep.app.first import refuse_copy
    from wardkeep.app.folder import open_folder
    from wardkeep.app.forecast_behind import forecast_behind
    from wardkeep.app.map_formats import FORMATS, known_words
    from wardkeep.app.map_import import Asked, carry_out, plan, read_mapping, still_said
    from wardkeep.app.site_keys import open_keys
    from wardkeep.cli.map_outcome import Outcome, say_uncopied, tell
    from wardkeep.hospital.map.table import TableMapping
    from wardkeep.hospital.map.whole import KINDS

    folder = open_folder(options.folder)
    refuse_copy(folder, "the map is kept at the first")
    if options.kind and options.kind not in {*KINDS, *FORMATS}:
        raise MapFileError(
            f"there is no kind {options.kind!r}", advice=f"It may be {known_words()}."
        )
    ring = open_keys(folder)
    mapping = read_mapping(options.mapping) if options.mapping else TableMapping()
    by = f"os:{getpass.getuser()}"
    asked = Asked(by=by, kind=options.kind, source=options.source, mapping=mapping)
    store = MapStore(folder.map, ring)
    planned = plan(store, options.files, asked, _reading)
    if not options.dry_run:
        carry_out(folder, ring, planned, by)
    came = Outcome(planned, still_said(store, planned), forecast_behind(folder, ring))
    tell(folder, came, as_json=options.json, dry_run=options.dry_run)
    if not options.json:
        say_uncopied(folder, ring)
    return 0


def _forget(options: argparse.Namespace) -> int:
    import getpass
    import json

    from wardkeep.adapters.map_store import MapStore
    from wardkeep.app.first import refuse_copy
    from wardkeep.app.folder import open_folder
    from wardkeep.app.forecast_behind import forecast_behind
    from wardkeep.app.map_forget import forget, said_by
    from wardkeep.app.site_keys import open_keys
    from wardkeep.cli.map_outcome import say_behind, source_json

    folder = open_folder(options.folder)
    refuse_copy(folder, "the map is kept at the first")
    ring = open_keys(folder)
    layers = said_by(MapStore(folder.map, ring), options.source, options.kind)
    if not options.dry_run:
        forget(folder, ring, layers, f"os:{getpass.getuser()}")
    if options.json:
        gone = [source_json(each) for each in layers]
        print(json.dumps({"ok": True, "dry_run": options.dry_run, "forgotten": gone}, indent=2))
        return 0
    words = "would be forgotten" if options.dry_run else "forgotten"
    for each in layers:
        print(f"{len(each.items)} of {each.part} by source {each.source}: {words}")
    say_behind(forecast_behind(folder, ring))
    return 0


def _reading(name: str) -> None:
    """Tell whoever waits which file is being read; half a minute each may take."""
    import sys

    from wardkeep.paper.visible import on_a_terminal

    if sys.stderr.isatty():
        print(f"\r\x1b[Kreading {on_a_terminal(name)}", end="\r", file=sys.stderr, flush=True)


def _sample(options: argparse.Namespace) -> int:
    from wardkeep.app.map_sample import write_sample, write_small_sample

    for path in (write_small_sample if options.small else write_sample)(options.out):
        print(path)
    return 0


def _check(options: argparse.Namespace) -> int:
    import json

    from wardkeep.app.governance import decided, today
    from wardkeep.app.site_keys import open_keys
    from wardkeep.cli.map_words import age, ages
    from wardkeep.cli.unread import tell_unread
    from wardkeep.foresight.governance.risk import covering, is_overdue
    from wardkeep.hospital.map.checks import check_map

    folder, whole, _ = _map(options)
    day = today(folder)
    found = check_map(whole, day)
    risks, _, unread = decided(folder, open_keys(folder))
    tell_unread(unread)
    accepted = [covering(risks, each) for each in found]
    overdue = [each for each in risks.values() if is_overdue(each, day)]
    settled = all(each is not None for each in accepted) and not overdue
    if options.json:
        told = {**ages(folder, whole), "items": len(whole.items), "refused": whole.refused}
        findings = [
            {**_finding_json(each), "accepted": _accepted_json(risk, day)}
            for each, risk in zip(found, accepted, strict=True)
        ]
        print(json.dumps({**told, "findings": findings}, indent=2))
        return 0 if settled else STANDING
    print(age(folder, whole))
    for each, risk in zip(found, accepted, strict=True):
        patients = f" ({each.patients_a_day:.0f} patients a day)" if each.patients_a_day else ""
        print(f"{each.rank}  {each.check:<16} {each.item}: {each.why}{patients}")
        if risk is not None:
            print(f"   {_accepted_words(risk, day)}")
    for late in overdue:
        print(f"REVIEW OVERDUE: {_accepted_words(late, day)}")
    if whole.items:
        print(f"{len(found)} findings in {len(whole.items)} items; 1: care stands on it today.")
    return 0 if settled else STANDING


def _finding_json(finding: Finding) -> dict[str, Any]:
    import msgspec

    return {**msgspec.to_builtins(finding), "why": str(finding.why)}


def _accepted_json(risk: RiskAccepted | None, day: dt.date) -> dict[str, Any] | None:
    from wardkeep.foresight.governance.risk import is_overdue

    if risk is None:
        return None
    return {
        "by": risk.accepted_by,
        "until": risk.review,
        "reason": risk.reason,
        "overdue": is_overdue(risk, day),
    }


def _accepted_words(risk: RiskAccepted, day: dt.date) -> str:
    from wardkeep.foresight.governance.risk import is_overdue
    from wardkeep.paper.visible import on_a_terminal

    late = "; ITS REVIEW IS OVERDUE" if is_overdue(risk, day) else ""
    what = " of ".join(each for each in (risk.check, risk.item) if each)
    words = f"accepted by {risk.accepted_by} until {risk.review}{late} ({what}: {risk.reason})"
    return on_a_terminal(words)


def _show(options: argparse.Namespace) -> int:
    import json

    import msgspec

    from wardkeep.cli.map_words import age, ages
    from wardkeep.hospital.map.falls import what_falls
    from wardkeep.hospital.map.item import reference_to

    folder, whole, layers = _map(options)
    if not options.item:
        return _show_all(folder, whole, layers, as_json=options.json)
    item = whole.item(options.item)
    reference = reference_to(item)
    falls = what_falls(whole, [reference]) if options.falls else None
    if options.json:
        named = [list(each) for each in whole.named_from.get(reference, ())]
        told = {**ages(folder, whole), "item": msgspec.to_builtins(item), "named_by": named}
        print(
            json.dumps(
                told | ({"falls": msgspec.to_builtins(falls)} if falls else {}), indent=2
            )
        )
        return 0
    print(age(folder, whole))
    _print_item(whole, reference)
    if falls is not None:
        _print_falls(whole, falls, reference)
    return 0


def _show_all(
    folder: HospitalFolder, whole: HospitalMap, layers: Sequence[Layer], *, as_json: bool
) -> int:
    import json

    import msgspec

    from wardkeep.cli.map_outcome import say_sources, source_json
    from wardkeep.cli.map_words import age, ages
    from wardkeep.hospital.map.whole import counts

    found = counts(whole.items.values())
    if as_json:
        items = msgspec.to_builtins(tuple(whole.items[ref] for ref in sorted(whole.items)))
        told = {**ages(folder, whole), "refused": whole.refused, "counts": found}
        sources = [source_json(each) for each in layers]
        print(json.dumps({**told, "sources": sources, "items": items}, indent=2))
        return 0
    print(age(folder, whole))
    for kind, number in found.items():
        print(f"{number:>8} {kind}")
    say_sources(folder, layers)
    return 0


def _print_item(whole: HospitalMap, reference: str) -> None:
    import msgspec

    print(reference)
    item = whole.items[reference]
    for field in msgspec.structs.fields(type(item)):
        if field.name != "id":
            print(f"  {field.name:<22} {_value(getattr(item, field.name))}")
    for field_name, namer in whole.named_from.get(reference, ()):
        print(f"  named by {namer} ({field_name})")


def _value(value: object) -> str:
    from wardkeep.paper.visible import on_a_terminal

    if value is None or value in ("", ()):
        return "NOT RECORDED"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)
    return on_a_terminal(text)


def _print_falls(whole: HospitalMap, falls: Falls, reference: str) -> None:
    from wardkeep.cli.map_outcome import names
    from wardkeep.cli.map_words import NOT_RECORDED, patients

    others = [each for each in falls.because if each != reference]
    print(f"If it falls, {len(others)} things fall with it.")
    for each in others[: 2 * _SHOWN]:
        print(f"  {each} (by {falls.because[each]})")
    if len(others) > 2 * _SHOWN:
        print(f"  and {len(others) - 2 * _SHOWN} more; --json tells them")
    for fall in falls.services:
        name = whole.items[fall.service].name or fall.service
        by = f", by {fall.fallback}" if fall.fallback else ", nothing to fall back on"
        known = NOT_RECORDED if fall.share is None else f"{fall.share:.0%}"
        share = f", {known} of its patients" if fall.fallback else ""
        told = f"{fall.mode.upper()}{by}{share}{patients(whole, fall)}"
        print(f"  {name}: {told}; lacks {names(fall.lacks)}")
    for home in falls.home:
        print(f"  patients at home: {home}")
    if not (falls.services or falls.home):
        print("  No service is said to work worse.")
