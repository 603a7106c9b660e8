"""The lines of the MAR: one a medicine order, never merged, never corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

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
from wardkeep.hospital.site import Rules, Ward
from wardkeep.kernel.times import DAY, MINUTE
from wardkeep.pack.doses_told import is_same_drug, last_day, tell
from wardkeep.pack.grid import cells, shut, write_in
from wardkeep.pack.high_risk import risk_of
from wardkeep.pack.pen import Pen
from wardkeep.pack.timing_words import changes, day_warning, in_words, phases
from wardkeep.paper.calendar import Column
from wardkeep.paper.forms import Cell, Line

_TAKEN = {DoseOutcome.GIVEN, DoseOutcome.PARTIAL}


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
    """Doses of the last 24 h of what may be this drug, under an order that nobody has sent."""
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
    mine: dict[str, list[Dose]] = {}
    for dose in doses:
        mine.setdefault(dose.order, []).append(dose)
    instead = {
        order.replaced_by for order in orders if order.state.value is OrderState.REPLACED
    }
    known = {order.order for order in orders}
    strays = [d for d in doses if d.order not in known and d.at.at > now - DAY]
    found = []
    for order in orders:
        own = tuple(mine.get(order.order, ()))
        due = _due(order, own, ward, now)
        made = Medicine(
            order=order,
            doses=own,
            due=due,
            doubt=doubt,
            ended=ended_at(order, ward.rules, now),
            elsewhere=tuple(d for d in strays if is_same_drug(d.drug, order.drug.value)),
            amounts=_amounts(order, own, due, ward.rules),
            replaces=order.order in instead and _begins_after(order, now),
        )
        found.append(made)
    return found


def _amounts(
    order: MedicationOrder, doses: Sequence[Dose], due: DueTimes, rules: Rules
) -> Mapping[int, str]:
    if not (order.timing.value.form is TimingForm.PHASES and has_several_doses(order)):
        return {}
    return {at: dose_at(order, doses, rules, at) for at in (*due.asked, *due.boxes)}


def _begins_after(order: MedicationOrder, now: int) -> bool:
    start = order.timing.value.start
    return start is not None and start.at > now


def _due(order: MedicationOrder, doses: Sequence[Dose], ward: Round, now: int) -> DueTimes:
    standing = order.state.value is OrderState.ACTIVE
    if not (standing and ward.computed) or order.kind in {
        OrderKind.AS_NEEDED,
        OrderKind.INFUSION,
    }:
        return DueTimes(asked=unclear_times(doses, now))
    due = due_times(order, doses, ward.rules, now, ward.end)
    return due if ward.doses_fed or doses else msgspec.structs.replace(due, asked=())


def line(medicine: Medicine, ward: Round, pen: Pen) -> Line:
    """Return the printed line of an order that stands."""
    order = medicine.order
    return Line(
        drug=_drug(order, pen),
        dose=_dose(order, pen),
        boxed=_lost_characters(order),
        how=_how(order, ward.rules, pen),
        details=_details(order, ward.rules, pen),
        warnings=_warnings(medicine, pen),
        risk=pen.say(risk) if (risk := risk_of(order)) else "",
        given=last_day(
            medicine.doses,
            pen,
            fed=ward.doses_fed,
            heard=ward.doses_heard,
            doubt=medicine.doubt,
            ordered=order.drug.value,
        ),
        ask=_ask(medicine, pen),
        cells=_cells(medicine, ward, pen),
    )


def _cells(medicine: Medicine, ward: Round, pen: Pen) -> tuple[Cell, ...]:
    order = medicine.order
    if (
        order.timing.value.form is TimingForm.ONCE
        and order.state.value is not OrderState.HELD
        and (told := _once_recorded(medicine, pen))
    ):
        # An open row beside a dose that was recorded once for all would be filled again.
        return shut(ward.columns, told)
    return cells(
        order,
        medicine.due,
        ward.columns,
        pen,
        computed=ward.computed,
        amounts=medicine.amounts,
    )


def _once_recorded(medicine: Medicine, pen: Pen) -> str:
    """Return what a record of an order's only dose means for giving it, "" without one."""
    clear = [each for each in medicine.doses if each.outcome is not DoseOutcome.UNCLEAR]
    given = next((each for each in clear if each.outcome is DoseOutcome.GIVEN), None)
    if given is not None:
        when = pen.calendar.moment(given.at)
        return pen.say("ONCE ONLY, GIVEN {when}: DO NOT GIVE AGAIN", when=when)
    if not clear:
        return ""
    when = pen.calendar.moment(clear[0].at)
    if clear[0].outcome is DoseOutcome.PARTIAL:
        return pen.say("ONCE ONLY, PARTLY GIVEN {when}: ASK BEFORE GIVING MORE", when=when)
    return pen.say("ONCE ONLY, RECORDED AS NOT GIVEN {when}: ASK BEFORE GIVING", when=when)


