"""The lines of the MAR: one a medicine order, never merged, never corrected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from wardkeep.chart.due import unclear_times
from wardkeep.chart.model import (
    Dose,
    DoseOutcome,
    FlagKind,
    MedicationOrder,
    OrderKind,
    OrderState,
    TimingForm,
)
from wardkeep.chart.text import normal
from wardkeep.hospital.site import Rules
from wardkeep.pack.doses_told import last_day, missed, tell
from wardkeep.pack.grid import cells, shut, write_in
from wardkeep.pack.high_risk import risk_of
from wardkeep.pack.medicines import TAKEN, Medicine, Round, has_several_doses
from wardkeep.pack.pen import Pen
from wardkeep.pack.tall_man_names import mistaken_for
from wardkeep.pack.timing_words import changes, day_warning, in_words, phases
from wardkeep.paper.forms import Cell, Line
from wardkeep.paper.words import N_


def line(medicine: Medicine, ward: Round, pen: Pen) -> Line:
    """Return the printed line of an order that stands."""
    return msgspec.structs.replace(
        order_line(medicine, ward, pen),
        given=last_day(
            medicine.doses,
            pen,
            fed=ward.doses_fed,
            heard=ward.doses_heard,
            doubt=medicine.doubt,
            ordered=medicine.order.drug.value,
        ),
        missed=missed(medicine.doses, pen) if ward.doses_fed and ward.doses_heard else (),
        ask=_ask(medicine, pen),
        cells=_cells(medicine, ward, pen),
    )


def order_line(medicine: Medicine, ward: Round, pen: Pen) -> Line:
    """Return what is said of an order itself, without doses given and hours."""
    order = medicine.order
    return Line(
        drug=_drug(order, pen),
        dose=dose_of(order, pen),
        boxed=_lost_characters(order),
        how=_how(order, ward.rules, pen),
        details=_details(order, ward.rules, pen),
        warnings=_warnings(medicine, ward, pen),
        risk=pen.say(risk) if (risk := risk_of(order)) else "",
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


_IN_DOUBT: dict[FlagKind, str] = {
    FlagKind.ORDERED_AGAIN: N_(
        "STOPPED {when}, THEN ORDERED AGAIN: ASK A DOCTOR, DO NOT GIVE BEFORE"
    ),
    FlagKind.REPLACEMENT_UNKNOWN: N_(
        "REPLACED {when}, NEW ORDER NOT KNOWN HERE: ASK A DOCTOR WHAT TO GIVE"
    ),
    FlagKind.ORDER_UNKNOWN: N_("A STOP OF {when} NAMES NO DRUG: ASK WHICH ORDER IT MEANT"),
}
"""Why it is not clear whether an order stands."""


def in_doubt(order: MedicationOrder) -> bool:
    """Say whether it is not clear if an order that was ended stands, or what stands for it.

    Of an earlier stay nothing is: it ended with the stay.
    """
    kinds = {flag.kind for flag in order.flags}
    if order.state.value in {OrderState.ACTIVE, OrderState.HELD}:
        return False
    return FlagKind.EARLIER_STAY not in kinds and not kinds.isdisjoint(_IN_DOUBT)


def doubt_line(medicine: Medicine, ward: Round, pen: Pen) -> Line:
    """Return the line of an order of which it is not clear whether it stands."""
    since = pen.calendar.short(medicine.order.state.source.event)
    kinds = {flag.kind for flag in medicine.order.flags}
    words = next(words for kind, words in _IN_DOUBT.items() if kind in kinds)
    told = pen.say(words, when=since)
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


def _drug(order: MedicationOrder, pen: Pen) -> str:
    return pen.coded(order.drug.value) or pen.say("NO DRUG NAMED")


def several_doses(order: MedicationOrder, pen: Pen) -> str:
    """Return what stands where one dose would, for an order that has several."""
    timing = order.timing.value
    if timing.form is TimingForm.PHASES and not changes(timing):
        return pen.say("DOSE BY HOUR")
    return pen.say("DOSE BY PERIOD")


def dose_of(order: MedicationOrder, pen: Pen) -> str:
    """Return the dose as sent, or in words why no one dose stands here; never a blank."""
    if has_several_doses(order):
        return several_doses(order, pen)
    if order.dose is not None and order.dose.value:
        dose = pen.sent(order.dose.value)
        bare = any(flag.kind is FlagKind.DOSE_WITHOUT_UNIT for flag in order.flags)
        return pen.say("{dose} UNIT NOT SENT", dose=dose) if bare else dose
    if order.kind is OrderKind.INFUSION and order.rate:
        return pen.sent(order.rate)
    if _says_a_dose(order.timing.value.dose):
        quantity = pen.sent(order.timing.value.dose)
        return pen.say("{dose} (SENT WITH THE TIMING)", dose=quantity)
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
    form = " ".join(pen.sent(text) for text in (order.form, order.give_strength) if text)
    who = pen.sent(order.prescriber.value.name) if order.prescriber else ""
    sent = pen.say("timing sent: {timing}", timing=pen.sent(timing.text)) if timing.text else ""
    stop = pen.say("until {when}", when=pen.calendar.moment(timing.stop)) if timing.stop else ""
    last = (pen.say("form: {form}", form=form) if form else "", sent, stop,
            pen.sent(order.indication), who or pen.say("prescriber NOT RECORDED"))  # fmt: skip
    return (*lines, " · ".join(part for part in last if part))


def _warnings(medicine: Medicine, ward: Round, pen: Pen) -> tuple[str, ...]:
    order = medicine.order
    found = [
        mistaken_for(order.drug.value, ward.look_alikes, pen),
        day_warning(order.timing.value, pen),
        *_doubts(order, pen),
    ]
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


_DOUBTS: dict[FlagKind, str] = {
    FlagKind.CHANGE_REFUSED: N_("THE PHARMACY REFUSED A CHANGE: ASK WHAT STANDS"),
    FlagKind.OLDER_PARTS: N_(
        "ROUTE OR ADDITIVES WERE TOLD BEFORE THE LAST CHANGE OF DRUG OR DOSE: ASK"
    ),
}


def _doubts(order: MedicationOrder, pen: Pen) -> list[str]:
    kinds = {flag.kind for flag in order.flags}
    found = [pen.say(words) for kind, words in _DOUBTS.items() if kind in kinds]
    quantity = order.timing.value.dose
    if order.dose is not None and order.dose.value and _says_a_dose(quantity):
        sent = normal(order.dose.value)
        if normal(quantity) != sent and order.timing.value.form is not TimingForm.UNREADABLE:
            told = pen.sent(quantity)
            found.append(pen.say("QUANTITY SENT WITH THE TIMING: {dose}. ASK", dose=told))
    return found


def _says_a_dose(quantity: str) -> bool:
    """Say whether a timing's quantity (TQ1-2) is a dose: a bare number counts services."""
    return any(char.isalpha() for char in quantity)


