"""The road map: which measure is done in which quarter, by whom, and how far it is."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import msgspec

from wardkeep.foresight.errors import RoadMapError
from wardkeep.foresight.events import (
    MeasureDropped,
    MeasurePlanned,
    ProgressTold,
    RoadMapEvent,
)
from wardkeep.kernel.wall_clock import day_at

DONE = 100
LONGEST_TEXT = 200
"""Characters of a name or a measure's id."""
_QUARTER = re.compile(r"(20\d\d)-Q([1-4])")


class Planned(msgspec.Struct, frozen=True, kw_only=True):
    """A measure on the road map.

    `told` (a day of the site) and `said_by` are "" before any word.
    """

    measure: str
    quarter: str
    owner: str
    progress: int = 0
    told: str = ""
    said_by: str = ""


RoadMap = Mapping[str, Planned]


def fold(events: Iterable[RoadMapEvent], zone: dt.tzinfo) -> RoadMap:
    """Return what is planned, by measure, the earliest quarter first.

    Who plans a measure anew moves it; its progress stays. Days are those of the site's zone.
    """
    found: dict[str, Planned] = {}
    for event in events:
        before = found.get(event.measure)
        if isinstance(event, MeasureDropped):
            found.pop(event.measure, None)
        elif isinstance(event, MeasurePlanned):
            usual = before or Planned(measure=event.measure, quarter="", owner="")
            found[event.measure] = msgspec.structs.replace(
                usual, quarter=event.quarter, owner=event.owner
            )
        elif before is not None:
            found[event.measure] = msgspec.structs.replace(
                before,
                progress=event.percent,
                told=day_at(event.at, zone),
                said_by=event.said_by,
            )
    return dict(sorted(found.items(), key=lambda each: (each[1].quarter, each[0])))


class Said(NamedTuple):
    """When (UTC microseconds) and by which account something is recorded."""

    at: int
    by: str


def plan(measure: str, quarter: str, owner: str, said: Said) -> MeasurePlanned:
    """Return the event that plans a measure; raises RoadMapError."""
    _named(measure=measure, owner=owner)
    if not _QUARTER.fullmatch(quarter):
        raise RoadMapError(f"{quarter!r} is no quarter", advice="Write it as 2027-Q1.")
    return MeasurePlanned(at=said.at, by=said.by, measure=measure, quarter=quarter, owner=owner)


def tell(road: RoadMap, measure: str, percent: int, name: str, said: Said) -> ProgressTold:
    """Return the event of a progress; raises RoadMapError."""
    _planned(road, measure)
    _named(name=name)
    if not 0 <= percent <= DONE:
        raise RoadMapError(f"{percent} per cent is no progress", advice="It is 0 to 100.")
    return ProgressTold(at=said.at, by=said.by, measure=measure, percent=percent, said_by=name)


def drop(road: RoadMap, measure: str, reason: str, said: Said) -> MeasureDropped:
    """Return the event that takes a measure off; raises RoadMapError."""
    _planned(road, measure)
    _named(reason=reason)
    return MeasureDropped(at=said.at, by=said.by, measure=measure, reason=reason)


def is_overdue(each: Planned, today: dt.date) -> bool:
    """Tell whether the quarter is over and the measure is not done."""
    return each.progress < DONE and is_over(each.quarter, today)


def is_over(quarter: str, today: dt.date) -> bool:
    """Tell whether a quarter ("2027-Q1") is past on a day."""
    match = _QUARTER.fullmatch(quarter)
    if match is None:
        return False
    return (today.year, (today.month - 1) // 3 + 1) > (int(match[1]), int(match[2]))


def _planned(road: RoadMap, measure: str) -> None:
    if measure not in road:
        raise RoadMapError(f"{measure!r} does not stand on the road map")


def _named(**texts: str) -> None:
    for what, text in texts.items():
        if not text.strip() or len(text) > LONGEST_TEXT:
            raise RoadMapError(f"{what} has 1 to {LONGEST_TEXT} characters")
