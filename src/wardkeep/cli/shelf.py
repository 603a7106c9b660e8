"""`wardkeep shelf` tells which packs stand on the shelf, how old they are and who has them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from zoneinfo import ZoneInfo

    from wardkeep.app.shelf_listing import Accepted, Fetched, OnShelf

NAME = "shelf"
SUMMARY = "Tell which ward packs stand on the shelf, their age, and where they were delivered."
EXAMPLE = "wardkeep shelf /srv/wardkeep --json"
NOT_ALL = 4
UNREAD = """\
wardkeep: the operations ledger cannot be read, or not all of it: {why}
Who fetched packs and which are in hand may be told there alone. `wardkeep verify DIR` names
the fault."""
_CANNOT_BE_READ = "the operations ledger cannot be read, or not all of it"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and --json."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("--json", action="store_true", help="the shelf as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print every ward that has a pack; 4 where who has them cannot be read."""
    import sys
    from zoneinfo import ZoneInfo

    import msgspec

    from wardkeep.adapters.clock import now
    from wardkeep.app.consulting import consult_as_they_stand
    from wardkeep.app.folder import open_folder
    from wardkeep.app.pack_ledger import read_receipts
    from wardkeep.app.settings import load_site
    from wardkeep.app.shelf_listing import listing
    from wardkeep.app.site_keys import open_keys

    folder = open_folder(options.folder)
    site, at = load_site(folder), now()
    charts = consult_as_they_stand(folder, site)
    try:
        streams = {each.ward: charts.streams(at, each.ward) for each in charts.wards()}
    finally:
        charts.close()
    ring = open_keys(folder)
    known = read_receipts(folder, ring)
    found = listing(folder, site, ring, streams, at, known)
    if known.why:
        print(UNREAD.format(why=known.why), file=sys.stderr)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    else:
        for each in found:
            _print(each, ZoneInfo(site.rules.timezone), at)
    return NOT_ALL if known.why else 0


def _print(pack: OnShelf, zone: ZoneInfo, at: int) -> None:
    from wardkeep.kernel.wall_clock import named

    as_of = "nothing heard yet" if pack.as_of is None else f"as of {named(pack.as_of, zone)}"
    held, broken = (" HELD" if pack.held else ""), ("" if pack.whole else " NOT WHOLE")
    minutes = (at - pack.built) // 60_000_000
    print(
        f"{pack.ward:<12} generation {pack.generation:>6}  {as_of}, built {minutes} min ago,"
        f" {pack.pages} pages, {pack.size / 1000:,.0f} kB, {len(pack.kept)} kept{held}{broken}"
    )
    for each in pack.deliveries:
        got = "" if each.generation is None else f" generation {each.generation}"
        old = (
            ""
            if each.age_seconds is None
            else f", knows until {each.age_seconds // 60} min ago"
        )
        print(f"{'':12}   {each.target}: {each.state.upper()}{got}{old} {each.why}".rstrip())
    for line in receipt_lines(pack.fetched, pack.accepted, zone, at):
        print(f"{'':12}   {line}")


def receipt_lines(
    fetched: Sequence[Fetched], accepted: Accepted, zone: ZoneInfo, at: int
) -> list[str]:
    """Return in words who took a ward's pack, and which it has in hand."""
    return [*(_fetched(each, zone) for each in fetched), _accepted(accepted, zone, at)]


def _fetched(told: Fetched, zone: ZoneInfo) -> str:
    from wardkeep.kernel.wall_clock import named
    from wardkeep.paper.visible import on_a_terminal

    if told.why:
        return f"fetched: NOT KNOWN ({_CANNOT_BE_READ})"
    if told.at is None:
        return "fetched: NOT KNOWN (nobody took it from the pages, no note lies at a target)"
    who, when = on_a_terminal(told.by), named(told.at, zone)
    shown = "as of NOT KNOWN" if told.as_of is None else f"as of {named(told.as_of, zone)}"
    old = ", not the newest" if told.superseded else ""
    pack = f"generation {told.generation}, {shown}{old}"
    if told.how == "page":
        return f"fetched: {pack}, from the pages, {when} by {who}"
    return f"fetched: SAID BY THE PLACE {told.target}: {pack}, opened {when} by {who}"


def _accepted(told: Accepted, zone: ZoneInfo, at: int) -> str:
    from wardkeep.kernel.wall_clock import named
    from wardkeep.paper.visible import on_a_terminal

    if told.why:
        return f"in hand: NOT KNOWN ({_CANNOT_BE_READ})"
    if told.at is None:
        return "in hand: NOT KNOWN (nobody of the ward said so)"
    shown = told.built if told.as_of is None else told.as_of
    age = f"{(at - (shown or 0)) // 60_000_000} min old"
    words = "nothing heard when built" if told.as_of is None else "as of"
    pack = f"generation {told.generation}{', not the newest' if told.superseded else ''}"
    said = f", said by {on_a_terminal(told.said_by)}" if told.said_by else ""
    when = named(told.at, zone)
    return (
        f"in hand: {pack}, {words} {named(shown or 0, zone)} ({age}),"
        f" {when} by {on_a_terminal(told.by)}{said}"
    )
