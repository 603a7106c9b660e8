"""Which due times of an order still need a dose: the boxes of the grid and ASK: GIVEN?.

Rules kept here (docs/intended-purpose.md, "next due"):
- Due times come from `wardkeep.chart.due`; a recorded dose, whatever its outcome, covers the
  due time nearest to it, so that a dose given early leaves no second box.
- A due time that has passed without a record is asked about, for one day back: from the last
  recorded dose on, or, where none is, from the time the order is known to stand.
- Where doses given are not fed nothing is asked: nobody can know, and the sheet says NOT FED.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from wardkeep.chart.due import due_between, next_due
from wardkeep.chart.model import Dose, MedicationOrder
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import DAY, HOUR

_COVERS = 2 * DAY
"""A dose recorded longer ago covers nothing that a sheet still shows."""

_REACH_BACK = (3 * DAY, 10 * DAY, 40 * DAY)
"""Far enough for daily, weekly and monthly doses; most orders need the first only."""


class DueTimes(msgspec.Struct, frozen=True):
    """Of one order, in UTC microseconds.

    `asked`: fell due without a record; `boxes`: still to give within the grid; `later`: the
    next one after the grid; `known`: False where no due time can be computed at all.
    """

    asked: tuple[int, ...] = ()
    boxes: tuple[int, ...] = ()
    later: int | None = None
    known: bool = False


def due_times(
    order: MedicationOrder, doses: Sequence[Dose], rules: Rules, now: int, end: int
) -> DueTimes:
    """Return what is asked and what is due of `order` until `end`, `doses` being its own."""
    recent = [dose.at.at for dose in doses if dose.at.at > now - _COVERS]
    times = _around(order, doses, rules, min(recent, default=now), (now, end))
    covered = {min(times, key=lambda at: abs(at - given)) for given in recent if times}
    passed = [at for at in times if now - DAY < at <= now]
    boxes = tuple(at for at in times if now < at < end and at not in covered)
    coming = [] if boxes else [at for at in next_due(order, doses, rules, now) if at > now]
    asked = tuple(
        at for at in passed if at not in covered and at > _from(order, doses, covered)
    )
    return DueTimes(asked, boxes, coming[0] if coming else None, bool(times or coming))


def _around(
    order: MedicationOrder,
    doses: Sequence[Dose],
    rules: Rules,
    oldest: int,
    span: tuple[int, int],
) -> tuple[int, ...]:
    """Return due times that reach back before the `oldest` dose that may cover one.

    Else last Monday's dose would be nearest to next Monday's due time and hide its box.
    """
    now, end = span
    times: tuple[int, ...] = ()
    for back in _REACH_BACK:
        times = due_between(order, doses, rules, now - back, end + 12 * HOUR)
        if times and times[0] <= oldest:
            break
    return times


def _from(order: MedicationOrder, doses: Sequence[Dose], covered: set[int]) -> int:
    """Return the time after which a passed due time is asked about."""
    if doses:
        return max([*covered, max(dose.at.at for dose in doses)])
    start = order.timing.value.start
    entered = order.entered.at if order.entered else order.drug.source.event
    return max(entered, start.at - 1 if start else 0)
