"""`wardkeep print` has wards' packs printed, and says how each ward's printing stands."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from wardkeep.app.folder import HospitalFolder
    from wardkeep.app.printing import Printery
    from wardkeep.hospital.site import Site
    from wardkeep.pack.print_order import Plan
    from wardkeep.pack.prints import Print

NAME = "print"
SUMMARY = "Have wards' packs printed, and say how each ward's printing stands."
EXAMPLE = "wardkeep print /srv/wardkeep --ward 4B"
NOT_PRINTED = 1
"""The exit status where a ward that was ordered is not printed."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, the wards, the printer and what a person may say of an order."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--ward", metavar="W", help="print this ward's pack (PV1-3), or a list (list+kitchen)"
    )
    what.add_argument("--all", action="store_true", help="print every ward that has a pack")
    what.add_argument(
        "--confirm", metavar="ORDER", help="say that all sheets of a stuck order lie there"
    )
    what.add_argument("--give-up", metavar="ORDER", help="say that an order is given up")
    parser.add_argument(
        "--plan", action="store_true", help="with --all: say where and when, print nothing"
    )
    parser.add_argument(
        "--room",
        action="store_true",
        help="with --all: in print rooms alone, the network is gone",
    )
    parser.add_argument("--printer", metavar="P", help="at this printer of [[printers]]")
    parser.add_argument("--why", metavar="TEXT", default="", help="how you know")
    parser.add_argument(
        "--no-wait", action="store_true", help="order, and leave the printing to the server"
    )
    parser.add_argument("--json", action="store_true", help="JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Order and wait; 1 where a ward was not printed, 6 for what does not exist."""
    import getpass

    from wardkeep.app.folder import open_folder
    from wardkeep.app.printing import Printery
    from wardkeep.app.settings import load_site

    folder = open_folder(options.folder)
    site = load_site(folder)
    printery, by = Printery(folder, site), f"os:{getpass.getuser()}"
    try:
        if options.confirm:
            printery.confirm(options.confirm, by, options.why)
        elif options.give_up:
            printery.give_up(options.give_up, by, options.why)
        elif options.ward or options.all:
            return _print(options, folder, site, printery, by)
        _say(options, site, list(printery.prints().values()))
    finally:
        printery.close()
    return 0


def _print(
    options: argparse.Namespace,
    folder: HospitalFolder,
    site: Site,
    printery: Printery,
    by: str,
) -> int:
    import sys

    from wardkeep.pack.prints import PrintState

    if options.all:
        plan = printery.plan(printer=options.printer or "", room_only=options.room)
        if options.plan:
            _say_plan(options, plan)
            return 0
        _warn(plan)
        ordered = printery.order_all(plan, by)
    else:
        _known(folder, options.ward)
        ordered = printery.order(options.ward, by, options.printer or "")
    numbers = [each.order for each in ordered]
    if options.no_wait:
        known = printery.prints()
        _say(options, site, [known[number] for number in numbers])
        return 0

    def tell(each: Print) -> None:
        print(f"wardkeep: {_line(each)}", file=sys.stderr, flush=True)

    done = printery.follow(numbers, tell)
    _say(options, site, done)
    return 0 if all(each.state is PrintState.PRINTED for each in done) else NOT_PRINTED


def _known(folder: HospitalFolder, ward: str) -> None:
    """See that a ward has a pack; raises UnknownNumberError, which names others."""
    from wardkeep.adapters.both_shelves import BothShelves
    from wardkeep.adapters.pack_shelf import PackShelf
    from wardkeep.app.errors import UnknownNumberError
    from wardkeep.app.site_keys import open_keys

    ring = open_keys(folder)
    shelves = BothShelves(PackShelf(folder.packs, ring), PackShelf(folder.lists, ring))
    standing = sorted(shelves.standing().newest)
    if ward not in standing:
        known = ", ".join(standing[:8]) or "none yet"
        raise UnknownNumberError(
            f"no pack of a ward {ward!r} is on the shelf; there are: {known}"
        )


def _warn(plan: Plan) -> None:
    import sys

    for ward in plan.without:
        print(f"wardkeep: {ward} has no printer and is NOT PRINTED", file=sys.stderr)
    if plan.minutes is not None:
        told = f"the last ward has its paper in about {_minutes(plan.minutes)} min"
        print(f"wardkeep: {told}", file=sys.stderr, flush=True)


def _say_plan(options: argparse.Namespace, plan: Plan) -> None:
    import json

    import msgspec

    if options.json:
        told = {
            "minutes_to_last_ward": plan.minutes,
            "minutes_to_last_sheet": plan.sheets_minutes,
            "without_printer": plan.without,
            "steps": msgspec.to_builtins(plan.steps),
        }
        print(json.dumps(told, indent=2))
        return
    for step in plan.steps:
        when = f"{_minutes(step.begins):>4} to {_minutes(step.ends):>4} min"
        print(f"{when}  {step.printer}: {step.ward}, {step.part}, {step.pages} pages")
    _warn(plan)


def _minutes(minutes: float) -> int:
    """Return whole minutes, rounded up: nobody is told less than it takes."""
    import math

    return math.ceil(minutes)


def _say(options: argparse.Namespace, site: Site, prints: Sequence[Print]) -> None:
    import json
    import sys
    from zoneinfo import ZoneInfo

    if options.json:
        print(json.dumps({"orders": [_told(each) for each in prints]}, indent=2))
        return
    zone = ZoneInfo(site.rules.timezone)
    for each in prints:
        print(_row(each, zone))
    if not prints:
        print("nothing was ordered yet", file=sys.stderr)


def _row(each: Print, zone: ZoneInfo) -> str:
    from wardkeep.kernel.wall_clock import named

    return f"{_line(each)}, since {named(each.at, zone)}, ordered by {each.ordered.by}"


def _line(each: Print) -> str:
    """Return how an order stands, in words; no patient stands in it."""
    from wardkeep.paper.visible import in_runs

    told = f"{each.ordered.ward} at {each.ordered.printer}: {_state(each)}"
    shown = f"{told} (order {each.ordered.order})"
    return "".join(run for run, _ in in_runs(shown))


def _state(each: Print) -> str:
    if each.printed is not None:
        by = f", says {each.printed.by}" if each.printed.by else " counted"
        return f"printed, {each.printed.sheets} sheets{by}"
    if each.given_up is not None:
        return f"given up by {each.given_up.by}: {each.given_up.why}"
    if each.stuck is not None:
        counted = "" if each.stuck.sheets is None else f", {each.stuck.sheets} sheets counted"
        return f"STUCK, {each.stuck.why}{counted}"
    pages = f", {each.begun.pages} pages" if each.begun else ""
    return f"{each.state}{pages}"


def _told(each: Print) -> dict[str, Any]:
    from wardkeep.kernel.wall_clock import utc

    printed = each.printed
    return {
        "order": each.ordered.order,
        "ward": each.ordered.ward,
        "printer": each.ordered.printer,
        "part": each.ordered.part,
        "state": each.state.value,
        "since": utc(each.at),
        "ordered": utc(each.ordered.at),
        "by": each.ordered.by,
        "pages": each.begun.pages if each.begun else None,
        "generation": each.begun.generation if each.begun else None,
        "sheets": printed.sheets if printed else each.stuck.sheets if each.stuck else None,
        "counted_by": (printed.by or "printer") if printed else None,
        "why": each.stuck.why if each.stuck else "",
    }
