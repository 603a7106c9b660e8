"""Repeat patterns (HL7 table 0335; RPT, v2.5.1 2.A.64): BID, Q8H, QJ2, QID&0600,1200.

A pattern that is not wholly understood is None; nobody guesses when a drug is due.
"""

from __future__ import annotations

import re

import msgspec

from wardkeep.chart.as_needed import without_prn
from wardkeep.chart.weekday_list import weekdays_of

ONCE_CODES = {"ONCE", "STAT", "1X", "X1", "ONE TIME"}
_CONTINUOUS = {"C", "CONT", "CONTINUOUS"}
_NAMES = {
    "DAILY": "QD", "QDAY": "QD", "OD": "QD", "Q1D": "QD",
    "HS": "QHS", "BEDTIME": "QHS", "AM": "QAM", "PM": "QPM",
    "2ID": "BID", "3ID": "TID", "4ID": "QID",
}  # fmt: skip
_CODES = {
    "QD", "BID", "TID", "QID", "QHS", "QAM", "QPM", "QSHIFT",
    "AC", "PC", "IC", "ACM", "ACD", "ACV", "PCM", "PCD", "PCV", "ICM", "ICD", "ICV",
}  # fmt: skip
_TIMES_A_DAY = {"QD": 1, "BID": 2, "TID": 3, "QID": 4, "QHS": 1, "QAM": 1, "QPM": 1}
_EVERY = re.compile(r"Q(\d{1,3})(MIN|M|H|D|W)")
_DAY_OF_WEEK = re.compile(r"Q(\d?)J([1-7]{1,7})")
_TIMES_PER_DAY = re.compile(r"\d{1,2}(?:ID|XD)")
_CLOCK = re.compile(r"([01]\d|2[0-3]):?([0-5]\d)(?::?00)?")
_MINUTES = {"M": 1, "MIN": 1, "H": 60}
_UNITS = {"MIN": "M", "H": "H", "HR": "H", "D": "D", "DAY": "D", "WK": "W", "W": "W"}

_RPT_PARTS = 11
_WEEKDAYS = frozenset("1234567")


class Pattern(msgspec.Struct, frozen=True, kw_only=True):
    """A repeat pattern understood; `minutes` is the interval, `days` every n-th day."""

    code: str = ""
    minutes: int = 0
    days: int = 1
    weekdays: tuple[int, ...] = ()
    times: tuple[str, ...] = ()
    as_needed: bool = False
    once: bool = False
    continuous: bool = False
    empty: bool = False


def read_pattern(pattern: str, explicit: str) -> Pattern | None:
    """Return the pattern of TQ1-3 or TQ-2 with the times of TQ1-4; None if not understood.

    Both are text with HL7's usual delimiters. Explicit times stand in `explicit`, repeated by
    "~", or after an ampersand in the pattern ("QID&0600,1200").
    """
    needed, repeats = _without_prn(pattern.split("~"))
    days = weekdays_of(",".join(repeats)) if len(repeats) > 1 else None
    if len(repeats) > 1 and days is None:
        return None
    parts = (",".join(repeats) if days else repeats[0]).split("^")
    parts += [""] * (_RPT_PARTS - len(parts))
    code, _, written = parts[0].partition("&")
    if written.strip().upper() == "PRN":
        needed = True
    times = read_times(explicit) if explicit else read_times(_written_times(written))
    # RPT.7 says whether the institution's hours are meant, and nothing else.
    if times is None or parts[6] not in {"", "Y", "N"} or any(parts[7:_RPT_PARTS]):
        return None
    read = _with_period(code.strip().upper(), parts)
    if read is None:
        return None
    if needed:
        read = msgspec.structs.replace(read, as_needed=True)
    return _aligned(_with_times(read, times), parts)


def _without_prn(repeats: list[str]) -> tuple[bool, list[str]]:
    """Return whether one repetition is PRN, and the others ("Q4H~PRN")."""
    others = [each for each in repeats if each.split("^")[0].strip().upper() != "PRN"]
    if len(others) == len(repeats):
        return False, repeats
    return True, others or [""]


def _written_times(written: str) -> str:
    """Return "0600,1200" of "QID&0600,1200", and nothing of "BID&twice a day&HL70335"."""
    first = written.split("&", maxsplit=1)[0]
    return first if first[:1].isdecimal() else ""


