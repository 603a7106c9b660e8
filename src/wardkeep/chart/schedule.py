"""The times at which an order is due, computed from its timing and the site's standard hours.

A computed clinical value: whoever shows it marks it COMPUTED, and the site can turn it off.

Rules kept here:
- Nothing is computed for timings that could not be read, for orders as needed, running without
  end, held, ended or of an earlier stay, nor from a start that is only known to the day where
  the hour matters.
- Hours are wall-clock hours. In October's doubled hour a dose is due once, at the first of the
  two; in March a dose of the missing hour is due an hour later. An interval keeps its
  wall-clock
  hours where it divides the day or is whole days (Q8H, Q72H); others (Q5H, Q30M) count real
  time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from itertools import islice
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.model import (
    Dose,
    DoseOutcome,
    FlagKind,
    MedicationOrder,
    OrderState,
    Timing,
    TimingForm,
)
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import MINUTE, Moment, Precision
from wardkeep.kernel.wall_clock import local, micros

_LIMIT = 2000
_TAKEN = {DoseOutcome.GIVEN, DoseOutcome.PARTIAL}
_DAY_MINUTES = 24 * 60
_NEVER_DUE = {TimingForm.CONTINUOUS, TimingForm.AS_NEEDED, TimingForm.UNREADABLE}
_BY_HOUR = {TimingForm.TIMES, TimingForm.CODE}
_TO_THE_MINUTE = {Precision.MINUTE, Precision.SECOND}


def due_between(
    order: MedicationOrder, doses: Sequence[Dose], rules: Rules, start: int, end: int
) -> tuple[int, ...]:
    """Return the due times with start <= t < end (UTC microseconds), oldest first.

    Times already covered by a recorded dose are among them: a grid shows them as done.
    """
    if not computes(order, rules):
        return ()
    if order.timing.value.form in _NEVER_DUE:
        return ()
    zone = ZoneInfo(rules.timezone)
    found = sorted(set(_due(_placed(order, zone), doses, rules, zone, (start, end))))
    return tuple(islice(found, _LIMIT))


def dose_at(order: MedicationOrder, doses: Sequence[Dose], rules: Rules, at: int) -> str:
    """Return the dose as sent that a changing order has at a due time, "" if it has but one."""
    zone = ZoneInfo(rules.timezone)
    found = [
        phase.dose
        for phase in order.timing.value.phases
        if phase.dose and any(_due(phase, doses, rules, zone, (at, at + 1)))
    ]
    return " + ".join(dict.fromkeys(found))


def end_of(stop: Moment, zone: ZoneInfo) -> int:
    """Return the instant from which nothing is due any more (UTC microseconds).

    An end that was sent as a day, month or year is that whole one: the last day still has its
    doses. An end reckoned from a duration is the instant itself.
    """
    whole = stop.text[:8].isdecimal() and stop.precision not in _TO_THE_MINUTE
    if not whole:
        return stop.at
    day = local(stop.at, zone).replace(tzinfo=None, fold=0)
    match stop.precision:
        case Precision.YEAR:
            following = day.replace(year=day.year + 1)
        case Precision.MONTH:
            following = (day.replace(day=1) + timedelta(days=31)).replace(day=1)
        case Precision.DAY:
            following = day + timedelta(days=1)
        case _:
            following = day + timedelta(hours=1)
    return micros(following.replace(tzinfo=zone))


def ended_at(order: MedicationOrder, rules: Rules, now: int) -> int | None:
    """Return when the order ended by its own end time, None where it has not, or has none."""
    stop = order.timing.value.stop
    if stop is None:
        return None
    end = end_of(stop, ZoneInfo(rules.timezone))
    return end if end <= now else None


def computes(order: MedicationOrder, rules: Rules) -> bool:
    """Say whether due times of an order are computed: it runs, and is of this stay."""
    if any(flag.kind is FlagKind.EARLIER_STAY for flag in order.flags):
        return False
    return rules.compute_next_due and order.state.value is OrderState.ACTIVE


def _placed(order: MedicationOrder, zone: ZoneInfo) -> Timing:
    """Return the timing with a start where none is needed, and with its last dose.

    What is to be given once, without a time, is due when ordered. A dose due at the very time
    of the end that was sent is the last one; not so where the order began at that time of day,
    for then the end is the start and some days.
    """
    timing = order.timing.value
    if timing.form is TimingForm.ONCE and not (timing.start or timing.times):
        start = Moment(entered(order), Precision.SECOND, "")
        return msgspec.structs.replace(timing, start=start)
    stop = timing.stop
    if timing.form not in _BY_HOUR or stop is None or end_of(stop, zone) != stop.at:
        return timing
    if not stop.text[:8].isdecimal() or (
        timing.start and _clock(timing.start, zone) == _clock(stop, zone)
    ):
        return timing
    return msgspec.structs.replace(timing, stop=Moment(stop.at + 1, stop.precision, stop.text))


def _clock(moment: Moment, zone: ZoneInfo) -> tuple[int, int]:
    at = local(moment.at, zone)
    return at.hour, at.minute


def entered(order: MedicationOrder) -> int:
    """Return since when the order stands (UTC microseconds)."""
    return order.entered.at if order.entered else order.drug.source.event


def _due(
    timing: Timing,
    doses: Sequence[Dose],
    rules: Rules,
    zone: ZoneInfo,
    span: tuple[int, int],
) -> Iterator[int]:
    start = max(span[0], timing.start.at) if timing.start else span[0]
    end = min(span[1], end_of(timing.stop, zone)) if timing.stop else span[1]
    match timing.form:
        case TimingForm.PHASES:
            for phase in timing.phases:
                yield from _due(phase, doses, rules, zone, span)
        case TimingForm.ONCE:
            yield from _once(timing, zone, span)
        case TimingForm.TIMES:
            yield from _on_days(timing, timing.times, zone, (start, end))
        case TimingForm.CODE:
            hours = tuple(sorted(rules.standard_hours.get(timing.code, ())))
            yield from _on_days(timing, hours, zone, (start, end))
        case TimingForm.INTERVAL:
            yield from _at_intervals(timing, doses, zone, (start, end))
        case TimingForm.CONTINUOUS | TimingForm.AS_NEEDED | TimingForm.UNREADABLE:
            return


def _once(timing: Timing, zone: ZoneInfo, span: tuple[int, int]) -> Iterator[int]:
    if timing.start is None:
        return
    if timing.start.precision in _TO_THE_MINUTE and not timing.times:
        at = timing.start.at
    elif timing.times:
        at = _at(local(timing.start.at, zone).date(), timing.times[0], zone)
    else:
        return
    if span[0] <= at < span[1]:
        yield at


def _on_days(
    timing: Timing, hours: Sequence[str], zone: ZoneInfo, span: tuple[int, int]
) -> Iterator[int]:
    if span[0] >= span[1] or not hours:
        return
    day = local(span[0], zone).date()
    last = local(span[1], zone).date()
    first = local(timing.start.at, zone).date() if timing.start else day
    while day <= last:
        if _is_due_day(timing, first, day):
            for hour in hours:
                at = _at(day, hour, zone)
                if span[0] <= at < span[1]:
                    yield at
        day += timedelta(days=1)


def _is_due_day(timing: Timing, first: date, day: date) -> bool:
    if timing.weekdays and day.isoweekday() not in timing.weekdays:
        return False
    return (day - first).days % max(timing.every_days, 1) == 0


# The same hours of the same days are asked for each order: a year of standard hours fits.
@lru_cache(maxsize=8192)
def _at(day: date, hour: str, zone: ZoneInfo) -> int:
    """Return a wall-clock hour as an instant; fold 0 is the first of a doubled hour."""
    clock = datetime(day.year, day.month, day.day, int(hour[:2]), int(hour[3:5]), tzinfo=zone)
    return micros(clock)


def _anchor(timing: Timing, doses: Sequence[Dose]) -> Moment | None:
    """Return from where an interval counts: its start, else the newest dose given."""
    if timing.start is not None and timing.start.precision in _TO_THE_MINUTE:
        return timing.start
    given = (
        dose.at
        for dose in doses
        if dose.outcome in _TAKEN and dose.at.precision in _TO_THE_MINUTE
    )
    return max(given, key=lambda at: at.at, default=None)


def _at_intervals(
    timing: Timing, doses: Sequence[Dose], zone: ZoneInfo, span: tuple[int, int]
) -> Iterator[int]:
    anchor = _anchor(timing, doses)
    every = timing.every_minutes
    if anchor is None or every <= 0 or span[0] >= span[1]:
        return
    if every >= 2 * 60 and (_DAY_MINUTES % every == 0 or every % _DAY_MINUTES == 0):
        yield from _wall_clock(local(anchor.at, zone), every, zone, span)
        return
    step = every * MINUTE
    at = anchor.at + max(0, -(-(span[0] - anchor.at) // step)) * step
    while at < span[1]:
        yield at
        at += step


def _wall_clock(
    anchor: datetime, every: int, zone: ZoneInfo, span: tuple[int, int]
) -> Iterator[int]:
    clock = anchor.replace(tzinfo=None, fold=0)
    step = timedelta(minutes=every)
    begin = local(span[0], zone).replace(tzinfo=None)
    skipped = max(0, (begin - clock) // step - 1)
    clock += skipped * step
    while True:
        at = micros(clock.replace(tzinfo=zone))
        if at >= span[1]:
            return
        if at >= span[0]:
            yield at
        clock += step
