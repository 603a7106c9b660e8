"""MedicationAdministration: doses given, held, refused, and those entered in error.

A resource is one dose, whatever version: a corrected time or amount takes the older one's
place. Of its versions the one that was written last is believed.
"""

from __future__ import annotations

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Fields, Section
from wardkeep.chart.model import DoseOutcome
from wardkeep.chart.reading.fhir.orders import order_key
from wardkeep.chart.reading.fhir.telling import Telling, reasons
from wardkeep.chart.reading.fhir.timing import rate_of
from wardkeep.chart.reading.fhir.words import coded, codes, quantity
from wardkeep.hospital.streams import Stream
from wardkeep.wire.fhir.values import part, parts, text

_OUTCOMES = {
    "completed": DoseOutcome.GIVEN,
    "in-progress": DoseOutcome.PARTIAL,
    "stopped": DoseOutcome.PARTIAL,
    "on-hold": DoseOutcome.HELD,
    "not-done": DoseOutcome.NOT_GIVEN,
}
_REFUSED = {"105480006", "182895007"}
"""SNOMED CT: refusal of treatment by patient; drug declined by patient."""


def read_administration(telling: Telling) -> None:
    """Say one dose."""
    resource, speaker = telling.resource, telling.speaker
    status = text(resource, "status")
    told = text(resource, "effectiveDateTime")
    start = told or text(part(resource, "effectivePeriod"), "start")
    speaker.hears(Stream.DOSES_GIVEN, telling.time(start))
    if not telling.subject():
        return
    if not telling.own:
        telling.fault("a dose without an id")
        return
    if status == "entered-in-error":
        withdraw_dose(telling)
        return
    if telling.moment(start) is None:
        telling.fault("a dose without a readable time (effective)")
        return
    outcome = _OUTCOMES.get(status, DoseOutcome.UNCLEAR)
    if status not in _OUTCOMES:
        telling.fault("a dose whose status does not say whether it was given")
    fields = _fields(telling, outcome, start)
    fields["added"] = "yes"
    telling.say(Section.DOSE, _key(telling), fields, speaker.sent)


def withdraw_dose(telling: Telling) -> None:
    """Say that a dose was entered in error."""
    fields: Fields = {"outcome": None, "added": "yes"}
    telling.say(Section.DOSE, _key(telling), fields, telling.speaker.sent)


def _key(telling: Telling) -> str:
    return SEPARATOR.join(("", telling.own, ""))


def _fields(telling: Telling, outcome: DoseOutcome, start: str) -> Fields:
    resource = telling.resource
    reason = reasons(resource, "statusReason")
    refused = any(codes(each) & _REFUSED for each in parts(resource, "statusReason"))
    if outcome is DoseOutcome.NOT_GIVEN and refused:
        outcome = DoseOutcome.REFUSED
    if not reason and outcome is not DoseOutcome.GIVEN:
        reason = "; ".join(
            filter(None, (text(each, "text") for each in parts(resource, "note")))
        )
    dosage = part(resource, "dosage")
    fields: Fields = {
        "order": order_key(telling, part(resource, "request")),
        "outcome": outcome.value,
        "outcome_text": text(resource, "status"),
        "reason": reason,
        "amount": quantity(part(dosage, "dose")),
        "rate": rate_of(dosage),
        "visit": telling.visit("context"),
        "by": _by(telling),
    }
    concept = part(resource, "medicationCodeableConcept")
    drug = (
        coded(concept) if concept else telling.concept_of(part(resource, "medicationReference"))
    )
    fields.update(code=drug[0], text=drug[1], system=drug[2])
    telling.put_moment(fields, "at", start)
    return fields


def _by(telling: Telling) -> str:
    for each in parts(telling.resource, "performer"):
        if found := telling.who(part(each, "actor")):
            return found[1] or found[0]
    return ""
