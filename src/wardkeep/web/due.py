"""When doses are next due, for a screen: computed from the orders, always marked COMPUTED."""

from __future__ import annotations

import msgspec

from wardkeep.chart.due import next_due
from wardkeep.chart.model import OrderState, PatientChart
from wardkeep.hospital.site import Rules, Ward
from wardkeep.kernel.times import MINUTE

# Inpatients of a large group; the charts themselves are kept alive by it.
_MOST_KEPT = 3000


class Due(msgspec.Struct, frozen=True, order=True):
    """One order's next dose. `at` in UTC microseconds; `order` its number; `drug` as sent.

    A dose of the past is one that nobody has charted, which does not say that it was not given.
    """

    at: int
    order: str
    drug: str


class DueBook:
    """Next doses as computed lately, so that a board that refreshes computes what changed.

    What was computed for the same orders and doses stands for a minute: due times are minutes.
    """

    def __init__(self) -> None:
        self._kept: dict[str, tuple[PatientChart, int, tuple[Due, ...]]] = {}

    def dues_of(
        self, patient: PatientChart, rules: Rules, declared: Ward | None, now: int
    ) -> tuple[Due, ...]:
        """Return what `dues_of` returns, at most a minute old."""
        kept = self._kept.get(patient.record)
        if kept is not None and 0 <= now - kept[1] < MINUTE and _same(kept[0], patient):
            return kept[2]
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        dues = dues_of(patient, rules, declared, now)
        self._kept[patient.record] = (patient, now, dues)
        return dues


def _same(one: PatientChart, other: PatientChart) -> bool:
    return one is other or (one.orders == other.orders and one.doses == other.doses)


def dues_of(
    patient: PatientChart, rules: Rules, declared: Ward | None, now: int
) -> tuple[Due, ...]:
    """Return the next dose of every active order, soonest first; () where the site says no."""
    if not rules.compute_next_due or (declared is not None and not declared.next_due):
        return ()
    found = []
    for order in patient.orders:
        if order.state.value is OrderState.ACTIVE:
            times = next_due(order, patient.doses, rules, now)
            drug = order.drug.value.text or order.drug.value.code
            found += [Due(at, order.order, drug) for at in times[:1]]
    return tuple(sorted(found))
