"""When doses fall due, computed from timing, the site's standard hours and the doses recorded.

A computed clinical value: whoever shows it marks it COMPUTED, and the site can turn it off.

Rules kept here:
- Nothing is computed for timings that could not be read, for orders as needed, running without
  end, held or ended, nor from a start that is only known to the day where the hour matters.
- Hours are wall-clock hours. In October's doubled hour a dose is due once, at the first of the
  two; in March a dose of the missing hour is due an hour later. An interval keeps its
  wall-clock
  hours where it divides the day or is whole days (Q8H, Q72H); others (Q5H, Q30M) count real
  time.
- A recorded dose (given, held, refused...) covers the due time nearest to it, so that a dose
  given early leaves no second box; but one due before it that is still open rather than the
  next, unless the next is much nearer: a morning dose given late does not take the evening's.
  One whose outcome could not be read covers nothing and is asked about itself.
- Of an order of an earlier stay nothing is computed: nobody of this stay ordered it.
- A due time of the last day that has passed without a record is asked about where it is later
  than the order's last recorded dose, or than what the ward has surely charted (charted up to
  minus its usual lag), and not earlier than the order is known to stand.
"""

from __future__ import annotations

from bisect import bisect_right
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
from wardkeep.kernel.times import DAY, HOUR, MINUTE, Moment, Precision
from wardkeep.kernel.wall_clock import local, micros

LOOK_BACK = DAY
"""How far back overdue doses are listed: a day of paper."""

LOOK_AHEAD = (2 * DAY, 9 * DAY, 40 * DAY)
"""How far the next dose is sought, wider only while none is found."""

_REACH_BACK = (3 * DAY, 16 * DAY, 70 * DAY)
"""Far enough for the last two daily, weekly and monthly doses; most need the first only."""

_MUCH_NEARER = 3
"""A dose is early for the next due time, and not late for the open one before it, where it is
so many times nearer to the next (own choice: 08:00 and 20:00 part at 17:00)."""

_EARLY_FOR_THE_FIRST = 2 * DAY
"""A dose so long before an order's only due time is of that time."""

_LIMIT = 2000
_DAY_MINUTES = 24 * 60
_NEVER_DUE = {TimingForm.CONTINUOUS, TimingForm.AS_NEEDED, TimingForm.UNREADABLE}
_TO_THE_MINUTE = {Precision.MINUTE, Precision.SECOND}


def due_between(
    order: MedicationOrder, doses: Sequence[Dose], rules: Rules, start: int, end: int
) -> tuple[int, ...]:
    """Return the due times with start <= t < end (UTC microseconds), oldest first.

    Times already covered by a recorded dose are among them: a grid shows them as done.
    """
    if not _computes(order, rules):
        return ()
    if order.timing.value.form in _NEVER_DUE:
        return ()
    zone = ZoneInfo(rules.timezone)
    found = sorted(set(_due(_placed(order), doses, rules, zone, (start, end))))
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


class DueTimes(msgspec.Struct, frozen=True):
    """Of one order, in UTC microseconds.

    `asked`: fell due without a record, or recorded with an outcome that could not be read;
    `boxes`: still to give until the end asked for; `later`: the next one after it; `known`:
    False where no due time can be computed at all.
    """

    asked: tuple[int, ...] = ()
    boxes: tuple[int, ...] = ()
    later: int | None = None
    known: bool = False


def due_times(
    order: MedicationOrder,
    doses: Sequence[Dose],
    rules: Rules,
    now: int,
    end: int,
    charted: int | None = None,
) -> DueTimes:
    """Return what is asked and what is due of `order` until `end`, `doses` being its own.

    `charted` is the time up to which the ward has surely charted (UTC microseconds), None where
    nothing is charted for sure or it is not known: then the order's last dose decides.
    """
    unclear = unclear_times(doses, now)
    clear = [dose for dose in doses if dose.outcome is not DoseOutcome.UNCLEAR]
    times = _around(order, doses, rules, now, end)
    covered = _covered(sorted(dose.at.at for dose in clear), times)
    # The time of an unread outcome is asked for by that dose's own time, not twice.
    answered = covered | _covered(unclear, times)
    since = _asked_since(order, clear, covered, charted)
    passed = {at for at in times if now - LOOK_BACK < at <= now and at > since} - answered
    boxes = tuple(at for at in times if now < at < end and at not in covered)
    later = None if boxes else _first_after(order, doses, rules, covered, now)
    asked = tuple(sorted(passed | set(unclear)))
    return DueTimes(asked, boxes, later, bool(times or later))


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


