"""The ward sheet: who lies in which bed, what is due next, and what this pack cannot know."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import msgspec

from wardkeep.chart.model import (
    AllergyState,
    FlagKind,
    OrderKind,
    OrderState,
    PatientChart,
    TimingForm,
)
from wardkeep.chart.ports import WardSummary
from wardkeep.chart.text import normal
from wardkeep.hospital.site import Paper, Ward
from wardkeep.kernel.times import HOUR
from wardkeep.pack.freshness import MAR_STREAMS, NAMES, Freshness
from wardkeep.pack.high_risk import drugs_by_risk
from wardkeep.pack.identity import (
    NAME_ALERTS,
    alerts,
    allergy_box,
    bed,
    born,
    code_status,
    default_rule,
    given,
    isolation,
    numbers,
    surname,
)
from wardkeep.pack.medication_lines import dose_of
from wardkeep.pack.medicines import Medicine, Round
from wardkeep.pack.pen import Pen
from wardkeep.pack.unfed_systems import tell_systems
from wardkeep.paper.forms import BedRow, Entry, WardSheet

DUE_WITHIN = 4 * HOUR
"""The ward sheet lists the doses of the next round or two."""

# More lines than this a bed would make the census a second MAR; the rest is counted.
_MOST_DUE = 6
_MOST_ASKED = 3
# Names that may be mistaken for another begin alike; they stand together in the alert.
_SAME_BEGINNING = 3


class Lying(msgspec.Struct, frozen=True):
    """One patient of the ward with the orders that stand."""

    patient: PatientChart
    standing: tuple[Medicine, ...]
    past: tuple[Medicine, ...]
    """The orders whose end time has passed: nothing is due, but doses may be asked about."""
    to_ask: int
    """Of how many orders it must be asked whether they stand."""
    no_order: str
    """What is said where no order stands."""
    further: tuple[str, ...]
    """Like birth dates on the ward, and messages that could not be read (pack.unread)."""


def ward_sheet(
    lying: Sequence[Lying], summary: WardSummary, ward: Round, fresh: Freshness, pen: Pen
) -> WardSheet:
    """Return the sheet without its codes."""
    declared = ward.declared
    name = pen.sent(summary.name or (declared.name if declared else ""))
    title = " · ".join(
        part for part in (pen.sent(summary.ward), name, pen.sent(summary.site)) if part
    )
    return WardSheet(
        title=title,
        counts=pen.say("{count} patients", count=len(lying)) + " · " + fresh.charted(),
        as_of=fresh.as_of(MAR_STREAMS),
        due_until=f"{pen.calendar.clock(pen.now)} → {pen.calendar.short(pen.now + DUE_WITHIN)}",
        alerts=_name_alerts(lying, pen),
        unknown=tuple(_unknown(lying, ward, fresh, pen)),
        streams=fresh.table(),
        beds=tuple(_row(each, ward, fresh, pen) for each in lying),
        empty_beds=_empty_beds(lying, declared, pen),
        telephones=telephones(declared, pen),
        by_name=_by_name(lying, pen),
        no_status=_no_status(lying, ward.paper, pen),
        old=fresh.old(),
        codes=(),
    )


def telephones(declared: Ward | None, pen: Pen) -> tuple[str, ...]:
    """Return a ward's direct lines, and when somebody last rang them."""
    if declared is None or not declared.telephones:
        return (pen.say("NOT RECORDED in the settings"),)
    day = declared.telephones_tested
    tested = (
        pen.say("(tested {date})", date=pen.calendar.birth(day))
        if day
        else pen.say("(NEVER TESTED)")
    )
    return (*(pen.sent(number) for number in declared.telephones), tested)


def _by_name(lying: Sequence[Lying], pen: Pen) -> tuple[tuple[str, str], ...]:
    """Return name with birth date, and bed, by name: for whoever asks at the desk."""
    rows = [
        (
            f"{surname(each.patient, pen)}, {given(each.patient, pen)} · "
            + born(each.patient, pen).split(" · ")[0],
            bed(each.patient, pen),
        )
        for each in lying
    ]
    return tuple(sorted(rows, key=lambda row: (normal(row[0]), row)))


