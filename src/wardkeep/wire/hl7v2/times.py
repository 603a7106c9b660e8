"""HL7 v2 times (DTM, v2.5.1 section 2.A.22) as moments; without offset in the zone given.

Rules kept here:
- A day is a day: nothing is filled in. `Moment.at` is the first instant that the text can mean.
- Without an offset the text is wall-clock time of the site. In October's doubled hour it is the
  first of the two, in March's missing hour the instant that the old offset gives.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone
from functools import lru_cache
from itertools import takewhile
from zoneinfo import ZoneInfo

from wardkeep.kernel.times import SECOND, Moment, Precision
from wardkeep.kernel.wall_clock import micros

_DTM = re.compile(
    r"(?P<digits>\d{4}(?:\d{2}(?:\d{2}(?:\d{2}(?:\d{2}(?:\d{2})?)?)?)?)?)"
    r"(?P<fraction>\.\d{1,6})?(?P<offset>[+-]\d{4}|Z)?"
)
_PRECISION = {
    4: Precision.YEAR,
    6: Precision.MONTH,
    8: Precision.DAY,
    10: Precision.HOUR,
    12: Precision.MINUTE,
    14: Precision.SECOND,
}
_FIRST = "00010101000000"
_LEAP_SECOND = 60


def parse_moment(text: str, zone: ZoneInfo) -> Moment | None:
    """Return the moment that an HL7 time names, or None if it names none."""
    return _parse(text, zone) if text else None


@lru_cache(maxsize=65536)
def _parse(text: str, zone: ZoneInfo) -> Moment | None:
    match = _DTM.fullmatch(text.strip())
    if match is None:
        return None
    digits = match["digits"]
    at = _instant(digits + _FIRST[len(digits) :], match["offset"], zone)
    if at is None:
        return None
    if match["fraction"]:
        at += round(float(match["fraction"]) * SECOND)
    return Moment(at, _PRECISION[len(digits)], text)


def _instant(digits: str, offset: str | None, zone: ZoneInfo) -> int | None:
    try:
        clock = datetime(
            int(digits[:4]),
            int(digits[4:6]),
            int(digits[6:8]),
            int(digits[8:10]),
            int(digits[10:12]),
            _second(int(digits[12:14])),
            tzinfo=_offset(offset) if offset else zone,
        )
    except (ValueError, OverflowError):
        return None
    return micros(clock)


def _second(told: int) -> int:
    return 59 if told == _LEAP_SECOND else told


def _offset(text: str) -> timezone:
    if text == "Z":
        return UTC
    minutes = int(text[1:3]) * 60 + int(text[3:5])
    return timezone(timedelta(minutes=-minutes if text[0] == "-" else minutes))


def birth_date(text: str) -> str:
    """Return the date part of an HL7 time as ISO text, as far as it is known, else ""."""
    match = _DTM.fullmatch(text.strip())
    if match is None:
        return ""
    digits = match["digits"][:8]
    known = takewhile(int, filter(None, (digits[:4], digits[4:6], digits[6:8])))
    return "-".join(known)  # 19510000 knows the year alone