def next_due(
    order: MedicationOrder,
    doses: Sequence[Dose],
    rules: Rules,
    now: int,
    charted: int | None = None,
) -> tuple[int, ...]:
    """Return what is asked about, then the next time after now; `charted` as in `due_times`."""
    if not _computes(order, rules):
        return ()
    mine = [dose for dose in doses if dose.order == order.order]
    due = due_times(order, mine, rules, now, now + LOOK_AHEAD[0], charted)
    coming = due.boxes[:1] or ((due.later,) if due.later is not None else ())
    return (*due.asked, *coming)


def unclear_times(doses: Sequence[Dose], now: int) -> tuple[int, ...]:
    """Return when doses of the last day were recorded whose outcome could not be read."""
    return tuple(
        sorted(
            {
                dose.at.at
                for dose in doses
                if dose.outcome is DoseOutcome.UNCLEAR and dose.at.at > now - LOOK_BACK
            }
        )
    )


def surely_charted(charted_up_to: int | None, lag_minutes: int) -> int | None:
    """Return up to when a ward has surely charted: its newest dose less its usual lag."""
    return None if charted_up_to is None else charted_up_to - lag_minutes * MINUTE


def _covered(given: Sequence[int], times: Sequence[int]) -> set[int]:
    """Return the due times that recorded doses answer for, doses and times oldest first."""
    covered: set[int] = set()
    for each in given:
        place = bisect_right(times, each)
        before = times[place - 1] if place else None
        after = times[place] if place < len(times) else None
        if before is None and after is not None:
            # Of a time before the first known, unless it was early for the first.
            early = (times[1] - after) // 2 if len(times) > 1 else _EARLY_FOR_THE_FIRST
            covered |= {after} if after - each < early else set()
        elif before is not None and (after is None or _is_of(each, before, after, covered)):
            covered.add(before)
        elif after is not None:
            covered.add(after)
    return covered


def _is_of(given: int, before: int, after: int, covered: set[int]) -> bool:
    """Say whether a dose is late for the time before it, and not early for the next."""
    late = given - before
    if before not in covered and after - before <= DAY:
        # What is given every few days is safer left out than given twice: the nearest counts.
        late //= _MUCH_NEARER
    return late <= after - given


def _around(
    order: MedicationOrder, doses: Sequence[Dose], rules: Rules, now: int, end: int
) -> tuple[int, ...]:
    """Return due times from the last two before `now`, or all there are, until after `end`.

    Else last Monday's dose would be taken for next Monday's and hide its box.
    """
    times: tuple[int, ...] = ()
    start = order.timing.value.start
    for back in _REACH_BACK:
        times = due_between(order, doses, rules, now - back, end + 12 * HOUR)
        if (len(times) > 1 and times[1] <= now) or (start and start.at >= now - back):
            break
    return times


def _asked_since(
    order: MedicationOrder, doses: Sequence[Dose], covered: set[int], charted: int | None
) -> int:
    """Return the time after which a passed due time is asked about."""
    start = order.timing.value.start
    stands = max(_entered(order), start.at if start else 0) - 1
    if not doses:
        return stands
    recorded = max([*covered, max(dose.at.at for dose in doses)])
    return recorded if charted is None else min(recorded, max(charted, stands))


def _first_after(
    order: MedicationOrder, doses: Sequence[Dose], rules: Rules, covered: set[int], now: int
) -> int | None:
    """Return the next due time however far ahead, None where there is none."""
    for ahead in LOOK_AHEAD:
        times = due_between(order, doses, rules, now, now + ahead)
        coming = [at for at in times if at > now and at not in covered]
        if coming:
            return coming[0]
    return None


def _computes(order: MedicationOrder, rules: Rules) -> bool:
    if any(flag.kind is FlagKind.EARLIER_STAY for flag in order.flags):
        return False
    return rules.compute_next_due and order.state.value is OrderState.ACTIVE


def _placed(order: MedicationOrder) -> Timing:
    """Return the timing; what is to be given once, without a time, is due when ordered."""
    timing = order.timing.value
    if timing.form is not TimingForm.ONCE or timing.start or timing.times or timing.phases:
        return timing
    return msgspec.structs.replace(timing, start=Moment(_entered(order), Precision.SECOND, ""))


def _entered(order: MedicationOrder) -> int:
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
    return max((dose.at for dose in doses), key=lambda at: at.at, default=None)


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
