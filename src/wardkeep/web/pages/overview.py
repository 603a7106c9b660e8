"""The hospital at a glance: what can I trust, which wards are there, what is lost."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

import msgspec
from litestar import Response, get

from wardkeep.access.permission import Permission
from wardkeep.bedside.accuracy import Accuracy
from wardkeep.chart.ports import FeedStatus, WardSummary
from wardkeep.hospital.streams import StreamState
from wardkeep.web.doors import needs
from wardkeep.web.in_hand import in_hand
from wardkeep.web.papers import Paper, papers
from wardkeep.web.ports import CopyStanding
from wardkeep.web.screen import Asked, Screen
from wardkeep.web.standing import standing_in


@get("/", opt=needs(Permission.SEE_OVERVIEW), sync_to_thread=True)
def overview(screen: Asked) -> Response[bytes]:
    """Show the hospital."""
    charts = screen.deps.charts
    feeds, wards = charts.feeds(screen.now), charts.wards()
    differs = differing(screen)
    paper = papers(screen.deps.packs, [ward.ward for ward in wards], screen.now)
    ready = None if screen.other else screen.deps.printing.readiness(screen.now)
    return screen.page(
        "overview.html",
        {
            "standing": standing_in(charts, screen.now),
            "feeds": feeds,
            "together": silent_together(feeds),
            "wards": wards,
            "told": lines(screen, wards, paper, differs),
            "opens": Permission.SEE_PATIENTS in screen.visitor.may,
            "troubled": [each for each in paper.values() if each.troubled],
            "quarantined": sum(feed.quarantined for feed in feeds),
            "server": screen.deps.supervision.status(),
            "looks": screen.web.looks,
            "ready": ready,
            "percent": tenths(ready.percent, screen.language) if ready else "",
            "lists_percent": tenths(ready.lists.percent, screen.language) if ready else "",
            "checks": screen.deps.bedside.checks(),
            "differing": differs,
            "others": {} if screen.other else others(screen),
        },
    )


def lines(
    screen: Screen,
    wards: Sequence[WardSummary],
    paper: Mapping[str, Paper],
    differs: Mapping[str, int],
) -> dict[str, dict[str, object]]:
    """Return by ward what its row tells, and nothing that it does not (web.kept_rows)."""
    hands = in_hand(screen.deps.receipts, paper, screen.now)
    known, checks = accuracies(screen), screen.deps.bedside.checks().bare
    return {
        ward.ward: {
            # How often it changed is not told.
            "ward": msgspec.structs.replace(ward, changed=0),
            "paper": paper[ward.ward],
            "hand": hands[ward.ward],
            "accuracy": known.get(ward.ward),
            "checks": checks,
            "differing": differs.get(ward.ward, 0),
            "opens": Permission.SEE_PATIENTS in screen.visitor.may,
            "own": not screen.other,
        }
        for ward in wards
    }


def accuracies(screen: Screen) -> dict[str, Accuracy]:
    """Return how each ward stands; since when is told nowhere and moves on each minute."""
    found = screen.deps.bedside.accuracy(screen.now)
    return {ward: msgspec.structs.replace(each, since=0) for ward, each in found.items()}


def differing(screen: Screen) -> Counter[str]:
    """Return by ward how many facts were different at the bedside and wait."""
    return Counter(each.checked.ward for each in screen.deps.bedside.waiting())


def tenths(share: float | None, language: str) -> str:
    """Return a share with one decimal, by the sign of the language: 99.2 or 99,2."""
    told = "" if share is None else f"{share:.1f}"
    return told if language == "en" else told.replace(".", ",")


class SiteLine(msgspec.Struct, frozen=True, kw_only=True):
    """Another site as the overview tells it."""

    name: str
    patients: int
    copy: CopyStanding | None


def others(screen: Screen) -> dict[str, SiteLine]:
    """Return the other sites of the group by code."""
    return {
        code: SiteLine(
            name=other.site.name,
            patients=sum(ward.patients for ward in other.deps.charts.wards()),
            copy=other.deps.copy.standing(screen.now),
        )
        for code, other in screen.web.others.items()
    }


def silent_together(feeds: list[FeedStatus]) -> list[str]:
    """Return the feeds that fell silent with another one: more than one system is gone."""
    return [f.feed for f in feeds if not f.alone and f.state is StreamState.SILENT]


@get("/streams", opt=needs(Permission.SEE_STREAMS), sync_to_thread=True)
def streams(screen: Asked) -> Response[bytes]:
    """Show every stream and every feed."""
    charts = screen.deps.charts
    feeds = charts.feeds(screen.now)
    return screen.page(
        "streams.html",
        {
            "standing": standing_in(charts, screen.now),
            "feeds": feeds,
            "together": silent_together(feeds),
        },
    )
