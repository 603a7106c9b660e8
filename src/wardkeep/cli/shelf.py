"""`wardkeep shelf` tells which packs stand on the shelf, how old they are and who has them."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from wardkeep.app.shelf_listing import OnShelf

NAME = "shelf"
SUMMARY = "Tell which ward packs stand on the shelf, their age, and where they were delivered."
EXAMPLE = "wardkeep shelf /srv/wardkeep --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder and --json."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("--json", action="store_true", help="the shelf as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print every ward that has a pack."""
    from zoneinfo import ZoneInfo

    import msgspec

    from wardkeep.adapters.clock import now
    from wardkeep.app.consulting import consult
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site
    from wardkeep.app.shelf_listing import listing
    from wardkeep.app.site_keys import open_keys

    folder = open_folder(options.folder)
    site, at = load_site(folder), now()
    charts = consult(folder, site)
    try:
        streams = {each.ward: charts.streams(at, each.ward) for each in charts.wards()}
    finally:
        charts.close()
    found = listing(folder, site, open_keys(folder), streams, at)
    if options.json:
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return 0
    for each in found:
        _print(each, ZoneInfo(site.rules.timezone), at)
    return 0


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
