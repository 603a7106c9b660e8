"""`wardkeep senders` tells who sends on the feeds, and what of it was never seen before."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from wardkeep.sender.state import Memory

NAME = "senders"
SUMMARY = "Tell who sends on each feed, with what is NEW; say of it that it is known."
EXAMPLE = "wardkeep senders /srv/wardkeep --known lab address 10.4.0.7"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, --known and --json."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument(
        "--known",
        nargs=3,
        metavar=("FEED", "TRAIT", "NAME"),
        help="say that it is known; TRAIT: address, certificate, application, token,"
        " message_type or rate",
    )
    parser.add_argument("--json", action="store_true", help="the senders as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print what was seen on each feed; 5 where no server runs, 6 for what was never seen."""
    import getpass
    from zoneinfo import ZoneInfo

    import msgspec

    from wardkeep.app.control import call
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site
    from wardkeep.sender.state import Memory

    folder = open_folder(options.folder)
    site = load_site(folder)
    if options.known:
        named = dict(zip(("feed", "trait", "name"), options.known, strict=True))
        by = {"by": f"os:{getpass.getuser()}"}
        call(folder.control_socket, "senders.know", named | by)
    answer = call(folder.control_socket, "senders.list", {})
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(answer["feeds"]), indent=2).decode())
        return 0
    feeds = msgspec.convert(answer["feeds"], dict[str, Memory], strict=False)
    _print(feeds, ZoneInfo(site.rules.timezone))
    return 0


def _print(feeds: Mapping[str, Memory], zone: ZoneInfo) -> None:
    from wardkeep.kernel.wall_clock import local, named
    from wardkeep.paper.visible import in_runs

    for feed, memory in sorted(feeds.items()):
        print(f"feed {feed}, seen since {local(memory.since, zone):%d %b %Y %H:%M %Z}")
        for sight in sorted(memory.sights, key=lambda s: (s.known, s.trait, s.name)):
            first, last = (named(t, zone) for t in (sight.first, sight.last))
            mark = "" if sight.known else "NEW"
            told = f"  {mark:<4}{sight.trait.value:<13} {sight.name or '(empty)'}"
            shown = "".join(run for run, _ in in_runs(told))
            print(f"{shown}  since {first}, last {last}, {sight.count:,}")