def _rate(medicine: Medicine, pen: Pen) -> str:
    """Return the rate told last, by the order or with a dose, and the other if it differs."""
    order = medicine.order
    since = order.rate_told or order.timing.source.sent
    told = [(since, order.rate)] if order.rate else []
    told += [(d.at.at, d.rate) for d in medicine.doses if d.rate and d.outcome in TAKEN][:1]
    if not told:
        return pen.say(
            "Rate last sent at {when}: {rate}. READ THE PUMP: ________",
            when=pen.calendar.short(order.timing.source.sent),
            rate=pen.say("NOT RECORDED"),
        )
    (when, rate), *before = sorted(told, reverse=True)
    words = pen.say(
        "Rate last sent at {when}: {rate}. READ THE PUMP: ________",
        when=pen.calendar.short(when),
        rate=pen.sent(rate),
    )
    if before and before[0][1] != rate:
        at, other = before[0]
        words += f" ({pen.calendar.short(at)}: {pen.sent(other)})"
    return words


def _ask(medicine: Medicine, pen: Pen) -> tuple[str, ...]:
    """Return what stands in bold over the doses given: what to ask, when it was last given."""
    asked = (
        *_asked(medicine.due.asked, pen, medicine.amounts),
        *(
            pen.say("GIVEN UNDER ANOTHER ORDER? {dose}", dose=tell(each, pen))
            for each in medicine.elsewhere
        ),
    )
    recent = medicine.doses[:1]
    # What stands on top of a column is taken for the last dose, also where it was refused.
    refused = any(dose.outcome not in TAKEN for dose in recent)
    if medicine.order.kind is OrderKind.AS_NEEDED or refused:
        return (*asked, _last_given(medicine, pen))
    return asked


def _asked(
    times: Sequence[int], pen: Pen, amounts: Mapping[int, str] | None = None
) -> tuple[str, ...]:
    told = [f"{pen.calendar.short(at)} {pen.sent((amounts or {}).get(at, ''))}" for at in times]
    return tuple(pen.say("ASK: GIVEN? {when}", when=each.rstrip()) for each in told)


def _last_given(medicine: Medicine, pen: Pen) -> str:
    given = next((dose for dose in medicine.doses if dose.outcome in TAKEN), None)
    if given is None:
        return pen.say("LAST GIVEN: NOT RECORDED. Ask before giving")
    return pen.say("LAST GIVEN: {dose}", dose=pen.calendar.moment(given.at))
