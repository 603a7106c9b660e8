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
    from wardkeep.app.folder import open_folder
    from wardkeep.app.known_wards import refuse_unknown
    from wardkeep.app.settings import load_site

    folder = open_folder(options.folder)
    site = load_site(folder)
    charts = consult(folder, site)
    at = now()
    known = {each.ward for each in charts.wards()}
    streams, feeds = charts.streams(at, options.ward), charts.feeds(at)
    charts.close()
    if options.ward is not None:
        refuse_unknown(options.ward, known)
    if options.json:
        found = {"at": at, "streams": streams, "feeds": feeds}
        print(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
        return 0
    _print(streams, feeds, ZoneInfo(site.rules.timezone))
    return 0


def told(stream: StreamStatus, zone: ZoneInfo) -> str:
    """Return one sentence on what was heard of a stream, true of all of its feeds together."""
    from wardkeep.kernel.wall_clock import named

    def at(moment: int | None) -> str:
        return "never" if moment is None else named(moment, zone)

    carriers = ", ".join(stream.feeds)
    if stream.behind:
        said = f"{stream.behind} told last {at(stream.known_to)}; others are heard ({carriers})"
    elif stream.old_news:
        said = f"{carriers} sends, but only what is older than {at(stream.known_to)}"
    elif stream.heard is not None:
        said = f"{carriers} heard {at(stream.heard)}"
    else:
        said = f"{carriers} never heard" if stream.feeds else "no feed carries it"
    return said if stream.loaded is None else f"{said}; loaded as of {at(stream.loaded)}"


def _print(
    streams: Sequence[StreamStatus], feeds: Sequence[FeedStatus], zone: ZoneInfo
) -> None:
    for stream in streams:
        state = stream.state.value.replace("_", " ").upper()
        print(f"{stream.stream.value:<18} {state:<8} {told(stream, zone)}")
    for feed in feeds:
        together = "" if feed.alone else "  FELL SILENT TOGETHER WITH ANOTHER FEED"
        print(
            f"feed {feed.feed:<13} {feed.state.value.upper():<8} {feed.messages:,} messages,"
            f" {feed.quarantined} in quarantine, {feed.gaps} missing{together}"
        )
