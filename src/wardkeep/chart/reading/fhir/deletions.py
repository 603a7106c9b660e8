"""Deletions (DELETE of a bundle, or of a history): what a feed says of a resource no longer.

A deletion names type and id alone: what the resource was about is known from when it was told.
A patient is never deleted by a feed.
"""

from __future__ import annotations

from collections.abc import Callable

from wardkeep.chart.cells import SEPARATOR
from wardkeep.chart.change import Section
from wardkeep.chart.reading.fhir.allergies import withdraw_allergy
from wardkeep.chart.reading.fhir.appointments import appointment_key, withdraw_appointment
from wardkeep.chart.reading.fhir.care import withdraw_care
from wardkeep.chart.reading.fhir.doses import withdraw_dose
from wardkeep.chart.reading.fhir.lessons import order_number, visit_number
from wardkeep.chart.reading.fhir.observations import values_of, withdraw_observation
from wardkeep.chart.reading.fhir.problems import withdraw_condition
from wardkeep.chart.reading.fhir.reports import report_key, withdraw_report
from wardkeep.chart.reading.fhir.requests import specimen_number, withdraw_request
from wardkeep.chart.reading.fhir.stays import withdraw_encounter
from wardkeep.chart.reading.fhir.telling import Telling, number_target


def key_of(telling: Telling) -> str:
    """Return what is kept of a resource so that its deletion is understood, "" for nothing."""
    keep = _KEYS.get(telling.item.kind)
    return keep(telling) if keep else ""


def read_deletion(telling: Telling) -> None:
    """Say that a resource is gone."""
    kind = telling.item.kind
    withdraw = _WITHDRAWALS.get(kind)
    if withdraw is None:
        telling.fault(f"the deletion of a {kind} is not read")
        return
    facts = telling.known(telling.item.target)
    if facts is None:
        telling.wait_for(kind)
        return
    telling.speaker.record = _record(telling, facts.get("subject"), facts.get("numbered"))
    if telling.speaker.record:
        withdraw(telling, str(facts.get("key") or ""))


def _record(telling: Telling, target: object, numbered: object) -> str:
    if isinstance(target, str) and target:
        facts = telling.known(target)
    elif isinstance(numbered, list):
        facts = telling.known(number_target([str(each) for each in numbered]))
    else:
        facts = None
    if facts is None:
        telling.wait_for("Patient")
    return str((facts or {}).get("record") or "")


def _order(telling: Telling) -> str:
    speaker = telling.speaker
    return order_number(telling.resource, telling.own, speaker.feed, telling.rules)[0]


def _withdraw_order(telling: Telling, key: str) -> None:
    telling.say(Section.ORDER, f"{key}{SEPARATOR}status", {"state": "cancelled"})


def _withdraw_specimen(telling: Telling, key: str) -> None:
    telling.say(Section.SPECIMEN, key, {"rejected": "deleted"})


def _visit(telling: Telling) -> str:
    return visit_number(telling.resource) or telling.own


_KEYS: dict[str, Callable[[Telling], str]] = {
    "Encounter": _visit,
    "MedicationRequest": _order,
    "ServiceRequest": _order,
    "Observation": values_of,
    "DiagnosticReport": report_key,
    "Specimen": specimen_number,
    "Appointment": appointment_key,
}
_WITHDRAWALS: dict[str, Callable[[Telling, str], None]] = {
    "Encounter": withdraw_encounter,
    "AllergyIntolerance": lambda telling, _: withdraw_allergy(telling),
    "MedicationRequest": _withdraw_order,
    "MedicationAdministration": lambda telling, _: withdraw_dose(telling),
    "Observation": withdraw_observation,
    "DiagnosticReport": withdraw_report,
    "ServiceRequest": withdraw_request,
    "Specimen": _withdraw_specimen,
    "Condition": lambda telling, _: withdraw_condition(telling),
    "Appointment": withdraw_appointment,
    "Flag": lambda telling, _: withdraw_care(telling),
    "NutritionOrder": lambda telling, _: withdraw_care(telling),
}
