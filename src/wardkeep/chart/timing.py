"""When an order is due, read from TQ1 segments, RXE-1 or ORC-7 (HL7 v2.5.1, 4.5.4 and 4.3).

Rules kept here:
- The text as sent is always kept. What is not fully understood is UNREADABLE as a whole: a half
  understood timing would print a wrong hour.
- Codes whose hours are a matter of the site (BID, QID) stay codes; the site's standard hours
  give them times later.
- Without a repeat pattern nothing is guessed, but for one single occurrence that is said to be
  one.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import timedelta
from functools import lru_cache
from itertools import pairwise
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.as_needed import (
    said_alone,
    said_at_beginning,
    said_in_condition,
    without_prn,
)
from wardkeep.chart.model import Timing, TimingForm
from wardkeep.chart.pattern import Pattern, read_pattern
from wardkeep.kernel.times import Moment
from wardkeep.kernel.wall_clock import local, micros
from wardkeep.wire.hl7v2.times import parse_moment

TQ1 = "TQ1"
TQ = "TQ"
"""How a row of raw timing begins: a TQ1 segment's fields, or the repetitions of a TQ field."""

_STAT = {"S", "STAT", "T"}
_UNITS = {
    "S": timedelta(seconds=1), "SEC": timedelta(seconds=1),
    "M": timedelta(minutes=1), "MIN": timedelta(minutes=1),
    "H": timedelta(hours=1), "HR": timedelta(hours=1), "HOUR": timedelta(hours=1),
    "D": timedelta(days=1), "DAY": timedelta(days=1), "DAYS": timedelta(days=1),
    "W": timedelta(weeks=1), "WK": timedelta(weeks=1), "WEEK": timedelta(weeks=1),
}  # fmt: skip
_DIGITS = 4
"""A longer duration is no duration: 9,999 days are 27 years."""

_DURATION = re.compile(r"([SMHDW])(\d{1,3})")


class RawTiming(msgspec.Struct, frozen=True):
    """One TQ1 segment, or one repetition of a TQ field, in the same terms; all text as sent."""

    pattern: str = ""
    times: str = ""
    duration: str = ""
    start: str = ""
    stop: str = ""
    priority: str = ""
    condition: str = ""
    words: str = ""
    conjunction: str = ""
    occurrences: str = ""
    quantity: str = ""
    as_sent: str = ""
    shown: str = ""
    """The words of a sender whose timing is not told in these terms (FHIR)."""


@lru_cache(maxsize=16384)
def read_timing(raws: tuple[RawTiming, ...], zone: ZoneInfo) -> Timing:
    """Return what the raw timing means, UNREADABLE where it cannot be told."""
    text = " ; ".join(_words(raw) for raw in raws)
    if not raws:
        return Timing(form=TimingForm.UNREADABLE, text="")
    read: list[Timing | None] = []
    for raw in raws:
        before = read[-1].stop if read and read[-1] else None
        read.append(_one(raw, zone, before))
    timing = read[0] if len(read) == 1 else _several(raws, read)
    if timing is None or timing.form is TimingForm.UNREADABLE:
        return unreadable(raws, zone, timing.every_days if timing else 1)
    return msgspec.structs.replace(timing, text=text)


def unreadable(raws: Sequence[RawTiming], zone: ZoneInfo, days: int = 1) -> Timing:
    """Return the timing as it was sent; each of several rows with its own dose."""
    doses = dict.fromkeys(raw.quantity for raw in raws)
    return Timing(
        form=TimingForm.UNREADABLE,
        text=" ; ".join((_row if len(raws) > 1 else _words)(raw) for raw in raws),
        start=parse_start(raws, zone),
        every_days=days,
        # Of several doses none is the order's: each belongs to its own words.
        dose=" ; ".join(doses) if len(doses) > 1 else "",
    )


def parse_start(raws: Sequence[RawTiming], zone: ZoneInfo) -> Moment | None:
    """Return the earliest start that can be read, for a sheet to show beside the text."""
    starts = [at for raw in raws if (at := parse_moment(raw.start, zone))]
    return min(starts, key=lambda moment: moment.at, default=None)


