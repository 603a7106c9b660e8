"""When a prescription falls due in the house, and the timing that a reader must understand."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from wardkeep.chart.model import Timing, TimingForm
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import DAY, HOUR, Moment
from wardkeep.sample.formulary import Medicine
from wardkeep.sample.hl7 import LocalTime

STANDARD_HOURS = Rules().standard_hours
_EVENING = ("18:00",)
_INTERVALS = {"Q4H": 4, "Q6H": 6, "Q8H": 8, "Q12H": 12, "Q72H": 72}


def hours_of(medicine: Medicine) -> tuple[str, ...]:
    """Return the hours of the day at which nurses give it, "HH:MM"; empty for intervals."""
    if medicine.times:
        return tuple(f"{each[:2]}:{each[2:]}" for each in medicine.times)
    if medicine.pattern in STANDARD_HOURS:
        return STANDARD_HOURS[medicine.pattern]
    return () if medicine.pattern in _INTERVALS else _EVENING


def next_due(medicine: Medicine, start: int, after: int, clock: LocalTime) -> int:
    """Return the first time after `after` at which the house gives it (UTC microseconds)."""
    hours = hours_of(medicine)
    if not hours:
        step = _INTERVALS[medicine.pattern] * HOUR
        return start + (max(after - start, 0) // step + 1) * step
    day = clock.local(after).replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    first = clock.local(start).date()
    for _ in range(9):
        if _is_day(medicine, day, (day.date() - first).days):
            for hour in hours:
                at = clock.instant(day.replace(hour=int(hour[:2]), minute=int(hour[3:])))
                if at > max(after, start):
                    return at
        day += timedelta(days=1)
    return after + DAY


def _is_day(medicine: Medicine, day: datetime, days_since: int) -> bool:
    pattern = medicine.pattern
    if pattern.startswith("QJ"):
        return day.isoweekday() == int(pattern[2:])
    return pattern != "QOD" or days_since % 2 == 0


def timing_of(medicine: Medicine, start: Moment) -> Timing:  # noqa: PLR0911  one a form
    """Return what a reader of this prescription must understand of its timing."""
    pattern = medicine.pattern
    words = (pattern, "~".join(medicine.times), medicine.needed_for)
    text = " ".join(word for word in words if word)
    if medicine.needed_for:
        return Timing(
            form=TimingForm.AS_NEEDED,
            text=text,
            code=pattern,
            every_minutes=_INTERVALS[pattern] * 60,
            start=start,
        )
    if pattern == "C":
        return Timing(form=TimingForm.CONTINUOUS, text=text, code="C", start=start)
    if pattern == "ONCE":
        return Timing(form=TimingForm.ONCE, text=text, start=start)
    if medicine.times:
        return _at_times(medicine, text, start)
    if pattern in STANDARD_HOURS:
        return Timing(form=TimingForm.CODE, text=text, code=pattern, start=start)
    if pattern in _INTERVALS:
        minutes = _INTERVALS[pattern] * 60
        form = TimingForm.INTERVAL
        return Timing(form=form, text=text, code=pattern, every_minutes=minutes, start=start)
    return Timing(form=TimingForm.UNREADABLE, text=text, start=start)


def _at_times(medicine: Medicine, text: str, start: Moment) -> Timing:
    pattern = medicine.pattern
    weekly = pattern.startswith("QJ")
    return Timing(
        form=TimingForm.TIMES,
        text=text,
        code="QD" if weekly or pattern == "QOD" else pattern,
        times=tuple(sorted(hours_of(medicine))),
        every_days=2 if pattern == "QOD" else 1,
        weekdays=(int(pattern[2:]),) if weekly else (),
        start=start,
    )


def steps_of(medicine: Medicine, start: int, clock: LocalTime) -> list[tuple[str, int, int]]:
    """Return dose, start and end (UTC microseconds) of each step of a tapering course."""
    found = []
    for amount, days in medicine.steps:
        end = clock.days_later(start, days)
        found.append((amount, start, end))
        start = end
    return found


def tapering_of(medicine: Medicine, start: int, clock: LocalTime, *, offset: bool) -> Timing:
    """Return what a reader must understand of a tapering course."""
    single = timing_of(medicine, clock.moment(start, offset=offset))
    phases = tuple(
        msgspec.structs.replace(
            single,
            text="",
            dose=f"{amount} {medicine.unit}",
            start=clock.moment(begin, offset=offset),
            stop=clock.moment(end, offset=offset),
        )
        for amount, begin, end in steps_of(medicine, start, clock)
    )
    return Timing(
        form=TimingForm.PHASES,
        text=" ; ".join(single.text for _ in phases),
        start=phases[0].start,
        stop=phases[-1].stop,
        phases=phases,
    )
