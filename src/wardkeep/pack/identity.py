"""The band of one patient: who this is, where, what to be warned of, and the allergy box."""

from __future__ import annotations

from collections.abc import Mapping

from wardkeep.chart.model import (
    Allergy,
    AllergyState,
    CodeStatus,
    FlagKind,
    Location,
    PatientChart,
    Source,
)
from wardkeep.chart.visit import own_id
from wardkeep.hospital.site import Paper
from wardkeep.hospital.streams import Stream
from wardkeep.pack.freshness import Freshness
from wardkeep.pack.pen import Pen
from wardkeep.paper.forms import Allergies
from wardkeep.paper.words import N_

NAME_ALERTS = (FlagKind.SAME_NAME_ON_WARD, FlagKind.SIMILAR_NAME_ON_WARD)
_ALERTS: dict[FlagKind, str] = {
    FlagKind.SAME_NAME_ON_WARD: N_("NAME ALERT: same name on this ward, record {detail}"),
    FlagKind.SIMILAR_NAME_ON_WARD: N_("NAME ALERT: similar name on this ward, record {detail}"),
    FlagKind.BED_SHARED: N_("TWO PATIENTS ARE RECORDED IN THIS BED: ALSO RECORD {detail}"),
    FlagKind.NUMBER_REUSED: N_("RECORD NUMBER USED BEFORE FOR SOMEBODY ELSE {detail}"),
    FlagKind.MERGED_DEMOGRAPHICS_DIFFER: N_("CHECK IDENTITY: merged records differ {detail}"),
    FlagKind.CODE_STATUS_FROM_MERGED: N_(
        "CODE STATUS FROM A MERGED RECORD: confirm before relying on it {detail}"
    ),
}
_SEVERITIES: dict[str, str] = {
    "SV": N_("severe"),
    "MO": N_("moderate"),
    "MI": N_("mild"),
    "U": N_("severity unknown"),
}
# More would leave no room on the page; the rest stands in the summary, and the box says so.
LONGEST_BOX = 900


def surname(patient: PatientChart, pen: Pen) -> str:
    """Return the family name in capitals, as wristbands have it."""
    name = patient.name.value.family if patient.name else ""
    return pen.sent(name.replace("ß", "ẞ").upper()) or pen.say("NAME NOT RECORDED")


def given(patient: PatientChart, pen: Pen) -> str:
    """Return the other names as sent."""
    if patient.name is None:
        return "-"
    parts = (patient.name.value.given, patient.name.value.other)
    return " ".join(pen.sent(part) for part in parts if part) or pen.say(
        "first name NOT RECORDED"
    )


def born(patient: PatientChart, pen: Pen) -> str:
    """Return "Born 07 Mar 1934 · 92 y · F"."""
    sex = sex_letter(patient.sex.value, pen) if patient.sex else pen.say("sex NOT RECORDED")
    if patient.birth_date is None or not patient.birth_date.value:
        return pen.say("Born: NOT RECORDED") + f" · {sex}"
    iso = patient.birth_date.value
    date = pen.sent(pen.calendar.birth(iso))
    age = pen.calendar.age(iso)
    units = {"y": pen.say("{n} y"), "m": pen.say("{n} months"), "d": pen.say("{n} days")}
    told = units[age[1]].format(n=age[0]) if age else pen.say("age not known")
    return pen.say("Born {date}", date=date) + f" · {told} · {sex}"


def sex_letter(sent: str, pen: Pen) -> str:
    """Return the letter that a ward writes for F and M of HL7 table 0001, others as sent."""
    match sent:
        case "F":
            return pen.say("F")
        case "M":
            return pen.say("M")
        case _:
            return pen.sent(sent)


def visit_number(visit: str, pen: Pen) -> str:
    """Return "Visit 4711", or in words that the visit has only a system's own id."""
    if own := own_id(visit):
        return pen.say("Visit without a number (the system's id {id})", id=pen.sent(own))
    return pen.say("Visit {number}", number=pen.sent(visit))


def numbers(patient: PatientChart, pen: Pen) -> str:
    """Return the record and visit numbers, and numbers that were merged into this one."""
    told = pen.say("Record {number}", number=pen.sent(patient.record))
    if patient.current is not None:
        told += " · " + visit_number(patient.current.visit, pen)
    if patient.merged_from:
        merged = ", ".join(pen.sent(number) for number in patient.merged_from)
        told += " · " + pen.say("merged from {numbers}", numbers=merged)
    return told


def place(patient: PatientChart, pen: Pen) -> str:
    """Return ward and bed: "4B · 412-2"."""
    location = _location(patient)
    if location is None:
        return pen.say("BED NOT RECORDED")
    return f"{pen.sent(location.ward)} · {bed(patient, pen)}"


def bed(patient: PatientChart, pen: Pen) -> str:
    """Return room and bed as sent."""
    location = _location(patient)
    parts = (location.room, location.bed) if location else ()
    return "-".join(pen.sent(part) for part in parts if part) or pen.say("BED NOT RECORDED")


def _location(patient: PatientChart) -> Location | None:
    encounter = patient.current
    return encounter.location.value if encounter and encounter.location else None


def facts(patient: PatientChart, fresh: Freshness, pen: Pen) -> str:
    """Return weight, code status and isolation, each with its date or NOT RECORDED."""
    parts = [
        pen.say("Weight: {weight}", weight=weight(patient, fresh, pen)),
        pen.say("Code status: {status}", status=code_status(patient, fresh, pen)),
        pen.say("Isolation: {isolation}", isolation=isolation(patient, fresh, pen)),
    ]
    current = patient.current
    if current is not None and current.attending is not None:
        parts.append(pen.sent(current.attending.value.name))
    return " · ".join(parts)