def as_needed_reason(raws: Sequence[RawTiming]) -> str:
    """Return the conditions under which the order may be given, as sent."""
    told = [raw.condition for raw in raws if raw.condition and not said_alone(raw.condition)]
    return " ; ".join(dict.fromkeys(told))


def says_as_needed(raws: Sequence[RawTiming]) -> bool:
    """Say whether any row says "as needed", whether or not its pattern could be read."""
    return any(_as_needed(raw) for raw in raws)


def _as_needed(raw: RawTiming) -> bool:
    return (
        said_in_condition(f"{raw.priority.replace('^', ' ')} ; {raw.condition}")
        or said_at_beginning(raw.words)
        or any(
            without_prn(part.strip().upper())[1]
            for repetition in raw.pattern.split("~")
            for part in repetition.split("^")[0].split("&")
        )
    )


def _words(raw: RawTiming) -> str:
    if raw.shown:
        return raw.shown
    parts = (raw.pattern, raw.times, raw.duration, raw.condition, raw.words)
    return " ".join(part for part in parts if part) or raw.as_sent


def _row(raw: RawTiming) -> str:
    """Return one row of several, with its own dose."""
    return f"[{raw.quantity}] {_words(raw)}" if raw.quantity else _words(raw)


def _one(raw: RawTiming, zone: ZoneInfo, before: Moment | None) -> Timing | None:
    """Read one row; without a start of its own it begins where the row before it ended."""
    start = parse_moment(raw.start, zone) or (None if raw.start else before)
    stop = parse_moment(raw.stop, zone)
    if (raw.start and start is None) or (raw.stop and stop is None):
        return None
    if raw.duration and raw.duration.upper() != "INDEF":
        ended = _end(start, raw.duration, zone)
        if ended is None and stop is None:
            return None
        stop = stop or ended
    base = Timing(
        form=TimingForm.UNREADABLE, text="", start=start, stop=stop, dose=raw.quantity
    )
    return _with_pattern(raw, base)


def _with_pattern(raw: RawTiming, base: Timing) -> Timing | None:
    pattern = read_pattern(raw.pattern, raw.times)
    if pattern is None:
        return None
    priority = raw.priority.split("^")[0].upper()
    if pattern.as_needed or priority.startswith("PRN") or _as_needed(raw):
        return msgspec.structs.replace(
            base, form=TimingForm.AS_NEEDED, code=pattern.code, every_minutes=pattern.minutes
        )
    if raw.occurrences.strip() not in ("", "0", "1"):
        return None
    if pattern.once or (pattern.empty and (raw.occurrences == "1" or priority in _STAT)):
        return msgspec.structs.replace(base, form=TimingForm.ONCE, times=pattern.times)
    if raw.occurrences == "1":
        return msgspec.structs.replace(base, form=TimingForm.ONCE)
    return _repeating(pattern, base)


def _repeating(pattern: Pattern, base: Timing) -> Timing | None:
    if pattern.continuous:
        return msgspec.structs.replace(base, form=TimingForm.CONTINUOUS, code=pattern.code)
    if pattern.times:
        form = TimingForm.TIMES
    elif pattern.minutes:
        form = TimingForm.INTERVAL
    elif pattern.code:
        form = TimingForm.CODE
    else:
        return None
    if pattern.days > 1 and base.start is None:
        return msgspec.structs.replace(base, every_days=pattern.days)
    return msgspec.structs.replace(
        base,
        form=form,
        code=pattern.code,
        times=pattern.times,
        every_minutes=pattern.minutes if form is TimingForm.INTERVAL else 0,
        every_days=pattern.days,
        weekdays=pattern.weekdays,
    )


def _end(start: Moment | None, duration: str, zone: ZoneInfo) -> Moment | None:
    """Return the end of a duration such as "3^D&day" (TQ1-6) or "D10" (TQ-3)."""
    length = _length(duration)
    if start is None or length is None:
        return None
    ended = local(start.at, zone) + length
    return Moment(micros(ended), start.precision, duration)