def read_times(text: str) -> tuple[str, ...] | None:
    """Return clock times "HH:MM", sorted, of "0600,1200" or "06:00~12:00", else None."""
    found = set()
    for word in re.split(r"[,~]", text) if text else ():
        match = _CLOCK.fullmatch(word.strip())
        if match is None:
            return None
        found.add(f"{match[1]}:{match[2]}")
    return tuple(sorted(found))


def _with_period(code: str, parts: list[str]) -> Pattern | None:
    """Read the code, or the period in RPT.5 and RPT.6 where there is no code."""
    amount, unit = parts[4].strip(), parts[5].split("&")[0].strip().upper()
    if not amount:
        return read_code(code)
    period = _UNITS.get(unit)
    if period is None or not amount.isdecimal():
        return None
    spelt = f"Q{int(amount)}{period}"
    return read_code(spelt) if code in ("", spelt) else None


def read_code(code: str) -> Pattern | None:
    """Return what a code of table 0335 means, None if it is not known here."""
    rest, needed = without_prn(code)
    if needed:
        inner = read_code(rest)
        return inner and msgspec.structs.replace(inner, as_needed=True)
    name = _NAMES.get(code, code)
    if name == "":
        return Pattern(empty=True)
    if name in _CODES:
        return Pattern(code=name)
    if name in ONCE_CODES:
        return Pattern(code=name, once=True)
    if name in _CONTINUOUS:
        return Pattern(code=name, continuous=True)
    return _spelt(name)


def _spelt(name: str) -> Pattern | None:
    if name == "QOD":
        return Pattern(code="QD", days=2)
    if name in ("QW", "QWEEK", "WEEKLY"):
        return Pattern(code="QD", days=7)
    if match := _DAY_OF_WEEK.fullmatch(name):
        every = int(match[1] or 1)
        weekdays = tuple(sorted({int(day) for day in match[2]}))
        return Pattern(code="QD", weekdays=weekdays) if every == 1 else None
    if match := _EVERY.fullmatch(name):
        return _every(name, int(match[1]), match[2])
    if _TIMES_PER_DAY.fullmatch(name):
        return Pattern(code=name)
    days = weekdays_of(name)
    return Pattern(code="QD", weekdays=days) if days else None


def _every(name: str, count: int, unit: str) -> Pattern | None:
    if count == 0:
        return None
    if unit in ("D", "W"):
        return Pattern(code="QD", days=count * (7 if unit == "W" else 1))
    return Pattern(code=name, minutes=count * _MINUTES[unit])


def _with_times(read: Pattern, times: tuple[str, ...]) -> Pattern | None:
    """Put explicit times in the place of standard hours; their number must fit the code."""
    if not times or read.as_needed or read.continuous:
        return read
    if read.once:
        return msgspec.structs.replace(read, times=times)
    if read.minutes:
        return _interval_at_times(read, times)
    expected = _TIMES_A_DAY.get(read.code)
    if expected is not None and len(times) != expected and len(times) != 1 and read.days == 1:
        return None
    if expected is not None and expected > 1 and len(times) == 1:
        return None
    return msgspec.structs.replace(read, times=times)


def _interval_at_times(read: Pattern, times: tuple[str, ...]) -> Pattern | None:
    """Read Q8H with 0600,1400,2200 or Q24H with 0600: hours that fill the day evenly."""
    day = 24 * 60
    if read.minutes % day == 0:
        return msgspec.structs.replace(read, times=times, days=read.minutes // day, minutes=0)
    if read.minutes * len(times) != day:
        return None
    at = [int(time[:2]) * 60 + int(time[3:]) for time in times]
    even = all((at[0] + place * read.minutes) % day in at for place in range(len(at)))
    return msgspec.structs.replace(read, times=times, minutes=0) if even else None


def _aligned(read: Pattern | None, parts: list[str]) -> Pattern | None:
    """Heed the calendar alignment (RPT.2): days of the week are understood, others are not."""
    alignment, begin, end = parts[1].strip().upper(), parts[2].strip(), parts[3].strip()
    if read is None or not (alignment or begin or end):
        return read
    end = end or begin
    # Of a weekly or two-daily pattern nobody can say which of these days are meant.
    daily = read.days == 1 and not read.weekdays and not read.minutes
    if alignment != "DW" or begin not in _WEEKDAYS or end not in _WEEKDAYS or not daily:
        return None
    first, last = int(begin), int(end)
    # Saturday to Tuesday goes over the end of the week.
    days = (first + day for day in range((last - first) % 7 + 1))
    weekdays = tuple(sorted((day - 1) % 7 + 1 for day in days))
    return msgspec.structs.replace(read, weekdays=weekdays, code=read.code or "QD")
