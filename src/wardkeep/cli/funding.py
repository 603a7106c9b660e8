"""`wardkeep funding` lists the site's funding calls, and prints a file as a pattern."""

from __future__ import annotations

import argparse
from pathlib import Path

NAME = "funding"
SUMMARY = "Funding calls as dated data: list how each stands today, print a file as a pattern."
EXAMPLE = "wardkeep funding list /srv/wardkeep"
EXAMPLES = {"sample": "wardkeep funding sample > /srv/wardkeep/funding.toml"}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the two actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    lists = actions.add_parser("list", help="how each call stands today, what is open first")
    lists.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    lists.add_argument("--json", action="store_true", help="JSON on stdout")
    actions.add_parser("sample", help="print the calls that come along, to be kept as a file")


def run(options: argparse.Namespace) -> int:
    """Print it; 2 for a file that is none."""
    from wardkeep.app.governance import shipped_calls

    if options.action == "sample":
        print(shipped_calls(), end="")
        return 0
    return _list(options)


def _list(options: argparse.Namespace) -> int:
    import json

    import msgspec

    from wardkeep.app.folder import open_folder
    from wardkeep.app.governance import funding_calls, today
    from wardkeep.foresight.governance.funding import by_use
    from wardkeep.paper.visible import in_runs

    folder = open_folder(options.folder)
    calls, calls_from = funding_calls(folder)
    day = today(folder)
    ordered = by_use(calls, day)
    if options.json:
        told = [{**msgspec.to_builtins(each), "state": each.state(day)} for each in ordered]
        print(
            json.dumps(
                {"calls_from": calls_from, "day": day.isoformat(), "calls": told}, indent=2
            )
        )
        return 0
    whose = "the site's funding.toml" if calls_from == "site" else "the list that comes along"
    print(f"{len(ordered)} calls of {whose}, on {day}:")

    def clean(text: str) -> str:
        return "".join(run for run, _ in in_runs(text))

    for each in ordered:
        days = f"opens {each.opens or 'NOT KNOWN'}, closes {each.closes or 'NOT KNOWN'}"
        print(f"{each.state(day).upper():<13} {clean(f'{each.programme}: {each.call}')}")
        print(f"{'':13} {days}; pays at most {clean(each.rate) or 'NOT KNOWN'}")
        print(f"{'':13} {clean(each.source)}, looked up on {each.as_of}")
    return 0
