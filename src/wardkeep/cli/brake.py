"""`wardkeep brake` tells which packs are held, and lets a person decide."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from wardkeep.app.folder import HospitalFolder
    from wardkeep.hospital.site import Site
    from wardkeep.pack.state import Hold

NAME = "brake"
SUMMARY = "List packs that are held because too much changed at once, and decide about them."
EXAMPLE = 'wardkeep brake release /srv/wardkeep 4B --why "asked Sister Maes: moved to 5A"'
EXAMPLES = {
    "list": "wardkeep brake list /srv/wardkeep",
    "keep": 'wardkeep brake keep /srv/wardkeep 4B --why "the ward knows of no discharge"',
}


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the three actions."""
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    for name, summary in (
        ("list", "which packs are held, and why"),
        ("release", "it is true: the next pack goes on the shelf"),
        ("keep", "it is not true, or not known: the pack stays held"),
    ):
        action = actions.add_parser(name, help=summary)
        action.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
        action.add_argument("--json", action="store_true", help="JSON on stdout")
        if name != "list":
            action.add_argument("ward", metavar="WARD", help="the ward's code (PV1-3)")
            action.add_argument("--why", metavar="TEXT", required=True, help="how you know")


def run(options: argparse.Namespace) -> int:
    """Do what was asked; 6 for a ward that is not held, 5 where no server runs."""
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site

    folder = open_folder(options.folder)
    site = load_site(folder)
    if options.action == "list":
        return _list(folder, site, options)
    return _decide(folder, options)


def _list(folder: HospitalFolder, site: Site, options: argparse.Namespace) -> int:
    import sys
    from zoneinfo import ZoneInfo

    import msgspec

    from wardkeep.app.held_packs import held_packs

    found = held_packs(folder)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return 0
    _print(found, ZoneInfo(site.rules.timezone))
    if not found:
        print("no pack is held", file=sys.stderr)
    return 0


def _print(found: Sequence[Hold], zone: ZoneInfo) -> None:
    from wardkeep.kernel.wall_clock import named
    from wardkeep.pack.brake import reason
    from wardkeep.paper.visible import in_runs

    for hold in found:
        held, kept = hold.held, hold.kept
        since, shown = (named(at, zone) for at in (held.at, held.sound_at))
        told = f"{held.ward}: held since {since}, paper of {shown}"
        lines = [told, f"   {reason(held)}"]
        if kept is not None:
            lines.append(f"   stays held, said {kept.by}: {kept.why}")
        print("\n".join("".join(run for run, _ in in_runs(line)) for line in lines))


def _decide(folder: HospitalFolder, options: argparse.Namespace) -> int:
    import getpass
    import json

    from wardkeep.app.held_packs import decide

    by = f"os:{getpass.getuser()}"
    decide(folder, options.action, options.ward, by, options.why)
    if options.json:
        print(json.dumps({"ward": options.ward, "decision": options.action, "by": by}))
    else:
        done = {"release": "is released", "keep": "stays held"}[options.action]
        print(f"{options.ward}: the pack {done}, recorded for {by}")
    return 0
