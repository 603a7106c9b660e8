"""When doses are next due, for a screen: computed from the orders, always marked COMPUTED."""

from __future__ import annotations

import msgspec

from wardkeep.chart.due import next_due
from wardkeep.chart.model import Dose, MedicationOrder, OrderState, PatientChart
from wardkeep.hospital.site import Rules, Ward
from wardkeep.kernel.times import HOUR

# Inpatients of a large group: their orders and doses are kept in memory by it.
_MOST_KEPT = 3000
# Overdue doses drop out of the list a day after (chart.due): no need to be finer than this.
_LONGEST_KEPT = HOUR


class Due(msgspec.Struct, frozen=True, order=True):
    """One order's next dose. `at` in UTC microseconds; `order` its number; `drug` as sent.

    A dose of the past is one that nobody has charted, which does not say that it was not given.
    """

    at: int
    order: str
    drug: str


class _Kept(msgspec.Struct, frozen=True):
    orders: tuple[MedicationOrder, ...]
    doses: tuple[Dose, ...]
    made: int
    until: int
    fed: bool
    dues: tuple[Due, ...]


class DueBook:
    """Next doses as computed lately, so that a board that refreshes computes what changed.

    What was computed from the same orders and doses stands until the next of them is due.
    """

    def __init__(self) -> None:
        self._kept: dict[str, _Kept] = {}

    def dues_of(
        self,
        patient: PatientChart,
        rules: Rules,
        declared: Ward | None,
        now: int,
        *,
        fed: bool = True,
    ) -> tuple[Due, ...]:
        """Return what `dues_of` returns."""
        kept = self._kept.get(patient.record)
        if (
            kept is not None
            and kept.made <= now < kept.until
            and kept.orders == patient.orders
            and kept.doses == patient.doses
            and kept.fed is fed
        ):
            return kept.dues
        if len(self._kept) >= _MOST_KEPT:
            self._kept.clear()
        dues = dues_of(patient, rules, declared, now, fed=fed)
        until = min([now + _LONGEST_KEPT, *(due.at for due in dues if due.at > now)])
        self._kept[patient.record] = _Kept(patient.orders, patient.doses, now, until, fed, dues)
        return dues


def dues_of(
    patient: PatientChart,
    rules: Rules,
    declared: Ward | None,
    now: int,
    *,
    fed: bool = True,
) -> tuple[Due, ...]:
    """Return the next dose of every active order, soonest first; () where the site says no.

    Where doses given are not `fed` to the ward nothing is told as not charted: nobody can know.
    """
    if not rules.compute_next_due or (declared is not None and not declared.next_due):
        return ()
    found = []
    for order in patient.orders:
        if order.state.value is OrderState.ACTIVE:
            times = next_due(order, patient.doses, rules, now)
            drug = order.drug.value.text or order.drug.value.code
            known = fed or any(dose.order == order.order for dose in patient.doses)
            told = [at for at in times if known or at > now]
            found += [Due(at, order.order, drug) for at in told[:1]]
    return tuple(sorted(found))
