"""Which orders of a patient may be one order told twice, or one drug given twice.

Rules kept here:
- The same drug from two feeds, or from two stays, is always flagged; both lines stay.
- Within one feed and stay it is flagged only where both may be given at the same hour: a drug
  ordered by mornings and evenings, by turns of days or one course after the other is usual, and
  so is one as needed or once beside a regular one. A mark on each would be read past.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import msgspec

from wardkeep.chart.model import (
    Coded,
    Flag,
    FlagKind,
    MedicationOrder,
    OrderState,
    Timing,
    TimingForm,
)
from wardkeep.chart.text import normal
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import DAY

_STANDING = {OrderState.ACTIVE, OrderState.HELD}
_BESIDE = {TimingForm.ONCE, TimingForm.AS_NEEDED}
_BY_HOUR = {TimingForm.TIMES, TimingForm.CODE}


def with_duplicates(orders: Sequence[MedicationOrder], rules: Rules) -> list[MedicationOrder]:
    """Return the orders with POSSIBLE_DUPLICATE on each that may double another."""
    names: dict[str, list[MedicationOrder]] = {}
    for order in orders:
        if order.state.value in _STANDING:
            for name in _drug_names(order.drug.value):
                names.setdefault(name, []).append(order)
    twins: dict[str, set[Flag]] = {}
    for same in names.values():
        for one, other in combinations(same, 2):
            if _may_double(one, other, rules):
                for mine, its in ((one, other), (other, one)):
                    flag = Flag(FlagKind.POSSIBLE_DUPLICATE, its.order)
                    twins.setdefault(mine.order, set()).add(flag)
    return [
        msgspec.structs.replace(order, flags=tuple(sorted({*order.flags, *found})))
        if (found := twins.get(order.order))
        else order
        for order in orders
    ]


def _drug_names(drug: Coded) -> list[str]:
    names = [f"text {normal(drug.text)}"] if normal(drug.text) else []
    if drug.code:
        names.append(f"code {drug.system} {drug.code}")
    return names


def _may_double(one: MedicationOrder, other: MedicationOrder, rules: Rules) -> bool:
    if one.feed != other.feed or (one.visit and other.visit and one.visit != other.visit):
        return True
    mine, its = one.timing.value, other.timing.value
    if {mine.form, its.form} & _BESIDE or _follow(mine, its) or _take_turns(mine, its):
        return False
    if {mine.form, its.form} <= _BY_HOUR:
        return bool(_hours(mine, rules) & _hours(its, rules))
    return True


def _follow(one: Timing, other: Timing) -> bool:
    """Say whether one ends before the other begins."""
    return any(
        first.stop is not None and then.start is not None and first.stop.at <= then.start.at
        for first, then in ((one, other), (other, one))
    )


def _take_turns(one: Timing, other: Timing) -> bool:
    """Say whether they are given on different days of the week, or every n-th day by turns."""
    if one.weekdays and other.weekdays:
        return not set(one.weekdays) & set(other.weekdays)
    if one.every_days < 2 or one.every_days != other.every_days:  # noqa: PLR2004
        return False
    if one.start is None or other.start is None:
        return False
    return (abs(one.start.at - other.start.at) // DAY) % one.every_days != 0


def _hours(timing: Timing, rules: Rules) -> set[str]:
    if timing.form is TimingForm.TIMES:
        return set(timing.times)
    return set(rules.standard_hours.get(timing.code, ()))
