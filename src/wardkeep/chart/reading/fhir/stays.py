"""Encounter: where a stay stands and where the patient lies (R4, administration module).

Rules kept here:
- An Encounter is the whole state of a stay, not one event: the newest version decides, and what
  it no longer says (an end that was taken back) is undone.
- A place with a start is a move at that time. The list of places is believed for the time that
  it covers: an earlier told move within it that it lacks is gone.
- A place without a start says only where the patient lies.
"""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, FieldValue, Section, moment_row
from wardkeep.chart.model import EncounterState
from wardkeep.chart.reading.fhir.lessons import visit_number
from wardkeep.chart.reading.fhir.places import place_of
from wardkeep.chart.reading.fhir.telling import Telling
from wardkeep.chart.reading.fhir.words import chosen, codes, words
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import Moment, Precision
from wardkeep.wire.fhir.values import Resource, extension, part, parts, text

PLANNED_END = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate"
"""R5's element in R4, as HL7's cross-version extensions name it."""

_CLASSES = {
    "IMP": "I", "ACUTE": "I", "NONAC": "I", "SS": "I", "AMB": "O", "VR": "O", "HH": "O",
    "FLD": "O", "EMER": "E", "PRENC": "P", "OBSENC": "B",
}  # fmt: skip
"""v3 ActCode to HL7 table 0004."""
_LYING = {"I", "E", "B", ""}
_STATES = {
    "planned": "preadmit", "arrived": "admit", "triaged": "admit", "in-progress": "admit",
    "onleave": "leave", "finished": "discharge", "cancelled": "cancel",
    "entered-in-error": "cancel",
}  # fmt: skip
_UNDONE = {
    "preadmit": ("no-admit", "no-discharge", "no-leave"),
    "admit": ("no-preadmit", "no-discharge", "no-leave"),
    "leave": ("no-preadmit", "no-discharge"),
    "discharge": ("no-preadmit", "no-admit", "no-leave"),
    "cancel": ("no-preadmit", "no-admit", "no-discharge", "no-leave"),
}
_OUT = {"O", "P"}
_GONE = {"planned", "reserved"}
_ATTENDING = {"ATND"}


def read_encounter(telling: Telling) -> None:
    """Say where a stay stands, its places, and what belongs to it."""
    # Other systems than admissions keep old ones: theirs only number the visit.
    if Stream.ADMISSIONS not in telling.speaker.context.feed.streams:
        return
    telling.speaker.hears(Stream.ADMISSIONS)
    if not telling.subject():
        return
    resource = telling.resource
    number = visit_number(resource) or telling.own
    if not number:
        telling.fault("an encounter without a number or id")
        return
    telling.speaker.visit = number
    visit = number + SEPARATOR
    _say_state(telling, visit)
    _say_places(telling, visit)
    _say_content(telling, visit)


def withdraw_encounter(telling: Telling, visit: str) -> None:
    """Say that a stay never was."""
    for kind in _UNDONE["cancel"]:
        telling.say(Section.VISIT, f"{visit}{SEPARATOR}{kind}", _at(_now(telling)))


def _now(telling: Telling) -> Moment:
    return Moment(telling.speaker.event, Precision.SECOND, "")


def _at(moment: Moment) -> Fields:
    row: FieldValue = [*moment_row(moment)]
    return {"at": row}


def _say_state(telling: Telling, visit: str) -> None:
    resource = telling.resource
    status = text(resource, "status")
    kind = _STATES.get(status)
    if kind is None:
        telling.fault("an encounter whose status says nothing of where it stands")
        return
    period = part(resource, "period")
    begun = telling.moment(text(period, "start")) or _now(telling)
    if kind == "discharge":
        at = telling.moment(text(period, "end")) or _now(telling)
        _say_step(telling, visit, "discharge", EncounterState.DISCHARGED, at)
    elif kind == "leave":
        _say_step(telling, visit, "admit", EncounterState.ADMITTED, begun)
        _say_step(telling, visit, "leave", EncounterState.ON_LEAVE, _left(telling) or begun)
    elif kind != "cancel":
        planned, state = kind == "preadmit", EncounterState.ADMITTED
        if planned:
            state = EncounterState.PREADMITTED
        elif _class(resource) not in _LYING:
            state = EncounterState.OUTPATIENT
        _say_step(telling, visit, kind, state, begun)
    for undone in _UNDONE[kind]:
        telling.say(Section.VISIT, visit + undone, _at(_now(telling)))


