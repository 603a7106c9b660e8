"""A patient's orders with their doses and what is due of each: what the MAR is made of."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import islice

import msgspec

from wardkeep.chart.due import DueTimes, due_times, unclear_times
from wardkeep.chart.model import (
    Dose,
    DoseOutcome,
    FlagKind,
    MedicationOrder,
    OrderKind,
    OrderState,
    TimingForm,
)
from wardkeep.chart.schedule import dose_at, ended_at
from wardkeep.hospital.site import Paper, RecordSystem, Rules, Ward
from wardkeep.kernel.times import DAY, MINUTE
from wardkeep.pack.doses_told import is_same_drug
from wardkeep.pack.tall_man_names import LookAlikes
from wardkeep.paper.calendar import Column

TAKEN = {DoseOutcome.GIVEN, DoseOutcome.PARTIAL}
STANDING = {OrderState.ACTIVE, OrderState.HELD}
_MOST_ELSEWHERE = 3


class Round(msgspec.Struct, frozen=True):
    """What holds for every line of one ward's MARs."""

    rules: Rules
    columns: tuple[Column, ...]
    end: int
    computed: bool
    doses_fed: bool
    doses_heard: bool = True
    """Whether any dose was ever told here: before that "none" would be said of nothing."""
    orders_fed: bool = True
    declared: Ward | None = None
    """The ward as the site's settings name it."""
    look_alikes: LookAlikes = ()
    paper: Paper = Paper()
    systems: tuple[RecordSystem, ...] = ()
    """Declared systems of record that do not feed the ward's paper."""
    beds: Mapping[str, str] = {}
    """Where each record of the ward lies, to find whom an alert names."""


class Medicine(msgspec.Struct, frozen=True):
    """An order with its own doses, newest first, and what is due of it."""

    order: MedicationOrder
    doses: tuple[Dose, ...]
    due: DueTimes
    doubt: bool = False
    """A message of the last day that may tell a dose of the patient could not be read."""
    ended: int | None = None
    """When it ended by its own end time (UTC microseconds), though nobody stopped it."""
    amounts: Mapping[int, str] = {}
    """Of an order that has several doses, the one of each due time; "" where it is not told."""
    elsewhere: tuple[Dose, ...] = ()
    """Doses of the last 24 h of what may be this drug, under other orders, known or not."""
    replaces: bool = False
    """It replaces another order, which has ended, and begins only later itself."""


def medicines(
    orders: Sequence[MedicationOrder],
    doses: Sequence[Dose],
    ward: Round,
    now: int,
    *,
    doubt: bool = False,
) -> list[Medicine]:
    """Return every order with its doses and due times, in the chart's order."""
    mine = by_order(doses)
    instead = {
        order.replaced_by for order in orders if order.state.value is OrderState.REPLACED
    }
    found = []
    for order in orders:
        own = tuple(mine.get(order.order, ()))
        due = due_of(order, own, ward, now)
        made = Medicine(
            order=order,
            doses=own,
            due=due,
            doubt=doubt,
            ended=ended_at(order, ward.rules, now),
            elsewhere=given_elsewhere(order, doses, now),
            amounts=_amounts(order, own, due, ward.rules),
            replaces=order.order in instead and _begins_after(order, now),
        )
        found.append(made)
    return found


def by_order(doses: Sequence[Dose]) -> dict[str, list[Dose]]:
    """Return the doses of each order, as they were sorted."""
    found: dict[str, list[Dose]] = {}
    for dose in doses:
        found.setdefault(dose.order, []).append(dose)
    return found


def given_elsewhere(
    order: MedicationOrder, doses: Sequence[Dose], now: int
) -> tuple[Dose, ...]:
    """Return the newest doses of the last 24 h of what may be its drug under other orders."""
    found = (
        dose
        for dose in doses
        if dose.at.at > now - DAY
        and dose.order != order.order
        and dose.outcome in {*TAKEN, DoseOutcome.UNCLEAR}
        and is_same_drug(dose.drug, order.drug.value)
    )
    return tuple(islice(found, _MOST_ELSEWHERE))


def _amounts(
    order: MedicationOrder, doses: Sequence[Dose], due: DueTimes, rules: Rules
) -> Mapping[int, str]:
    if not (order.timing.value.form is TimingForm.PHASES and has_several_doses(order)):
        return {}
    return {at: dose_at(order, doses, rules, at) for at in (*due.asked, *due.boxes)}


def _begins_after(order: MedicationOrder, now: int) -> bool:
    start = order.timing.value.start
    return start is not None and start.at > now


def due_of(order: MedicationOrder, doses: Sequence[Dose], ward: Round, now: int) -> DueTimes:
    """Return what is asked and due of an order on this ward, `doses` being its own."""
    standing = order.state.value is OrderState.ACTIVE
    if not (standing and ward.computed) or order.kind in {
        OrderKind.AS_NEEDED,
        OrderKind.INFUSION,
    }:
        return DueTimes(asked=unclear_times(doses, now))
    due = due_times(order, doses, ward.rules, now, ward.end)
    return due if ward.doses_fed or doses else msgspec.structs.replace(due, asked=())


def stands(order: MedicationOrder, ended: int | None) -> bool:
    """Say whether an order stands in this stay; `ended` is its own end time if that passed."""
    return order.state.value in STANDING and ended is None and not of_earlier_stay(order)


def of_earlier_stay(order: MedicationOrder) -> bool:
    """Say whether an order is of a stay that has ended, and nobody ended the order."""
    return any(flag.kind is FlagKind.EARLIER_STAY for flag in order.flags)


def has_several_doses(order: MedicationOrder) -> bool:
    """Say whether the dose depends on the period or hour: no one dose may stand for it."""
    timing = order.timing.value
    if timing.form is TimingForm.PHASES:
        return len({phase.dose for phase in timing.phases}) > 1
    return timing.form is TimingForm.UNREADABLE and bool(timing.dose)


def recently_given(medicine: Medicine, now: int) -> bool:
    """Say whether a dose of the order was recorded in the last 24 h, or may act still.

    A patch of three days is on the skin when its order ends.
    """
    timing = medicine.order.timing.value
    interval = timing.every_minutes * MINUTE if timing.form is TimingForm.INTERVAL else 0
    return any(dose.at.at > now - max(DAY, interval) for dose in medicine.doses)
