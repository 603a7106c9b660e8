"""`wardkeep proof` reads a ward's pack and the house's lists back, and compares with charts."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wardkeep.hospital.site import Site
    from wardkeep.pack.events import DeliveriesChecked, ListProved, ProofMade

NAME = "proof"
SUMMARY = "Read a ward's paper and the house's lists back, compare each fact with the charts."
EXAMPLE = "wardkeep proof /srv/wardkeep --json"
WRONG = 4
"""The exit status where paper, or a file at a target, is not what it was made as."""
_PLACES = {
    "opened": "the file at {place}, opened with its own key",
    "compared": "the shelf's; the file at {place} is byte for byte what was sealed of it",
    "": "the shelf's: no delivered file of this pack was sound",
}
_NO_TARGET = "the shelf's own: nothing is delivered, the settings have no [[deliveries]]"
_NO_KINDS = "none is proved, the settings name none ([lists] kinds)"
_NO_LIST_YET = "none is proved, none of the settings' kinds was made yet"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and the ward; lists of the house are proved each time."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument(
        "--ward", metavar="W", default="", help="this ward (PV1-3); else one drawn by chance"
    )
    parser.add_argument("--json", action="store_true", help="the proof as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Prove and record it; 4 where a fact was wrong on paper, 6 where nothing can be proved."""
    import getpass

    from wardkeep.app.consulting import consult
    from wardkeep.app.folder import open_folder
    from wardkeep.app.known_wards import refuse_unknown
    from wardkeep.app.pack_ledger import printing_ledger
    from wardkeep.app.proving_packs import Prover
    from wardkeep.app.settings import load_site
    from wardkeep.app.site_keys import open_keys

    folder = open_folder(options.folder)
    site, ring = load_site(folder), open_keys(folder)
    charts, ledger = consult(folder, site), printing_ledger(folder, ring)
    try:
        if options.ward:
            refuse_unknown(options.ward, {each.ward for each in charts.wards()})
        prover = Prover(folder, site, ring, charts)
        made = prover.prove(ledger, options.ward, f"os:{getpass.getuser()}", _progress)
        found, names = ledger.targets(), [each.name for each in site.deliveries]
        targets = [found[name] for name in names if name in found]
    finally:
        ledger.close()
        charts.close()
    if options.json:
        _say_json(made, targets)
    else:
        _say(made, targets, site)
    wrong = made.right < made.checks or any(each.right < each.checks for each in made.lists)
    return WRONG if wrong or any(each.wrong for each in targets) else 0


def _progress(code: str) -> None:
    if sys.stderr.isatty():
        print(f"reading {code} back", file=sys.stderr, flush=True)


def _say_json(made: ProofMade, targets: Sequence[DeliveriesChecked]) -> None:
    import json

    print(json.dumps(_as_data(made, targets), indent=2))


def _say(made: ProofMade, targets: Sequence[DeliveriesChecked], site: Site) -> None:
    shelf = _PLACES[""] if site.deliveries else _NO_TARGET
    _say_ward(made, shelf)
    for one in made.lists:
        _say_list(one, shelf)
    if not made.lists:
        print(f"lists: {_NO_LIST_YET if site.lists.kinds else _NO_KINDS}")
    for each in targets:
        _say_target(each)


def _as_data(made: ProofMade, targets: Sequence[DeliveriesChecked]) -> dict[str, object]:
    from wardkeep.kernel.wall_clock import utc

    return {
        "ward": made.ward,
        "generation": made.generation,
        "pack_of": utc(made.pack_at),
        "proved": utc(made.at),
        "checks_made": made.checks,
        "checks_right": made.right,
        "wrong": made.wrong,
        "medication_checks_now": made.medication,
        "medication_right_now": made.medication_right,
        "wrong_now": made.wrong_now,
        "minutes_to_last_ward": made.minutes,
        "place": made.place or "shelf",
        "means": made.means or "shelf",
        "lists": {each.code: _list_as_data(each) for each in made.lists},
        "targets": {
            each.target: {"wards": each.wards, "wrong": each.wrong, "unread": each.unread}
            for each in targets
        },
    }


def _say_ward(made: ProofMade, shelf: str) -> None:
    from wardkeep.kernel.wall_clock import utc
    from wardkeep.paper.visible import in_runs

    ward = "".join(run for run, _ in in_runs(made.ward))
    print(f"{ward}: pack {made.generation} of {utc(made.pack_at)}, read back from its PDF")
    print(f"  {_read_from(made, shelf)}")
    print(f"  as it was made: {made.right} of {made.checks} facts right{_kinds(made.wrong)}")
    now = f"{made.medication_right} of {made.medication} facts right"
    print(f"  medication now: {now}{_kinds(made.wrong_now)}")
    minutes = "NOT MEASURED" if made.minutes is None else f"{made.minutes:.0f} min"
    print(f"  the last ward has its paper after: {minutes}")


def _list_as_data(proved: ListProved) -> dict[str, object]:
    from wardkeep.kernel.wall_clock import utc

    if proved.why:
        return {"compared": False, "why": proved.why}
    return {
        "compared": True,
        "generation": proved.generation,
        "list_of": utc(proved.pack_at),
        "checks_made": proved.checks,
        "checks_right": proved.right,
        "wrong": proved.wrong,
        "place": proved.place or "shelf",
        "means": proved.means or "shelf",
    }


def _read_from(proved: ProofMade | ListProved, shelf: str) -> str:
    return _PLACES[proved.means].format(place=proved.place) if proved.means else shelf


def _say_list(proved: ListProved, shelf: str) -> None:
    from wardkeep.kernel.wall_clock import utc

    if proved.why:
        print(f"{proved.code}: NOT COMPARED: {proved.why}")
        return
    print(f"{proved.code}: list {proved.generation} of {utc(proved.pack_at)}, read back")
    print(f"  {_read_from(proved, shelf)}")
    right = f"{proved.right} of {proved.checks} facts right"
    print(f"  as it was made: {right}{_kinds(proved.wrong)}")


def _say_target(checked: DeliveriesChecked) -> None:
    from wardkeep.paper.visible import in_runs

    if checked.unread:
        print(f"  {checked.target}: NOT LOOKED AT: {checked.unread}")
    else:
        sound = checked.wards - len(checked.wrong)
        print(f"  {checked.target}: {sound} of {checked.wards} wards lie there as delivered")
    for ward, wrong in sorted(checked.wrong.items()):
        shown = "".join(run for run, _ in in_runs(ward))
        before = " when it was last looked at" if checked.unread else ""
        print(f"    {shown}: {wrong.upper()}{before}")


def _kinds(wrong: Mapping[str, int]) -> str:
    told = ", ".join(f"{kind} {count}" for kind, count in sorted(wrong.items()))
    return f"; not: {told}" if told else ""