def _length(duration: str) -> timedelta | None:
    if match := _DURATION.fullmatch(duration.upper()):
        return _UNITS[match[1]] * int(match[2])
    amount, _, unit = duration.partition("^")
    step = _UNITS.get(unit.split("&")[0].split("^")[0].upper())
    known = step is not None and amount.isdecimal() and len(amount) <= _DIGITS
    return step * int(amount) if step and known else None


def _several(raws: Sequence[RawTiming], read: Sequence[Timing | None]) -> Timing | None:
    """Join phases (conjunction S, or each with its own start) or times of one day (A, C).

    Rows of the same days at other hours, each with its own dose, are phases side by side.
    """
    timings = [timing for timing in read if timing is not None]
    if len(timings) < len(raws):
        return None
    joined = {raw.conjunction.upper() for raw in raws[:-1]}
    if joined <= {"A", "C"} and _parallel(timings):
        return _same_day(timings)
    if joined <= {"A", "C", ""} and _side_by_side(timings):
        return _doses_by_hour(raws, timings)
    if "A" in joined and any(timing.stop is None for timing in timings[:-1]):
        # Said to run beside the next: it does not end where that one begins.
        return None
    return _phases(timings)


def _side_by_side(timings: Sequence[Timing]) -> bool:
    first = timings[0]
    hours = [hour for timing in timings for hour in (timing.times or (timing.code,))]
    return len(set(hours)) == len(hours) and all(
        timing.form in (TimingForm.TIMES, TimingForm.CODE)
        and (timing.every_days, timing.weekdays) == (first.every_days, first.weekdays)
        and (timing.start, timing.stop) == (first.start, first.stop)
        and bool(timing.dose)
        for timing in timings
    )


def _doses_by_hour(raws: Sequence[RawTiming], timings: Sequence[Timing]) -> Timing:
    phases = [
        msgspec.structs.replace(timing, text=_words(raw))
        for raw, timing in zip(raws, timings, strict=True)
    ]
    phases.sort(key=lambda phase: (phase.times, phase.code))
    return Timing(
        form=TimingForm.PHASES,
        text="",
        start=phases[0].start,
        stop=phases[0].stop,
        phases=tuple(phases),
    )


def _parallel(timings: Sequence[Timing]) -> bool:
    first = timings[0]
    return all(
        timing.form is TimingForm.TIMES
        and (timing.every_days, timing.weekdays) == (first.every_days, first.weekdays)
        and (timing.start, timing.stop, timing.dose) == (first.start, first.stop, first.dose)
        for timing in timings
    )


def _same_day(timings: Sequence[Timing]) -> Timing:
    times = tuple(sorted({time for timing in timings for time in timing.times}))
    return msgspec.structs.replace(timings[0], times=times)


def _overlap(one: Timing, other: Timing) -> bool:
    if one.start is None or other.start is None or one.start.at >= other.start.at:
        return True
    return one.stop is not None and one.stop.at > other.start.at


def _phases(timings: Sequence[Timing]) -> Timing | None:
    phases: list[Timing] = []
    for timing in timings:
        start = timing.start or (phases[-1].stop if phases else None)
        if start is None or timing.form is TimingForm.UNREADABLE:
            return None
        phases.append(msgspec.structs.replace(timing, start=start))
    phases.sort(key=lambda phase: phase.start.at if phase.start else 0)
    if any(_overlap(one, other) for one, other in pairwise(phases)):
        # Two doses or hours of the same days: whatever one row is taken for, it is wrong.
        return None
    for place, phase in enumerate(phases[:-1]):
        following = phases[place + 1].start
        if phase.stop is None and following is not None:
            phases[place] = msgspec.structs.replace(phase, stop=following)
    return Timing(
        form=TimingForm.PHASES,
        text="",
        start=phases[0].start,
        stop=phases[-1].stop,
        phases=tuple(phases),
    )
