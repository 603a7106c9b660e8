"""ServiceRequest and Specimen: what is asked of laboratory, imaging and consults."""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.reading.fhir.lessons import order_number
from wardkeep.chart.reading.fhir.orders import order_key, say_status
from wardkeep.chart.reading.fhir.telling import Telling
from wardkeep.chart.reading.fhir.words import chosen, coded, words
from wardkeep.chart.text import normal
from wardkeep.chart.views.pending import CONTENT
from wardkeep.hospital.streams import Stream
from wardkeep.wire.fhir.references import logical
from wardkeep.wire.fhir.values import part, parts, text, truth

_NO_ORDER = {"proposal", "plan", "option"}
_PRIORITIES = {"routine": "R", "urgent": "A", "asap": "A", "stat": "S"}
"""request-priority to HL7 table 0485 (TQ1-9); urgent and asap are "as soon as possible"."""


def read_service_request(telling: Telling) -> None:
    """Say a request; what only proposes or plans one says nothing."""
    resource = telling.resource
    status = text(resource, "status")
    if text(resource, "intent") in _NO_ORDER or status == "draft":
        return
    telling.speaker.hears(Stream.ORDERS)
    if not telling.subject():
        return
    key, filler = order_number(resource, telling.own, telling.speaker.feed, telling.rules)
    if not key:
        telling.fault("a request without a number or id")
        return
    if truth(resource, "doNotPerform"):
        telling.fault("a request not to do something (doNotPerform) is not read as one")
        return
    say_status(telling, Section.REQUEST, key, status, SEPARATOR)
    _say_content(telling, key, filler)


def _say_content(telling: Telling, key: str, filler: str) -> None:
    resource = telling.resource
    code, shown, system = coded(part(resource, "code"))
    fields: Fields = {"ordered": "yes", "code": code, "text": shown, "system": system}
    if filler and filler != key:
        fields["filler_key"] = filler
    fields["section"] = text(chosen(part(resource, "category")), "code")
    period = part(resource, "occurrencePeriod")
    timing = part(resource, "occurrenceTiming")
    due = (
        text(resource, "occurrenceDateTime")
        or text(period, "start")
        or text(timing, "event")
        or text(part(timing, "repeat", "boundsPeriod"), "start")
    )
    telling.put_moment(fields, "due", due)
    told = text(resource, "priority")
    fields["priority"] = _PRIORITIES.get(told, told)
    who = telling.who(part(resource, "requester"))
    fields["requester"] = (who[1] or who[0]) if who else ""
    name = SEPARATOR.join((key, CONTENT, code or normal(shown)))
    telling.say(Section.REQUEST, name, fields)


def read_specimen(telling: Telling) -> None:
    """Say a specimen with the request that it was taken for."""
    resource = telling.resource
    telling.speaker.hears(Stream.SPECIMENS)
    if not telling.subject():
        return
    number = specimen_number(telling)
    if not number:
        telling.fault("a specimen without a number or id")
        return
    order, asked = _request(telling)
    status = text(resource, "status")
    fields: Fields = {"order": order, "kind": words(part(resource, "type"))}
    fields.update(code=asked[0], text=asked[1], system=asked[2])
    collection = part(resource, "collection")
    collected = text(collection, "collectedDateTime") or text(
        part(collection, "collectedPeriod"), "start"
    )
    telling.put_moment(fields, "collected", collected)
    telling.put_moment(fields, "received", text(resource, "receivedTime"))
    fields["rejected"] = "" if status in ("available", "") else status
    telling.say(Section.SPECIMEN, number, fields)


def specimen_number(telling: Telling) -> str:
    """Return the number of a specimen: its accession, its identifier, else its own name."""
    found = part(telling.resource, "accessionIdentifier")
    for each in (found, *parts(telling.resource, "identifier")):
        if number := text(each, "value"):
            return number
    return telling.own


def _request(telling: Telling) -> tuple[str, tuple[str, str, str]]:
    """Return the key of the request of a specimen, and what it asks for."""
    reference = part(telling.resource, "request")
    key = order_key(telling, reference)
    if logical(reference) and not telling.target(reference):
        return key, ("", text(reference, "display"), "")
    return key, telling.concept_of(reference)


def withdraw_request(telling: Telling, key: str) -> None:
    """Say that a request is cancelled."""
    name = f"{key}{SEPARATOR}status{SEPARATOR}"
    telling.say(Section.REQUEST, name, {"state": "cancelled"})