def _no_status(lying: Sequence[Lying], paper: Paper, pen: Pen) -> str:
    """Return the site's rule where somebody on the ward has no code status."""
    if all(each.patient.code_status for each in lying):
        return ""
    return default_rule(paper, pen)


def _name_alerts(lying: Sequence[Lying], pen: Pen) -> tuple[str, ...]:
    """Return one line for each name that several patients of the ward share or nearly share."""
    beds: dict[str, list[str]] = {}
    for each in lying:
        if any(flag.kind in NAME_ALERTS for flag in each.patient.flags):
            name = surname(each.patient, pen)
            told = f"{bed(each.patient, pen)} {name}, {given(each.patient, pen)}"
            beds.setdefault(name[:_SAME_BEGINNING], []).append(told)
    return tuple(
        pen.say("NAME ALERT: {patients}", patients="; ".join(alike))
        for _, alike in sorted(beds.items())
    )


def _allergies(patient: PatientChart, pen: Pen) -> str:
    box = allergy_box(patient, pen)
    if patient.allergies.state is AllergyState.LISTED:
        return box.text
    return f"{box.state} {box.text}".strip()


def _row(each: Lying, ward: Round, fresh: Freshness, pen: Pen) -> BedRow:
    patient = each.patient
    return BedRow(
        bed=bed(patient, pen),
        name=f"{surname(patient, pen)}, {given(patient, pen)}",
        about=f"{born(patient, pen)} · {numbers(patient, pen)}",
        allergies=_allergies(patient, pen),
        allergy_strong=patient.allergies.state is not AllergyState.NONE_KNOWN,
        isolation=pen.say("Isolation: {isolation}", isolation=isolation(patient, fresh, pen)),
        isolation_strong=patient.isolation is not None,
        status_strong=bool(patient.code_status),
        code_status=code_status(patient, fresh, pen),
        due=_due(each, ward, pen),
        risks=_risks(each, ward, pen),
        alerts=(*alerts(patient, pen, ward.beds), *each.further),
    )


def _due(each: Lying, ward: Round, pen: Pen) -> tuple[str, ...]:
    if not ward.orders_fed:
        return (pen.say("NOT FED"),)
    if not ward.computed:
        return (pen.say("NOT COMPUTED: see the MAR"),)
    coming = [
        f"{pen.calendar.clock(at)} {_short(medicine, at, pen)}"
        for at, medicine in _times(each, asked=False)
        if at < pen.now + DUE_WITHIN
    ]
    asked = [
        pen.say(
            "ASK: GIVEN? {when}", when=f"{pen.calendar.short(at)} {_short(medicine, at, pen)}"
        )
        for at, medicine in _times(each, asked=True)
    ]
    told = [*_first(coming, _MOST_DUE, pen), *_first(asked, _MOST_ASKED, pen)]
    if not told and not each.standing:
        told = [each.no_order]
    notes = (*_unread(each, pen), *_to_ask(each, pen))
    return (*(told or ([] if notes else [pen.say("no scheduled dose")])), *notes)


def _to_ask(each: Lying, pen: Pen) -> tuple[str, ...]:
    told = pen.say("{count} ORDERS TO ASK ABOUT: see the MAR", count=each.to_ask)
    return (told,) if each.to_ask else ()


def _first(lines: Sequence[str], most: int, pen: Pen) -> list[str]:
    """Return the first lines and how many more there are."""
    more = len(lines) - most
    if more <= 0:
        return list(lines)
    return [*lines[:most], pen.say("and {count} more: see the MAR", count=more)]


def _times(each: Lying, *, asked: bool) -> list[tuple[int, Medicine]]:
    pairs = [
        (at, medicine)
        for medicine in (*each.standing, *(each.past if asked else ()))
        for at in (medicine.due.asked if asked else medicine.due.boxes)
    ]
    return sorted(pairs, key=lambda pair: (pair[0], pair[1].order.order))


