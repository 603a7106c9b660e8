"""`wardkeep risk` records who accepts which risk until when, lists and withdraws it."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import datetime as dt

    from wardkeep.adapters.key_ring import KeyRing
    from wardkeep.app.folder import HospitalFolder
    from wardkeep.foresight.governance.risk import Acceptances, Risk, Said
    from wardkeep.hospital.map.checks import Finding
    from wardkeep.hospital.map.whole import HospitalMap

NAME = "risk"
SUMMARY = "Accept a risk until a day of review, with a reason and a name; list and withdraw."
EXAMPLE = (
    "wardkeep risk accept /srv/wardkeep --check standing-access --item access:lab"
    ' --reason "the analysers are mended at night" --by "Dr A. Lambert" --review 2027-05-31'
)
EXAMPLES = {
    "list": "wardkeep risk list /srv/wardkeep",
    "withdraw": (
        "wardkeep risk withdraw /srv/wardkeep --check standing-access --item access:lab"
        ' --reason "the contract is renewed" --by "Dr A. Lambert"'
    ),
}
STANDING = 7
"""The exit status while a review is overdue (docs/operating.md, "Exit statuses")."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, summary in (
        ("accept", "somebody answers for a risk until a day; what is found stays visible"),
        ("list", "what is accepted, by whom, until when; the next review first"),
        ("withdraw", "a risk is accepted no longer"),
    ):
        action = actions.add_parser(name, help=summary)
        action.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
        action.add_argument("--json", action="store_true", help="JSON on stdout")
        if name != "list":
            action.add_argument("--check", metavar="ID", default="", help="a check of the map")
            action.add_argument("--item", metavar="REF", default="", help="a thing of the map")
            action.add_argument("--reason", metavar="TEXT", required=True, help="why")
            action.add_argument("--by", metavar="NAME", required=True, help="who answers")
        if name == "accept":
            action.add_argument(
                "--review",
                metavar="DATE",
                required=True,
                help="the day on which it is looked at again, within a year: 2027-05-31",
            )


def run(options: argparse.Namespace) -> int:
    """Do it; 2 for what cannot be accepted, 6 for what is not on the map, 7 when overdue."""
    known = _known(options)
    if options.action == "list":
        return _list(known, options)
    return _decide(known, options)


class _Known(NamedTuple):
    folder: HospitalFolder
    ring: KeyRing
    whole: HospitalMap
    findings: Sequence[Finding]
    standing: Acceptances
    today: dt.date
    zone: dt.tzinfo


def _known(options: argparse.Namespace) -> _Known:
    from wardkeep.adapters.map_store import MapStore
    from wardkeep.app.folder import open_folder
    from wardkeep.app.governance import decided, today, zone_of
    from wardkeep.app.site_keys import open_keys
    from wardkeep.cli.unread import tell_unread
    from wardkeep.hospital.map.checks import check_map

    folder = open_folder(options.folder)
    ring = open_keys(folder)
    whole, day = MapStore(folder.map, ring).whole(), today(folder)
    found = decided(folder, ring)
    tell_unread(found.unread)
    findings = check_map(whole, day)
    return _Known(folder, ring, whole, findings, found.risks, day, zone_of(folder))


def _decide(known: _Known, options: argparse.Namespace) -> int:
    import json

    from wardkeep.app.first import refuse_copy
    from wardkeep.app.governance import write
    from wardkeep.foresight.events import RiskAcceptanceWithdrawn, RiskAccepted
    from wardkeep.foresight.governance.risk import accept, withdraw

    refuse_copy(known.folder, "risks are accepted at the first")
    said, risk = _said(known, options), _risk(known, options)
    event: RiskAccepted | RiskAcceptanceWithdrawn
    if options.action == "accept":
        event = accept(risk, said, options.review, known.findings)
        words = f"accepted by {said.name} until {event.review}: {risk}"
    else:
        event = withdraw(risk, said, known.standing)
        words = f"accepted no longer, says {said.name}: {risk}"
    write(known.folder, known.ring, [event])
    if options.json:
        print(json.dumps({"ok": True, "check": risk.check, "item": risk.item, "by": said.name}))
    else:
        print(_clean(f"{words}; recorded for {said.by}"))
    return 0


def _risk(known: _Known, options: argparse.Namespace) -> Risk:
    """Return what is named; an item that left the map may still be withdrawn."""
    from wardkeep.foresight.governance.risk import Risk
    from wardkeep.hospital.map.item import reference_to

    risk = Risk(options.check, options.item)
    if not risk.item or risk in known.standing:
        return risk
    if any(risk.covers(each) for each in known.findings):
        return risk
    return Risk(risk.check, reference_to(known.whole.item(risk.item)))


def _said(known: _Known, options: argparse.Namespace) -> Said:
    import getpass

    from wardkeep.adapters.clock import now
    from wardkeep.foresight.governance.risk import Said

    by = f"os:{getpass.getuser()}"
    return Said(now(), by, options.reason, options.by, known.today)


def _list(known: _Known, options: argparse.Namespace) -> int:
    import msgspec

    from wardkeep.cli.map_words import age
    from wardkeep.foresight.governance.risk import reviewed

    found = reviewed(known.standing, known.findings, known.today, known.zone)
    overdue = sum(each.overdue for each in found)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return STANDING if overdue else 0
    print(age(known.folder, known.whole))
    for each in found:
        what = " of ".join(part for part in (each.check, each.item) if part)
        late = "REVIEW OVERDUE: " if each.overdue else ""
        print(_clean(f"{late}{each.review}  {what}: {each.accepted_by}, {each.on}"))
        print(_clean(f"            {each.reason} ({each.findings} findings on the map now)"))
    print(f"{len(found)} risks accepted, {overdue} reviews overdue.")
    return STANDING if overdue else 0


def _clean(words: str) -> str:
    from wardkeep.paper.visible import in_runs

    return "".join(run for run, _ in in_runs(words))
