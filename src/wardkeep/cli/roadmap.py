"""`wardkeep roadmap` keeps which measure is done in which quarter, and how far it is."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from wardkeep.app.folder import HospitalFolder
    from wardkeep.foresight.events import RoadMapEvent
    from wardkeep.foresight.governance.road_map import RoadMap, Said

NAME = "roadmap"
SUMMARY = "Plan measures by quarter, say how far each is, list them."
EXAMPLE = 'wardkeep roadmap plan /srv/wardkeep copies --quarter 2027-Q1 --owner "A. Dupont"'
EXAMPLES = {
    "progress": 'wardkeep roadmap progress /srv/wardkeep copies --percent 40 --by "A. Dupont"',
    "drop": 'wardkeep roadmap drop /srv/wardkeep copies --reason "bought by the group"',
    "list": "wardkeep roadmap list /srv/wardkeep",
}
STANDING = 7
"""The exit status while a measure is overdue (docs/operating.md, "Exit statuses")."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the four actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    made = {}
    for name, summary in (
        ("plan", "a measure is done in a quarter, by somebody; again to move it"),
        ("progress", "how far a planned measure is, and who says so; 100 is done"),
        ("drop", "a measure is planned no longer"),
        ("list", "the road map, the earliest quarter first"),
    ):
        action = actions.add_parser(name, help=summary)
        action.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
        action.add_argument("--json", action="store_true", help="JSON on stdout")
        if name != "list":
            action.add_argument("measure", metavar="ID", help="its id in the file of measures")
        made[name] = action
    made["plan"].add_argument("--quarter", metavar="Q", required=True, help="as 2027-Q1")
    made["plan"].add_argument("--owner", metavar="NAME", required=True, help="who does it")
    made["plan"].add_argument(
        "--measures", metavar="FILE", type=Path, help="TOML: to look its id up"
    )
    made["progress"].add_argument(
        "--percent", metavar="N", type=int, required=True, help="0 to 100"
    )
    made["progress"].add_argument("--by", metavar="NAME", required=True, help="who says so")
    made["drop"].add_argument("--reason", metavar="TEXT", required=True, help="why")


def run(options: argparse.Namespace) -> int:
    """Do it; 2 for what cannot be planned, 7 when something of the list is overdue."""
    import getpass
    import json
    import sys

    from wardkeep.adapters.clock import now
    from wardkeep.app.first import refuse_copy
    from wardkeep.app.folder import open_folder
    from wardkeep.app.governance import decided, write
    from wardkeep.app.site_keys import open_keys
    from wardkeep.cli.unread import tell_unread
    from wardkeep.foresight.governance.road_map import Said

    folder = open_folder(options.folder)
    ring = open_keys(folder)
    found = decided(folder, ring)
    road = found.road
    tell_unread(found.unread)
    if options.action == "list":
        return _list(folder, road, options)
    refuse_copy(folder, "the road map is kept at the first")
    said = Said(now(), f"os:{getpass.getuser()}")
    event = _event(road, said, options)
    doubts = tuple(_doubts(folder, options)) if options.action == "plan" else ()
    write(folder, ring, [event])
    for doubt in doubts:
        print(f"wardkeep roadmap: {doubt}", file=sys.stderr)
    told = {"ok": True, "measure": options.measure, "by": said.by}
    done = {"plan": "planned", "progress": "progress told", "drop": "dropped"}[options.action]
    print(json.dumps(told) if options.json else f"{options.measure}: {done}, {said.by}")
    return 0


def _event(road: RoadMap, said: Said, options: argparse.Namespace) -> RoadMapEvent:
    from wardkeep.foresight.governance.road_map import drop, plan, tell

    if options.action == "plan":
        return plan(options.measure, options.quarter, options.owner, said)
    if options.action == "progress":
        return tell(road, options.measure, options.percent, options.by, said)
    return drop(road, options.measure, options.reason, said)


def _doubts(folder: HospitalFolder, options: argparse.Namespace) -> Iterator[str]:
    """Yield what is recorded all the same, and may be a slip; raises MeasureError."""
    from wardkeep.app.foreseeing import read_measures
    from wardkeep.app.governance import today
    from wardkeep.foresight.governance.road_map import is_over

    if is_over(options.quarter, today(folder)):
        yield f"{options.quarter} is past: it stands as overdue from the start"
    if options.measures is None:
        yield f"whether {options.measure!r} is a measure was not looked up (--measures FILE)"
        return
    known = [each.id for each in read_measures(options.measures)]
    if options.measure not in known:
        yield f"{options.measures} has no measure {options.measure!r}: {', '.join(known)}"


def _list(folder: HospitalFolder, road: RoadMap, options: argparse.Namespace) -> int:
    import json

    import msgspec

    from wardkeep.app.governance import today
    from wardkeep.foresight.governance.road_map import DONE, is_overdue
    from wardkeep.paper.visible import in_runs

    day = today(folder)
    late = {name for name, each in road.items() if is_overdue(each, day)}
    if options.json:
        told = [
            {**msgspec.to_builtins(each), "overdue": name in late}
            for name, each in road.items()
        ]
        print(json.dumps(told, indent=2))
        return STANDING if late else 0
    for name, each in road.items():
        said = f"{each.progress} %, {each.told}, {each.said_by}"
        how = "progress NOT RECORDED" if not each.told else said
        how = how.replace(f"{DONE} %", "DONE", 1) if each.progress == DONE else how
        line = f"{each.quarter}  {name}: {each.owner}; {'OVERDUE, ' * (name in late)}{how}"
        print("".join(run for run, _ in in_runs(line)))
    print(f"{len(road)} measures planned, {len(late)} overdue.")
    return STANDING if late else 0