def ended_line(medicine: Medicine, ward: Round, pen: Pen) -> Line:
    """Return the line of an order that was ended: its last doses stay to be seen."""
    told = msgspec.structs.replace(line(medicine, ward, pen), ask=())
    return msgspec.structs.replace(
        told, cells=shut(ward.columns, pen.say("STOPPED: DO NOT GIVE"))
    )


def past_line(medicine: Medicine, ward: Round, pen: Pen) -> Line:
    """Return the line of an order whose end time has passed: what is not charted is asked."""
    stop = medicine.order.timing.value.stop
    when = pen.calendar.moment(stop) if stop else ""
    return msgspec.structs.replace(
        line(medicine, ward, pen),
        cells=shut(ward.columns, pen.say("ENDED {when}: DO NOT GIVE", when=when)),
    )


def earlier_line(medicine: Medicine, ward: Round, pen: Pen) -> Line:
    """Return the line of an order of an earlier stay, which nobody ended nor ordered again."""
    told = pen.say("ORDERED IN AN EARLIER STAY: ASK A DOCTOR, DO NOT GIVE BEFORE")
    return msgspec.structs.replace(line(medicine, ward, pen), cells=shut(ward.columns, told))


def again_line(medicine: Medicine, ward: Round, pen: Pen) -> Line:
    """Return the line of an order that was ended and then told as new."""
    since = pen.calendar.short(medicine.order.state.source.event)
    told = pen.say(
        "STOPPED {when}, THEN ORDERED AGAIN: ASK A DOCTOR, DO NOT GIVE BEFORE", when=since
    )
    return msgspec.structs.replace(line(medicine, ward, pen), cells=shut(ward.columns, told))


def orphan_line(dose: Dose, ward: Round, pen: Pen) -> Line:
    """Return the line of a dose whose order no feed has sent."""
    return Line(
        drug=pen.coded(dose.drug) or pen.say("NO DRUG NAMED"),
        dose=pen.sent(dose.amount) or pen.say("DOSE NOT RECORDED"),
        how=pen.say("no order known for it"),
        given=(tell(dose, pen),),
        ask=_asked(unclear_times((dose,), pen.now), pen),
        cells=write_in(ward.columns),
    )


def recently_given(medicine: Medicine, now: int) -> bool:
    """Say whether a dose of the order was recorded in the last 24 h, or may act still.

    A patch of three days is on the skin when its order ends.
    """
    timing = medicine.order.timing.value
    interval = timing.every_minutes * MINUTE if timing.form is TimingForm.INTERVAL else 0
    return any(dose.at.at > now - max(DAY, interval) for dose in medicine.doses)


def _drug(order: MedicationOrder, pen: Pen) -> str:
    return pen.coded(order.drug.value) or pen.say("NO DRUG NAMED")


def has_several_doses(order: MedicationOrder) -> bool:
    """Say whether the dose depends on the period or hour: no one dose may stand for it."""
    timing = order.timing.value
    if timing.form is TimingForm.PHASES:
        return len({phase.dose for phase in timing.phases}) > 1
    return timing.form is TimingForm.UNREADABLE and bool(timing.dose)


def several_doses(order: MedicationOrder, pen: Pen) -> str:
    """Return what stands where one dose would, for an order that has several."""
    timing = order.timing.value
    if timing.form is TimingForm.PHASES and not changes(timing):
        return pen.say("DOSE BY HOUR")
    return pen.say("DOSE BY PERIOD")


def _dose(order: MedicationOrder, pen: Pen) -> str:
    if has_several_doses(order):
        return several_doses(order, pen)
    if order.dose is not None and order.dose.value:
        dose = pen.sent(order.dose.value)
        bare = any(flag.kind is FlagKind.DOSE_WITHOUT_UNIT for flag in order.flags)
        return pen.say("{dose} UNIT NOT SENT", dose=dose) if bare else dose
    if order.kind is OrderKind.INFUSION and order.rate:
        return pen.sent(order.rate)
    return pen.say("DOSE NOT RECORDED")


def _lost_characters(order: MedicationOrder) -> bool:
    return any(flag.kind is FlagKind.LOST_CHARACTERS for flag in order.flags)


