"""Appointment: booked visits, with the telephones of a patient who is told in the bundle."""

from __future__ import annotations

from wardkeep.chart.change import Fields, Section
from wardkeep.chart.reading.fhir.places import place_of
from wardkeep.chart.reading.fhir.telling import Telling, reasons
from wardkeep.chart.reading.fhir.words import all_words, entity, words
from wardkeep.hospital.streams import Stream
from wardkeep.wire.fhir.values import Resource, part, parts, text

_STATES = {
    "proposed": "booked", "pending": "booked", "booked": "booked", "waitlist": "booked",
    "arrived": "arrived", "checked-in": "arrived", "fulfilled": "completed",
    "cancelled": "cancelled", "entered-in-error": "cancelled", "noshow": "noshow",
}  # fmt: skip


def read_appointment(telling: Telling) -> None:
    """Say a booking under its number, else its own name."""
    resource = telling.resource
    telling.speaker.hears(Stream.APPOINTMENTS)
    patient = _participant(telling, "Patient")
    if patient is None:
        telling.fault("a booking without a patient")
        return
    if not telling.turn_to(patient):
        return
    key = appointment_key(telling)
    if not key:
        telling.fault("a booking without a number or id")
        return
    state = _STATES.get(text(resource, "status"))
    if state is None:
        telling.fault("a booking whose status does not say whether it stands")
    fields = _fields(telling, patient)
    if state:
        fields["state"] = state
    telling.say(Section.APPOINTMENT, key, fields)


def appointment_key(telling: Telling) -> str:
    """Return the number of a booking with its namespace, else its own name."""
    for each in parts(telling.resource, "identifier"):
        if number := entity(each, telling.speaker.feed, telling.rules):
            return number
    return telling.own


def withdraw_appointment(telling: Telling, key: str) -> None:
    """Say that a booking is cancelled."""
    telling.say(Section.APPOINTMENT, key, {"state": "cancelled"})


def _participant(telling: Telling, kind: str) -> Resource | None:
    for each in parts(telling.resource, "participant"):
        actor = part(each, "actor")
        if _kind(telling, actor) == kind:
            return actor
    return None


def _kind(telling: Telling, actor: Resource) -> str:
    told = text(actor, "type")
    if told:
        return told
    if inside := telling.inside(actor):
        return text(inside, "resourceType")
    target = telling.target(actor)
    return telling.kind_of(target) if target else ""


def _fields(telling: Telling, patient: Resource) -> Fields:
    resource = telling.resource
    number = next(filter(None, (text(n, "value") for n in parts(resource, "identifier"))), "")
    fields: Fields = {"number": number or text(resource, "id")}
    fields["reason"] = reasons(resource, "reasonCode") or text(resource, "description")
    telling.put_moment(fields, "start", text(resource, "start"))
    fields["minutes"] = text(resource, "minutesDuration") or _between(telling)
    service = all_words(resource, "serviceType") or all_words(resource, "appointmentType")
    fields["service"] = "; ".join(service) or words(part(resource, "specialty"))
    place = _participant(telling, "Location")
    fields["place"] = _place(telling, place) if place else ""
    people = [part(each, "actor") for each in parts(resource, "participant")]
    fields["who"] = "; ".join(_names(telling, people))
    if phones := telling.phones(patient):
        fields["home"] = phones
    return fields


def _between(telling: Telling) -> str:
    start = telling.moment(text(telling.resource, "start"))
    end = telling.moment(text(telling.resource, "end"))
    if start is None or end is None or end.at <= start.at:
        return ""
    return str((end.at - start.at) // 60_000_000)


def _place(telling: Telling, reference: Resource) -> str:
    shown = text(reference, "display")
    if shown:
        return shown
    found = place_of(telling, reference) or []
    return " ".join(filter(None, found))


def _names(telling: Telling, people: list[Resource]) -> list[str]:
    kinds = ("Practitioner", "PractitionerRole")
    found = [telling.who(actor) for actor in people if _kind(telling, actor) in kinds]
    return list(dict.fromkeys(who[1] or who[0] for who in found if who))