def _unread(each: Lying, pen: Pen) -> tuple[str, ...]:
    unread = sum(m.order.timing.value.form is TimingForm.UNREADABLE for m in each.standing)
    unknown = sum(
        m.order.state.value is OrderState.ACTIVE
        and m.order.kind in {OrderKind.REGULAR, OrderKind.ONCE}
        and m.order.timing.value.form is not TimingForm.UNREADABLE
        and not m.due.known
        for m in each.standing
    )
    told = []
    if unread:
        told.append(pen.say("{count} TIMING AS SENT: see the MAR", count=unread))
    if unknown:
        told.append(pen.say("{count} WITHOUT A DUE TIME: see the MAR", count=unknown))
    return tuple(told)


def _short(medicine: Medicine, at: int, pen: Pen) -> str:
    order = medicine.order
    dose = pen.sent(medicine.amounts.get(at, "")) or dose_of(order, pen)
    if any(flag.kind is FlagKind.LOST_CHARACTERS for flag in order.flags):
        dose = f"[{dose}] {pen.say('AS SENT: PHARMACIST TO CONFIRM')}"
    return f"{pen.sent(order.drug.value.text or order.drug.value.code, 60)} {dose}".strip()


def _risks(each: Lying, ward: Round, pen: Pen) -> tuple[str, ...]:
    if not ward.orders_fed:
        return (pen.say("NOT FED"),)
    found = [
        f"{pen.say(risk)}: "
        + ", ".join(dict.fromkeys(pen.sent(drug.text or drug.code, 60) for drug in drugs))
        for risk, drugs in drugs_by_risk(m.order for m in each.standing).items()
    ]
    infusions = sum(m.order.kind is OrderKind.INFUSION for m in each.standing)
    told = (
        [pen.say("{count} INFUSIONS RUNNING: read the pump", count=infusions)]
        if infusions
        else []
    )
    if not each.standing and not each.past:
        # "None" would be said of orders that nobody has told.
        return (each.no_order,)
    return (*found, *told) or (pen.say("none marked"),)


def _empty_beds(lying: Sequence[Lying], declared: Ward | None, pen: Pen) -> str:
    if declared is None or not declared.beds:
        return pen.say("NOT RECORDED: no list of beds in the settings")
    taken: set[str] = set()
    for each in lying:
        stay = each.patient.current
        if stay is not None and stay.location is not None:
            room, place = stay.location.value.room, stay.location.value.bed
            taken |= {place, room + place, f"{room}-{place}", f"{room}/{place}"}
    empty = [pen.sent(each) for each in declared.beds if each not in taken]
    return ", ".join(empty) or pen.say("none")


def _unknown(
    lying: Sequence[Lying], ward: Round, fresh: Freshness, pen: Pen
) -> Iterator[Entry]:
    """Yield what the pack cannot know, the gravest first; never without a line."""
    yield from tell_systems(ward.systems, pen)
    for stream in fresh.gaps():
        name = pen.say(NAMES[stream])
        told = pen.say("NOT FED: {stream}: no system sends it for this ward", stream=name)
        yield Entry(text=told, strong=True)
    for stream in fresh.behind():
        told = f"{pen.say(NAMES[stream])} {fresh.state(stream)}"
        yield Entry(text=pen.say("What came after: {stream}", stream=told), strong=True)
    missing = [f"{pen.say(NAMES[stream])} {count}" for stream, count in fresh.missing()]
    if missing:
        told = pen.say("Messages that never came: {streams}", streams=", ".join(missing))
        yield Entry(text=told)
    asked = sum(len(_times(each, asked=True)) for each in lying)
    if asked and ward.computed:
        told = pen.say(
            "{count} doses fell due without a record: ASK: GIVEN? on the MARs", count=asked
        )
        yield Entry(text=told, strong=True)
    told = pen.say("Whatever was done or decided after the times above, or never charted")
    yield Entry(text=told)
