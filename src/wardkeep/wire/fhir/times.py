"""FHIR date, dateTime and instant (R4, datatypes) as moments with the precision sent.

Rules kept here:
- A day is a day: nothing is filled in. `Moment.at` is the first instant that the text can mean.
- A time without an offset, which the standard does not allow and senders write, is wall-clock
  time of the site's zone.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

from wardkeep.kernel.times import SECOND, Moment, Precision
from wardkeep.kernel.wall_clock import micros

_TIME = re.compile(
    r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d)(\.\d{1,9})?)?"
    r"(Z|[+-]\d\d:?\d\d)?)?)?)?",
    re.ASCII,
)
_DATE = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?)?", re.ASCII)
_LEAP_SECOND = 60
_PRECISIONS = (
    Precision.YEAR,
    Precision.MONTH,
    Precision.DAY,
    Precision.MINUTE,
    Precision.MINUTE,
    Precision.SECOND,
)


@lru_cache(maxsize=65536)
def parse_moment(text: str, zone: ZoneInfo) -> Moment | None:
    """Return the moment that a FHIR time names, or None if it names none."""
    match = _TIME.fullmatch(text)
    if match is None:
        return None
    told = [int(group) for group in match.groups()[:6] if group is not None]
    try:
        at = _instant(told, match[8], zone)
    except (ValueError, OverflowError):
        return None
    if match[7]:
        at += round(float(match[7]) * SECOND)
    return Moment(at, _PRECISIONS[len(told) - 1], text)


def _instant(told: list[int], offset: str | None, zone: ZoneInfo) -> int:
    year, month, day, hour, minute, second = [*told, *(1, 1, 1, 0, 0, 0)[len(told) :]]
    second = 59 if second == _LEAP_SECOND else second
    clock = datetime(year, month, day, hour, minute, second, tzinfo=_zone(offset) or zone)
    return micros(clock)


def _zone(offset: str | None) -> timezone | None:
    if not offset:
        return None
    if offset == "Z":
        return UTC
    hours, minutes = int(offset[1:3]), int(offset[-2:])
    span = timedelta(hours=hours, minutes=minutes)
    return timezone(-span if offset[0] == "-" else span)


def date_of(text: str) -> str:
    """Return the date of a FHIR date or dateTime as far as it is known, else ""."""
    match = _DATE.match(text)
    return match[0] if match else ""
