"""MedicationRequest: one line of the MAR, as the newest version of the resource has it.

Rules kept here:
- The status of the newest version decides, also where an older one had ended the order.
- Proposals, plans, options and drafts are no orders. `doNotPerform` forbids: never an order.
- `priorPrescription` says of another order that this one takes its place.
"""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, FieldValue, Section
from wardkeep.chart.reading.fhir.lessons import medication_facts, order_number
from wardkeep.chart.reading.fhir.telling import Telling, reasons
from wardkeep.chart.reading.fhir.timing import conjunctions, doses_in, timing_row
from wardkeep.chart.reading.fhir.words import (
    all_words,
    coded,
    codes,
    entity,
    quantity,
    ratio,
    words,
)
from wardkeep.hospital.streams import Stream
from wardkeep.wire.fhir.references import logical
from wardkeep.wire.fhir.values import Resource, part, parts, text, truth

_STATES = {
    "active": "active",
    "on-hold": "held",
    "cancelled": "cancelled",
    "completed": "completed",
    "entered-in-error": "cancelled",
    "stopped": "stopped",
    "revoked": "stopped",
}
_NO_ORDER = {"proposal", "plan", "option"}
_VERIFIER = {"verifier"}


def read_medication_request(telling: Telling) -> None:
    """Say a medication order."""
    resource = telling.resource
    status = text(resource, "status")
    if text(resource, "intent") in _NO_ORDER or status == "draft":
        return
    telling.speaker.hears(Stream.MEDICATION_ORDERS)
    if not telling.subject():
        return
    key, filler = order_number(resource, telling.own, telling.speaker.feed, telling.rules)
    if not key:
        telling.fault("a medication order without a number or id")
        return
    if truth(resource, "doNotPerform"):
        telling.fault("a request not to give (doNotPerform) is not read as an order")
        return
    say_status(telling, Section.ORDER, key, status)
    telling.say(Section.ORDER, key + SEPARATOR + "content", _content(telling, key, filler))
    _say_replaced(telling, key)


def say_status(
    telling: Telling, section: Section, key: str, status: str, end: str = ""
) -> None:
    """Say where an order or request stands; a status that says nothing is told as a fault."""
    state = _STATES.get(status)
    if state is None:
        telling.fault("an order whose status does not say whether it stands")
        return
    telling.say(section, f"{key}{SEPARATOR}status{end}", {"state": state})


def order_key(telling: Telling, reference: Resource) -> str:
    """Return the key of the order that a reference names, "" if it is not known."""
    inside = telling.inside(reference)
    if inside:
        return order_number(inside, "", telling.speaker.feed, telling.rules)[0]
    facts = telling.known(telling.target(reference))
    if facts is not None:
        return str(facts.get("order") or "")
    return entity(logical(reference), telling.speaker.feed, telling.rules)


def _say_replaced(telling: Telling, key: str) -> None:
    prior = part(telling.resource, "priorPrescription")
    if not prior:
        return
    old = order_key(telling, prior)
    if not old:
        telling.wait_for("MedicationRequest")
    elif old != key:
        fields: Fields = {"by": key, "effective": None}
        telling.say(Section.ORDER, f"{old}{SEPARATOR}replaced", fields)


def _content(telling: Telling, key: str, filler: str) -> Fields:
    resource = telling.resource
    fields: Fields = {"medication": "yes"}
    if filler and filler != key:
        fields["filler_key"] = filler
        fields["filler"] = filler.rpartition("@")[0] or filler.partition("^")[0]
    if visit := telling.visit():
        fields["visit"] = visit
    _put_drug(telling, fields)
    dosages = parts(resource, "dosageInstruction")
    _put_dosages(telling, fields, dosages)
    if prescriber := telling.who(part(resource, "requester")):
        fields["prescriber"] = [*prescriber]
    telling.put_moment(fields, "entered", text(resource, "authoredOn"))
    fields["verified_by"] = _verified(telling)
    fields["indication"] = reasons(resource, "reasonCode")
    told: FieldValue = [*_instructions(resource, dosages)]
    fields["instructions"] = told
    return fields


def _put_drug(telling: Telling, fields: Fields) -> None:
    """Put the drug: its concept, else what the reference leads to, with form and components."""
    concept = part(telling.resource, "medicationCodeableConcept")
    reference = part(telling.resource, "medicationReference")
    if concept or not reference:
        code, shown, system = coded(concept)
        fields.update(code=code, text=shown, system=system)
        return
    inside = telling.inside(reference)
    target = telling.target(reference)
    facts = medication_facts(inside) if inside else telling.known(target, keep=True)
    shown = text(reference, "display")
    if facts is None and not shown:
        telling.wait_for("Medication")
    facts = facts or {}
    fields.update(code=facts.get("code", ""), system=facts.get("system", ""))
    fields["text"] = facts.get("text") or shown
    fields["form"] = facts.get("form", "")
    fields["components"] = facts.get("components")


def _put_dosages(telling: Telling, fields: Fields, dosages: list[Resource]) -> None:
    rows: list[str | int | list[str | int]] = []
    for dosage, joined in zip(dosages, conjunctions(dosages), strict=True):
        quantity_told = doses_in(dosage)[0] if len(dosages) > 1 else ""
        rows.append([*timing_row(telling, dosage, quantity_told, joined)])
    fields["timing"] = rows or None
    first = dosages[0] if dosages else {}
    dose, rate = doses_in(first)
    fields["dose"], fields["rate"] = dose, rate
    fields["maximum"] = ratio(part(first, "maxDosePerPeriod")) or quantity(
        part(first, "maxDosePerAdministration")
    )
    routes = dict.fromkeys(coded(route) for each in dosages if (route := part(each, "route")))
    listed: list[str | int | list[str | int]] = [[*each] for each in list(routes)[1:]]
    fields["route"] = [*next(iter(routes))] if routes else None
    fields["other_routes"] = listed
    fields["site"] = words(part(first, "site"))


def _instructions(resource: Resource, dosages: list[Resource]) -> list[str]:
    found: list[str] = []
    for dosage in dosages:
        timing = part(dosage, "timing")
        told = text(dosage, "text")
        if timing and text(part(timing, "code"), "text") and told:
            found.append(told)
        found += all_words(dosage, "additionalInstruction")
        found += [text(dosage, "patientInstruction"), words(part(dosage, "method"))]
    found += [text(each, "text") for each in parts(resource, "note")]
    return list(dict.fromkeys(filter(None, found)))


def _verified(telling: Telling) -> str:
    """Return who verified the order: the agent that a contained Provenance calls so."""
    for reference in parts(telling.resource, "eventHistory"):
        for agent in parts(telling.inside(reference), "agent"):
            if codes(part(agent, "type")) & _VERIFIER:
                found = telling.who(part(agent, "who"))
                return (found[1] or found[0]) if found else ""
    return ""
