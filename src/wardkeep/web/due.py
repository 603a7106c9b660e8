"""When doses are next due, for a screen: computed from the orders, always marked COMPUTED."""

from __future__ import annotations

import msgspec

from wardkeep.chart.due import next_due
from wardkeep.chart.model import OrderState, PatientChart
from wardkeep.hospital.site import Rules, Ward


class Due(msgspec.Struct, frozen=True, order=True):
    """One order's next dose. `at` in UTC microseconds; `order` its number; `drug` as sent.

    A dose of the past is one that nobody has charted, which does not say that it was not given.
    """

    at: int
    order: str
    drug: str


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