def _how(order: MedicationOrder, rules: Rules, pen: Pen) -> str:
    route = pen.coded(order.route.value) if order.route else pen.say("ROUTE NOT RECORDED")
    for other in order.other_routes:
        route = pen.say("{route} OR {other}", route=route, other=pen.coded(other))
    timing = in_words(order.timing.value, rules.standard_hours, pen)
    parts = (route, pen.sent(order.site), timing, _as_needed_for(order, pen))
    return " · ".join(part for part in parts if part)


def _as_needed_for(order: MedicationOrder, pen: Pen) -> str:
    if order.kind is not OrderKind.AS_NEEDED:
        return ""
    reason = pen.sent(order.as_needed_reason) or pen.say("reason NOT RECORDED")
    most = pen.sent(order.maximum) or pen.say("NOT RECORDED")
    return pen.say("for: {reason}; maximum: {most}", reason=reason, most=most)


def _details(order: MedicationOrder, rules: Rules, pen: Pen) -> tuple[str, ...]:
    timing = order.timing.value
    lines = phases(timing, rules.standard_hours, pen)
    lines += [
        pen.say("with {parts}", parts=" ".join(part for part in parts if part))
        for component in order.components
        for parts in (
            (pen.coded(component.drug), pen.sent(component.amount), pen.sent(component.unit)),
        )
    ]
    lines += [pen.sent(text) for text in order.instructions]
    stock = " ".join(pen.sent(text) for text in (order.form, order.give_strength) if text)
    who = pen.sent(order.prescriber.value.name) if order.prescriber else ""
    sent = pen.say("timing sent: {timing}", timing=pen.sent(timing.text)) if timing.text else ""
    stop = pen.say("until {when}", when=pen.calendar.moment(timing.stop)) if timing.stop else ""
    last = (pen.say("stock: {stock}", stock=stock) if stock else "", sent, stop,
            pen.sent(order.indication), who or pen.say("prescriber NOT RECORDED"))  # fmt: skip
    return (*lines, " · ".join(part for part in last if part))


def _warnings(medicine: Medicine, pen: Pen) -> tuple[str, ...]:
    order = medicine.order
    found = [day_warning(order.timing.value, pen)]
    if order.state.value is OrderState.HELD:
        found.append(
            pen.say("ON HOLD since {when}", when=pen.calendar.short(order.state.source.event))
        )
    if order.kind is OrderKind.INFUSION and order.state.value is OrderState.ACTIVE:
        found.append(_rate(medicine, pen))
    if medicine.replaces and (start := order.timing.value.start):
        when = pen.calendar.moment(start)
        found.append(
            pen.say(
                "REPLACES ANOTHER ORDER, FROM {when} ONLY: ASK WHAT IS GIVEN UNTIL THEN",
                when=when,
            )
        )
    if any(flag.kind is FlagKind.TIMING_UNREADABLE for flag in order.flags):
        found.append(pen.say("TIMING AS SENT: it could not be read"))
    return tuple(text for text in found if text)


def _rate(medicine: Medicine, pen: Pen) -> str:
    order = medicine.order
    newest = next((dose for dose in medicine.doses if dose.rate), None)
    if newest is not None:
        when, rate = newest.at.at, newest.rate
    else:
        when, rate = order.timing.source.sent, order.rate
    told = pen.sent(rate) or pen.say("NOT RECORDED")
    return pen.say(
        "Rate last sent at {when}: {rate}. READ THE PUMP: ________",
        when=pen.calendar.short(when),
        rate=told,
    )


def _ask(medicine: Medicine, pen: Pen) -> tuple[str, ...]:
    """Return what stands in bold over the doses given: what to ask, when it was last given."""
    asked = (
        *_asked(medicine.due.asked, pen, medicine.amounts),
        *(
            pen.say("GIVEN UNDER ANOTHER ORDER? {dose}", dose=tell(each, pen))
            for each in medicine.elsewhere
        ),
    )
    if medicine.order.kind is OrderKind.AS_NEEDED:
        return (*asked, _last_given(medicine, pen))
    return asked


def _asked(
    times: Sequence[int], pen: Pen, amounts: Mapping[int, str] | None = None
) -> tuple[str, ...]:
    told = [f"{pen.calendar.short(at)} {pen.sent((amounts or {}).get(at, ''))}" for at in times]
    return tuple(pen.say("ASK: GIVEN? {when}", when=each.rstrip()) for each in told)


def _last_given(medicine: Medicine, pen: Pen) -> str:
    given = next((dose for dose in medicine.doses if dose.outcome in _TAKEN), None)
    if given is None:
        return pen.say("LAST GIVEN: NOT RECORDED. Ask before giving")
    return pen.say("LAST GIVEN: {dose}", dose=pen.calendar.moment(given.at))
