"""Comparable facts of a chart and of a FHIR R4 bundle made from the same HL7 v2 message."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from tests.chart.sending import entry

from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.model import PatientChart
from wardkeep.hospital.site import Feed, Rules, Site
from wardkeep.kernel.times import SECOND

ZONE = "Asia/Kolkata"
"""The bundles were made with +05:30 for times without an offset."""

SITE = Site(name="Bundles", rules=Rules(timezone=ZONE), feeds=(Feed(name="feed"),))
Facts = dict[str, set[str]]


def pairs(shared: Path) -> Iterator[tuple[str, bytes, dict[str, Any]]]:
    """Yield name, message and expected bundle."""
    folder = shared / "data" / "hl7"
    for path in sorted((folder / "msft-fhir-converter-r4-expected").glob("*.json")):
        name = path.name.removesuffix("-expected.json").partition("__")[2]
        body = (folder / "msft-fhir-converter" / f"{name}.hl7").read_bytes()
        yield name, body, json.loads(path.read_text())


def charts_of(body: bytes) -> list[PatientChart]:
    charts = MemoryCharts(SITE)
    charts.add(entry(body, feed="feed"))
    return charts.survivors()


def _at(micros: int) -> str:
    return datetime.fromtimestamp(micros / SECOND, ZoneInfo("UTC")).strftime("%Y%m%d%H%M")


def _iso(text: str) -> str:
    if "T" not in text:
        return text
    return datetime.fromisoformat(text).astimezone(ZoneInfo("UTC")).strftime("%Y%m%d%H%M")


def _number(text: str) -> str:
    """Return numbers as numbers: a bundle's 4.10 is 4.1."""
    try:
        return f"{float(text):g}"
    except ValueError:
        return text.strip()


def facts_of_charts(charts: list[PatientChart]) -> Facts:
    found: Facts = {}

    def put(name: str, *values: str) -> None:
        found.setdefault(name, set()).update(value for value in values if value)

    for chart in charts:
        put("patient number", *(item.number for item in chart.identifiers))
        if chart.name:
            put("family name", chart.name.value.family)
            put("given name", chart.name.value.given)
        put("birth date", chart.birth_date.value if chart.birth_date else "")
        put("sex", chart.sex.value if chart.sex else "")
        for stay in chart.encounters:
            put("visit class", stay.patient_class.value if stay.patient_class else "")
            put("admitted", _at(stay.admitted.value.at) if stay.admitted else "")
        put("allergy", *(i.substance.code or i.substance.text for i in chart.allergies.items))
        put("problem", *(i.coding.code or i.coding.text for i in chart.problems))
        for order in chart.orders:
            put("medication order", order.order.partition("^")[0].partition("@")[0])
            put("drug", order.drug.value.code or order.drug.value.text)
            put("dose", _number(order.dose.value.split()[0]) if order.dose else "")
            put("rate", _number(order.rate.split()[0]) if order.rate else "")
            put("route", order.route.value.code if order.route else "")
        for series in chart.results:
            put("analysis", series.coding.code or series.coding.text)
            put("value", *(_number(result.value) for result in series.results))
        put("report", *(i.coding.code or i.coding.text for i in chart.reports))
        put(
            "request",
            *(i.order.partition("^")[0].partition("@")[0] for i in chart.pending_orders),
        )
        put("specimen", *(i.specimen for i in chart.pending_specimens))
        for visit in chart.appointments:
            put("appointment", visit.appointment)
            put("appointment start", _at(visit.start.at))
            put("appointment state", visit.state)
            put("appointment minutes", str(visit.minutes or ""))
    return {name: values for name, values in found.items() if values}


_SEX = {"male": "M", "female": "F", "other": "O", "unknown": "U"}
_CLASS = {
    "IMP": "I",
    "AMB": "O",
    "EMER": "E",
    "PRENC": "P",
    "ACUTE": "I",
    "SS": "O",
    "OBSENC": "B",
}


