"""Which doses are asked about and which are due, from the schedule and the doses recorded.

A computed clinical value: whoever shows it marks it COMPUTED, and the site can turn it off.

Rules kept here:
- A recorded dose (given, held, refused...) covers the due time nearest to it, so that a dose
  given early leaves no second box; but one due before it that is still open rather than the
  next, unless the next is much nearer: a morning dose given late does not take the evening's.
  One whose outcome could not be read covers nothing and is asked about itself.
- A due time of the last day that has passed is asked about where no dose answers for it and the
  order stood already: a missed dose hides behind no later one, but for times before the timing
  was told last, when another may have held.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence

import msgspec

from wardkeep.chart.model import Dose, DoseOutcome, MedicationOrder
from wardkeep.chart.schedule import due_between, entered
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import DAY, HOUR

LOOK_BACK = DAY
"""How far back overdue doses are listed: a day of paper."""

LONGEST_BACK = 8 * DAY
"""How far back the last due time of an order is asked about: a weekly drug, and a day."""

LOOK_AHEAD = (2 * DAY, 9 * DAY, 40 * DAY)
"""How far the next dose is sought, wider only while none is found."""

_REACH_BACK = (3 * DAY, 16 * DAY, 70 * DAY)
"""Far enough for the last two daily, weekly and monthly doses; most need the first only."""

_MUCH_NEARER = 3
"""A dose is early for the next due time, and not late for the open one before it, where it is
so many times nearer to the next (own choice: 08:00 and 20:00 part at 17:00)."""

_EARLY_FOR_THE_FIRST = 2 * DAY
"""A dose so long before an order's only due time is of that time."""


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
) -> DueTimes:
    """Return what is asked and what is due of `order` until `end`, `doses` being its own."""
    unclear = unclear_times(doses, now)
    clear = [dose for dose in doses if dose.outcome is not DoseOutcome.UNCLEAR]
    times = _around(order, doses, rules, now, end)
    covered = _covered(sorted(dose.at.at for dose in clear), times)
    # The time of an unread outcome is asked for by that dose's own time, not twice.
    answered = covered | _covered(unclear, times)
    # The last due time of each order is asked about for longer: a patch, a weekly drug.
    newest = max((at for at in times if at <= now), default=now)
    since = max(min(now - LOOK_BACK, newest - 1), now - LONGEST_BACK, _stands(order))
    # Before the timing was told, another may have held: only what no dose followed is asked.
    told, last = (
        order.timing.source.event,
        max([*covered, *(d.at.at for d in clear)], default=0),
    )
    passed = {at for at in times if since < at <= now and at > min(told, last)} - answered
    boxes = tuple(at for at in times if now < at < end and at not in covered)
    later = None if boxes else _first_after(order, doses, rules, covered, now)
    asked = tuple(sorted(passed | set(unclear)))
    return DueTimes(asked, boxes, later, bool(times or later))


def unclear_times(doses: Sequence[Dose], now: int) -> tuple[int, ...]:
    """Return when doses of the last day were recorded whose outcome could not be read."""
    return tuple(
        sorted(
            {
                dose.at.at
                for dose in doses
                if dose.outcome is DoseOutcome.UNCLEAR and now - LOOK_BACK < dose.at.at <= now
            }
        )
    )


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


def _stands(order: MedicationOrder) -> int:
    """Return the time just before the order counted."""
    start = order.timing.value.start
    return max(entered(order), start.at if start else 0) - 1


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