def weight(patient: PatientChart, fresh: Freshness, pen: Pen) -> str:
    """Return the weight as sent with the day it was taken."""
    if patient.weight is None:
        return fresh.unsaid(Stream.WEIGHT)
    measure = patient.weight.value
    taken = (
        pen.calendar.moment(measure.taken) if measure.taken else pen.say("date NOT RECORDED")
    )
    return f"{pen.sent(measure.amount)} {pen.sent(measure.unit)} ({taken})"


def code_status(patient: PatientChart, fresh: Freshness, pen: Pen) -> str:
    """Return every code status that stands, newest first, with signer and date."""
    if not patient.code_status:
        return fresh.unsaid(Stream.CODE_STATUS)
    return "; ".join(tell_code_status(status, pen) for status in patient.code_status)


def default_rule(paper: Paper, pen: Pen) -> str:
    """Return what holds by the site's own rule where no code status is recorded."""
    if not paper.default_code_status:
        return pen.say("No code status recorded: this site's rule is not in its settings: ASK")
    rule = pen.sent(paper.default_code_status)
    return pen.say("No code status recorded: the site's rule is: {rule}", rule=rule)


def tell_code_status(status: CodeStatus, pen: Pen) -> str:
    """Return one code status with who signed it and when."""
    signer = pen.sent(status.signer) or pen.say("signer NOT RECORDED")
    date = pen.calendar.moment(status.date) if status.date else pen.say("date NOT RECORDED")
    return f"{pen.sent(status.text)} ({signer}, {date})"


def isolation(patient: PatientChart, fresh: Freshness, pen: Pen) -> str:
    """Return the isolation as sent."""
    if patient.isolation is None:
        return fresh.unsaid(Stream.ISOLATION)
    return pen.sent(patient.isolation.value)


def with_bed(record: str, beds: Mapping[str, str], pen: Pen) -> str:
    """Return a record number with the bed it lies in, where that is known: "4712 (403-1)"."""
    told = pen.sent(record)
    return f"{told} ({beds[record]})" if record in beds else told


def alerts(
    patient: PatientChart, pen: Pen, beds: Mapping[str, str] | None = None
) -> tuple[str, ...]:
    """Return what must be seen before anything else is read; `beds` of the ward by record."""
    found = [
        pen.say(_ALERTS[flag.kind], detail=with_bed(flag.detail, beds or {}, pen)).strip()
        for flag in patient.flags
        if flag.kind in _ALERTS
    ]
    if patient.dead is not None:
        found.insert(
            0, pen.say("RECORDED AS DEAD {when}", when=pen.calendar.moment(patient.dead.value))
        )
    return tuple(dict.fromkeys(found))


def allergy_box(patient: PatientChart, pen: Pen) -> Allergies:
    """Return the box: listed, none known (who, when), not recorded, or in conflict."""
    known = patient.allergies
    match known.state:
        case AllergyState.LISTED:
            return Allergies(
                state=pen.say("ALLERGIES"), text=_items(patient, pen), kind=known.state
            )
        case AllergyState.NONE_KNOWN:
            said = "; ".join(pen.said_by(source) for source in known.none_known)
            return Allergies(
                state=pen.say("ALLERGIES: NONE KNOWN"),
                text=f"({said})" if said else "",
                kind=known.state,
            )
        case AllergyState.NOT_RECORDED:
            state = pen.say("ALLERGIES: NOT RECORDED: ASK")
            return Allergies(state=state, text="", kind=known.state)
        case AllergyState.CONFLICT:
            state = pen.say("ALLERGIES: CONFLICT: sources disagree: ASK")
            return Allergies(state=state, text=_conflict(patient, pen), kind=known.state)


def _conflict(patient: PatientChart, pen: Pen) -> str:
    """Return the union, each with the feed that says it."""
    items = _items(patient, pen, with_source=True)
    none = [_none_known(source, pen) for source in patient.allergies.none_known]
    return "; ".join(part for part in (items, *none) if part)


def _none_known(source: Source, pen: Pen) -> str:
    return pen.say("but NONE KNOWN says {source}", source=pen.said_by(source))


def _items(patient: PatientChart, pen: Pen, *, with_source: bool = False) -> str:
    told: dict[str, None] = {}
    for item in patient.allergies.items:
        said = tell_allergy(item, pen)
        told[f"{said} [{pen.sent(item.source.feed)}]" if with_source else said] = None
    shown: list[str] = []
    for item_text in told:
        if sum(map(len, shown)) + len(item_text) > LONGEST_BOX:
            more = len(told) - len(shown)
            shown.append(pen.say("AND {count} MORE: SEE THE SUMMARY", count=more))
            break
        shown.append(item_text)
    return "; ".join(shown)


def tell_allergy(item: Allergy, pen: Pen) -> str:
    """Return "penicillin (severe: rash, oedema)"."""
    severity = (
        pen.say(_SEVERITIES[item.severity])
        if item.severity in _SEVERITIES
        else pen.sent(item.severity)
    )
    reactions = ", ".join(pen.sent(text) for text in item.reactions if text)
    about = ": ".join(part for part in (severity, reactions) if part)
    substance = pen.coded(item.substance) or pen.say("substance NOT RECORDED")
    return f"{substance} ({about})" if about else substance