def _say_step(
    telling: Telling, visit: str, kind: str, state: EncounterState, at: Moment
) -> None:
    telling.say(Section.VISIT, visit + kind, {"state": state.value, **_at(at)})


def _left(telling: Telling) -> Moment | None:
    """Return since when the patient is on leave, as the status history tells it."""
    history = [
        each
        for each in parts(telling.resource, "statusHistory")
        if text(each, "status") == "onleave" and not text(part(each, "period"), "end")
    ]
    if history:
        return telling.moment(text(part(history[-1], "period"), "start"))
    return _now(telling)


def _class(resource: Resource) -> str:
    found = part(resource, "class")
    code = text(found, "code")
    return _CLASSES.get(code, code)


def _say_places(telling: Telling, visit: str) -> None:
    planned = text(telling.resource, "status") == "planned"
    dated: dict[str, list[str]] = {}
    lying: list[str] | None = None
    for each in parts(telling.resource, "location"):
        form = text(chosen(part(each, "physicalType")), "code")
        place = place_of(telling, part(each, "location"), form)
        if place is None or text(each, "status") in _GONE:
            continue
        start = text(part(each, "period"), "start")
        if start and telling.moment(start) and not planned:
            dated[start] = _joined(dated.get(start), place)
        elif text(each, "status") != "completed":
            lying = _joined(lying, place)
    starts = [_say_move(telling, visit, start, place) for start, place in dated.items()]
    if starts:
        listed: FieldValue = [*sorted(starts)]
        telling.say(Section.VISIT, visit + "listed", {"starts": listed})
    if lying:
        _say_seen(telling, visit, lying, planned=planned)


def _joined(known: list[str] | None, place: list[str]) -> list[str]:
    """Join levels of one place that an encounter names side by side: ward, room, bed."""
    if known is None:
        return place
    return [mine or other for mine, other in zip(known, place, strict=True)]


def _say_move(telling: Telling, visit: str, start: str, place: list[str]) -> int:
    moment = telling.moment(start)
    at = moment.at if moment else telling.speaker.event
    telling.speaker.ward = place[0]
    where: FieldValue = [*place]
    fields: Fields = {"location": where}
    telling.put_moment(fields, "at", start)
    telling.say(Section.VISIT, f"{visit}move{SEPARATOR}{at}", fields)
    return at


def _say_seen(telling: Telling, visit: str, place: list[str], *, planned: bool) -> None:
    where: FieldValue = [*place]
    fields: Fields = {"location": where}
    if not planned and _class(telling.resource) not in _OUT:
        fields["state"] = EncounterState.ADMITTED.value
    telling.speaker.ward = place[0]
    telling.say(Section.VISIT, visit + ("planned" if planned else "seen"), fields)


def _say_content(telling: Telling, visit: str) -> None:
    resource = telling.resource
    period = part(resource, "period")
    fields: Fields = {
        "class": _class(resource),
        "service": words(part(resource, "serviceType")),
    }
    reasons = [words(each) for each in parts(resource, "reasonCode")]
    if any(reasons):
        fields["reason"] = "; ".join(filter(None, reasons))
    attending = _attending(telling)
    if attending:
        fields["attending"] = [*attending]
    telling.put_moment(fields, "admitted", text(period, "start"))
    telling.put_moment(fields, "discharged", text(period, "end"))
    planned = text(extension(resource, PLANNED_END), "valueDateTime")
    if planned:
        telling.put_moment(fields, "expected", planned)
    telling.say(Section.VISIT, visit + "content", fields)


def _attending(telling: Telling) -> tuple[str, str] | None:
    for each in parts(telling.resource, "participant"):
        if any(codes(kind) & _ATTENDING for kind in parts(each, "type")):
            return telling.who(part(each, "individual"))
    return None