def facts_of_bundle(bundle: dict[str, Any]) -> Facts:
    found: Facts = {}

    def put(name: str, *values: object) -> None:
        found.setdefault(name, set()).update(
            str(value) for value in values if value not in ("", None)
        )

    drugs = {}
    for item in bundle["entry"]:
        resource = item["resource"]
        if resource["resourceType"] == "Medication":
            drugs[f"Medication/{resource['id']}"] = _code(resource.get("code", {}))
    for item in bundle["entry"]:
        resource = item["resource"]
        reader = _READERS.get(resource["resourceType"])
        if reader:
            reader(resource, put, drugs)
    return {name: values for name, values in found.items() if values}


def _code(concept: dict[str, Any]) -> str:
    for coding in concept.get("coding", ()):
        if coding.get("code"):
            return str(coding["code"])
    for coding in concept.get("coding", ()):
        if coding.get("display"):
            return str(coding["display"])
    return str(concept.get("text", ""))


def _patient(it: dict[str, Any], put: Any, _: Any) -> None:
    put("patient number", *(one.get("value") for one in it.get("identifier", ())))
    for name in it.get("name", ())[:1]:
        put("family name", name.get("family"))
        put("given name", *name.get("given", ())[:1])
    put("birth date", it.get("birthDate", "")[:10])
    put("sex", _SEX.get(it.get("gender", ""), ""))


def _encounter(it: dict[str, Any], put: Any, _: Any) -> None:
    code = it.get("class", {}).get("code", "")
    put("visit class", _CLASS.get(code, code))
    put("admitted", _iso(it.get("period", {}).get("start", "")))


def _medication_request(it: dict[str, Any], put: Any, drugs: dict[str, str]) -> None:
    for one in it.get("identifier", ()):
        if _code(one.get("type", {})) == "PLAC":
            put("medication order", one.get("value"))
    put("drug", drugs.get(it.get("medicationReference", {}).get("reference", ""), ""))
    put("drug", _code(it.get("medicationCodeableConcept", {})))
    for dosage in it.get("dosageInstruction", ()):
        put("route", _code(dosage.get("route", {})))
        for amount in dosage.get("doseAndRate", ()):
            put("dose", _number(str(amount.get("doseQuantity", {}).get("value", ""))))
            put("rate", _number(str(amount.get("rateQuantity", {}).get("value", ""))))


def _observation(it: dict[str, Any], put: Any, _: Any) -> None:
    put("analysis", _code(it.get("code", {})))
    for part in (it, *it.get("component", ())):
        quantity = part.get("valueQuantity", {}).get("value", "")
        concept = part.get("valueCodeableConcept", {})
        shown = concept.get("text") or next(
            (coding.get("display") for coding in concept.get("coding", ())), ""
        )
        put("value", _number(str(quantity)), part.get("valueString", ""), shown)


def _request(it: dict[str, Any], put: Any, _: Any) -> None:
    for one in it.get("identifier", ()):
        if _code(one.get("type", {})) == "PLAC":
            put("request", one.get("value"))


def _appointment(it: dict[str, Any], put: Any, _: Any) -> None:
    put("appointment", *(one.get("value") for one in it.get("identifier", ())[:1]))
    put("appointment start", _iso(it.get("start", "")))
    put("appointment state", it.get("status"))
    put("appointment minutes", it.get("minutesDuration"))


_READERS = {
    "Patient": _patient,
    "Encounter": _encounter,
    "AllergyIntolerance": lambda it, put, _: put("allergy", _code(it.get("code", {}))),
    "Condition": lambda it, put, _: put("problem", _code(it.get("code", {}))),
    "MedicationRequest": _medication_request,
    "Observation": _observation,
    "DiagnosticReport": lambda it, put, _: put("report", _code(it.get("code", {}))),
    "ServiceRequest": _request,
    "Specimen": lambda it, put, _: put(
        "specimen", *(one.get("value") for one in it.get("identifier", ())[:1])
    ),
    "Appointment": _appointment,
}
