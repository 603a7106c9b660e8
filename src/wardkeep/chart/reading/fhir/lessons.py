"""What a resource teaches of itself, so that what refers to it can be read.

Nothing here follows a reference: facts name targets, and who reads follows them.
"""

from __future__ import annotations

from collections.abc import Callable

from wardkeep.chart.change import Fields
from wardkeep.chart.reading.fhir.words import (
    called,
    chosen,
    coded,
    entity,
    identifier_rows,
    ratio,
    words,
)
from wardkeep.chart.reading.parts import choose_record
from wardkeep.hospital.site import Rules
from wardkeep.wire.fhir.document import Item
from wardkeep.wire.fhir.references import logical, target_of
from wardkeep.wire.fhir.times import date_of
from wardkeep.wire.fhir.values import Resource, contained, part, parts, text

FILLER, PLACER = "FILL", "PLAC"
"""Identifier types (HL7 table 0203)."""


def facts_of(item: Item, feed: str, rules: Rules) -> Fields:
    """Return what others need to know of a resource; empty for what nobody refers to."""
    facts: Fields = {}
    reference = _subject(item.resource)
    if subject := target_of(text(reference, "reference"), item.base):
        facts["subject"] = subject
    elif rows := identifier_rows({"identifier": [logical(reference)]}, rules):
        facts["numbered"] = [*rows[0]]
    if teach := _TEACHERS.get(item.kind):
        facts |= teach(item, feed, rules)
    return facts


def _subject(resource: Resource) -> Resource:
    found = part(resource, "subject") or part(resource, "patient")
    if found:
        return found
    actors = (part(each, "actor") for each in parts(resource, "participant"))
    return next((each for each in actors if "Patient/" in text(each, "reference")), {})


def _patient(item: Item, _feed: str, rules: Rules) -> Fields:
    rows = identifier_rows(item.resource, rules)
    era = date_of(text(item.resource, "birthDate"))
    return {"record": choose_record(rows, rules), "era": era}


def visit_number(resource: Resource) -> str:
    """Return the number of an encounter: of type VN, else the first."""
    found = parts(resource, "identifier")
    typed = (one for one in found if text(chosen(part(one, "type")), "code") == "VN")
    return text(next(typed, found[0] if found else {}), "value")


def _encounter(item: Item, feed: str, _rules: Rules) -> Fields:
    return {"visit": visit_number(item.resource) or f"{item.target}@{feed}"}


def _location(item: Item, _feed: str, _rules: Rules) -> Fields:
    resource = item.resource
    found = parts(resource, "identifier")
    above = part(resource, "partOf")
    return {
        "form": text(chosen(part(resource, "physicalType")), "code"),
        "code": text(found[0], "value") if found else "",
        "name": text(resource, "name"),
        "above": target_of(text(above, "reference"), item.base),
        "above_code": text(logical(above), "value"),
        "above_name": text(above, "display"),
    }


def medication_facts(resource: Resource) -> Fields:
    """Return drug, form and components of a Medication."""
    code, shown, system = coded(part(resource, "code"))
    rows: list[str | int | list[str | int]] = []
    for each in parts(resource, "ingredient"):
        item = part(each, "itemCodeableConcept")
        inner = part(each, "itemReference")
        if inner:
            held = contained(resource, text(inner, "reference").removeprefix("#"))
            item = part(held, "code") or {"text": text(inner, "display")}
        kind = ("A" if each.get("isActive") is True else "B") if "isActive" in each else ""
        amount, _, unit = ratio(part(each, "strength")).partition(" ")
        rows.append([kind, *coded(item), amount, unit])
    facts: Fields = {"code": code, "text": shown, "system": system}
    facts["form"] = words(part(resource, "form"))
    facts["components"] = rows or None
    return facts


def _medication(item: Item, _feed: str, _rules: Rules) -> Fields:
    return medication_facts(item.resource)


def person_facts(resource: Resource, rules: Rules) -> Fields:
    """Return number and name of a Practitioner, Organization or RelatedPerson."""
    rows = identifier_rows(resource, rules)
    name = called(resource) or text(resource, "name")
    return {"number": rows[0][0] if rows else "", "name": name}


def _person(item: Item, _feed: str, rules: Rules) -> Fields:
    return person_facts(item.resource, rules)


def _role(item: Item, _feed: str, _rules: Rules) -> Fields:
    person = part(item.resource, "practitioner")
    return {
        "number": text(logical(person), "value"),
        "name": text(person, "display"),
        "person": target_of(text(person, "reference"), item.base),
    }


def order_number(resource: Resource, own: str, feed: str, rules: Rules) -> tuple[str, str]:
    """Return the key of an order and that of its filler's number, as HL7 messages name them.

    The placer's number counts first, then any that is not the filler's, then the filler's,
    then the resource's own name.
    """
    placed = filled = other = ""
    for each in parts(resource, "identifier"):
        kind = text(chosen(part(each, "type")), "code")
        number = entity(each, feed, rules)
        if kind == FILLER:
            filled = filled or number
        elif kind == PLACER:
            placed = placed or number
        else:
            other = other or number
    return placed or other or filled or own, filled


def _order(item: Item, feed: str, rules: Rules) -> Fields:
    own = f"{item.target}@{feed}" if item.target else ""
    key, _ = order_number(item.resource, own, feed, rules)
    code, shown, system = coded(part(item.resource, "code"))
    return {"order": key, "code": code, "text": shown, "system": system}


def _specimen(item: Item, _feed: str, _rules: Rules) -> Fields:
    code, shown, system = coded(part(item.resource, "type"))
    return {"code": code, "text": shown, "system": system}


_TEACHERS: dict[str, Callable[[Item, str, Rules], Fields]] = {
    "Patient": _patient,
    "Encounter": _encounter,
    "Location": _location,
    "Medication": _medication,
    "Practitioner": _person,
    "Organization": _person,
    "RelatedPerson": _person,
    "PractitionerRole": _role,
    "MedicationRequest": _order,
    "ServiceRequest": _order,
    "NutritionOrder": _order,
    "Specimen": _specimen,
}
