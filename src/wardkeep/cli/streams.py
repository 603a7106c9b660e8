"""`wardkeep streams` says what may be trusted now."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from wardkeep.chart.ports import FeedStatus, StreamStatus

NAME = "streams"
SUMMARY = "Say of each stream whether it is fresh, late, silent or not fed."
EXAMPLE = "wardkeep streams /srv/wardkeep --ward A2 --json"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the folder, a ward and --json."""
    parser.add_argument("folder", metavar="DIR", type=Path, help="the hospital folder")
    parser.add_argument("--ward", metavar="W", help="as one ward is fed")
    parser.add_argument("--json", action="store_true", help="the streams as JSON on stdout")


def run(options: argparse.Namespace) -> int:
    """Print the state of every stream and feed; 6 when the ward is not known."""
    from zoneinfo import ZoneInfo

    import msgspec

    from wardkeep.adapters.clock import now
    from wardkeep.app.consulting import consult
    from wardkeep.app.errors import UnknownNumberError
    from wardkeep.app.folder import open_folder
    from wardkeep.app.settings import load_site

    folder = open_folder(options.folder)
    site = load_site(folder)
    charts = consult(folder, site)
    at = now()
    known = options.ward is None or options.ward in {each.ward for each in charts.wards()}
    streams, feeds = charts.streams(at, options.ward), charts.feeds(at)
    charts.close()
    if not known:
        raise UnknownNumberError(f"no ward has the code {options.ward!r}")
    if options.json:
        found = {"at": at, "streams": streams, "feeds": feeds}
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return 0
    _print(streams, feeds, ZoneInfo(site.rules.timezone))
    return 0


def _print(
    streams: Sequence[StreamStatus], feeds: Sequence[FeedStatus], zone: ZoneInfo
) -> None:
    from wardkeep.kernel.wall_clock import named

    for stream in streams:
        heard = f"heard {named(stream.heard, zone)}" if stream.heard else "never heard"
        state = stream.state.value.replace("_", " ").upper()
        notes = (
            f"  BEHIND: {stream.behind}" if stream.behind else ""
        ) + "  ONLY OLD MESSAGES COME" * stream.old_news
        carriers = ", ".join(stream.feeds)
        print(f"{stream.stream.value:<18} {state:<8} {heard:<27} {carriers}{notes}")
    for feed in feeds:
        together = "" if feed.alone else "  FELL SILENT TOGETHER WITH ANOTHER FEED"
        print(
            f"feed {feed.feed:<13} {feed.state.value.upper():<8} {feed.messages:,} messages,"
            f" {feed.quarantined} in quarantine, {feed.gaps} missing{together}"
        )
