"""RDE and RAS as MedicationRequest and MedicationAdministration."""

from __future__ import annotations

import re

from wardkeep.sample.fhir.elements import (
    Json,
    coded,
    concept,
    digits,
    entity,
    field,
    own_id,
    person,
    pieces,
    quantity,
    reference,
    system_of,
    table,
    told,
)
from wardkeep.wire.hl7v2.segment import Segment

_A_DAY = {"QD": 1, "BID": 2, "TID": 3, "QID": 4}
_WHEN = {"QHS": "HS", "QAM": "MORN"}
_TIMES = re.compile(r"(\d)XD")
_EVERY = re.compile(r"Q(\d+)H")
_WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_STATES = {"HD": "on-hold", "RL": "active", "DC": "stopped", "NW": "active", "RO": "active"}
_DONE = {"CP": "completed", "PA": "stopped", "RE": "not-done", "NA": "not-done"}
_REFUSAL = "105480006"
"""SNOMED CT: refusal of treatment by patient."""


class Pharmacy:
    """What a pharmacy has written of its orders and drugs."""

    def __init__(self) -> None:
        self._status: dict[str, str] = {}
        self._entered: dict[str, str] = {}
        self._drugs: set[str] = set()

    def tell(self, orders: list[list[Segment]], who: Json, visit: Json) -> list[Json]:
        """Return the orders of a message, with the drugs that were not told before.

        What an order replaces is told by the new one alone.
        """
        found: list[Json] = []
        prior = ""
        for group in orders:
            number = pieces(group[0].raw(2))[0]
            if group[0].raw(1) == "RP":
                prior = number
                continue
            request = self._request(group, found)
            request |= {"subject": who, "encounter": visit}
            if prior:
                request["priorPrescription"] = reference(f"MedicationRequest/{prior}")
            found.append(request)
        return found

    def _request(self, group: list[Segment], found: list[Json]) -> Json:
        orc = group[0]
        rxe = next(each for each in group if each.name == "RXE")
        number = pieces(orc.raw(2))[0]
        self._status[number] = _STATES.get(orc.raw(1)) or self._status.get(number, "active")
        if orc.raw(1) in ("NW", "RO"):
            self._entered[number] = told(orc.raw(9))
        request: Json = {
            "resourceType": "MedicationRequest",
            "id": number,
            "identifier": [entity(orc.raw(2), "PLAC"), entity(orc.raw(3), "FILL")],
            "status": self._status[number],
            "intent": "order",
            "requester": person(orc.raw(12)),
            "dosageInstruction": _dosages(group, rxe),
        }
        if number in self._entered:
            request["authoredOn"] = self._entered[number]
        if rxe.raw(27):
            request["reasonCode"] = [{"text": pieces(rxe.raw(27))[1]}]
        self._put_drug(request, group, rxe, found)
        if rxe.raw(14):
            _put_verifier(request, rxe.raw(14))
        return request

    def _put_drug(
        self, request: Json, group: list[Segment], rxe: Segment, found: list[Json]
    ) -> None:
        """Put a drug: a mixture is contained, others are told once and referred to."""
        form = pieces(rxe.raw(6))[1]
        added = [each for each in group if each.name == "RXC"]
        code = pieces(rxe.raw(2))[0]
        own = own_id(f"{code}-{form}-{field(rxe, 2)}")[:64]
        drug: Json = {
            "resourceType": "Medication",
            "code": concept(rxe.raw(2)),
            "form": {"text": form},
        }
        if added:
            ingredients = [_ingredient(each) for each in added]
            request["contained"] = [{**drug, "id": "drug", "ingredient": ingredients}]
            request["medicationReference"] = reference("#drug")
            return
        if own not in self._drugs:
            self._drugs.add(own)
            found.append({**drug, "id": own})
        request["medicationReference"] = reference(f"Medication/{own}")


def _ingredient(rxc: Segment) -> Json:
    strength: Json = {
        "numerator": quantity(rxc.raw(3), field(rxc, 4)),
        "denominator": {"value": digits("1")},
    }
    drug = concept(rxc.raw(2))
    return {"itemCodeableConcept": drug, "isActive": True, "strength": strength}


def _put_verifier(request: Json, pharmacist: str) -> None:
    agent: Json = {
        "type": coded("verifier", table("provenance-participant-type")),
        "who": {"display": pharmacist},
    }
    seen: Json = {
        "resourceType": "Provenance",
        "id": "seen",
        "target": [reference("#")],
        "recorded": request.get("authoredOn", "2022-01-01T00:00:00Z"),
        "agent": [agent],
    }
    held = request.get("contained")
    request["contained"] = [*(held if isinstance(held, list) else []), seen]
    request["eventHistory"] = [reference("#seen")]


def _dosages(group: list[Segment], rxe: Segment) -> list[Json]:
    timings = [each for each in group if each.name == "TQ1"]
    route = next(each for each in group if each.name == "RXR")
    found = []
    for place, tq1 in enumerate(timings, start=1):
        dosage: Json = {
            "timing": _timing(tq1),
            "route": concept(route.raw(1)),
            "doseAndRate": [_dose(rxe, tq1)],
        }
        if len(timings) > 1:
            dosage["sequence"] = place
        if condition := field(tq1, 10):
            dosage["asNeededCodeableConcept"] = {"text": condition}
        if place == 1:
            _put_limits(dosage, rxe)
        found.append(dosage)
    return found


def _put_limits(dosage: Json, rxe: Segment) -> None:
    if rxe.raw(19):
        number, unit, *_ = pieces(rxe.raw(19))
        amount, _, span = unit.partition("/")
        count, _, period = span.partition(" ")
        dosage["maxDosePerPeriod"] = {
            "numerator": quantity(number, amount),
            "denominator": quantity(count, period),
        }
    if rxe.raw(7):
        dosage["additionalInstruction"] = [{"text": pieces(rxe.raw(7))[1]}]


def _dose(rxe: Segment, tq1: Segment) -> Json:
    unit = field(rxe, 5)
    stepped, step_unit, *_ = pieces(tq1.raw(2))
    found: Json
    if stepped:
        found = {"doseQuantity": quantity(stepped, step_unit)}
    elif rxe.raw(4):
        low, high = quantity(rxe.raw(3), unit), quantity(rxe.raw(4), unit)
        found = {"doseRange": {"low": low, "high": high}}
    else:
        found = {"doseQuantity": quantity(rxe.raw(3), unit)}
    if rxe.raw(23):
        found["rateQuantity"] = quantity(rxe.raw(23), field(rxe, 24))
    return found


def _timing(tq1: Segment) -> Json:
    """Return a Timing: what FHIR's structure can say, with the sender's own words beside."""
    pattern = field(tq1, 3)
    words = " ".join(each for each in (pattern, tq1.raw(4), field(tq1, 10)) if each)
    code: Json = {"text": words}
    start = told(tq1.raw(7))
    if pattern == "ONCE":
        return {"event": [start], "code": code}
    repeat = _repeat(pattern, tq1.raw(4))
    if not repeat and " " not in pattern:
        code["coding"] = [{"system": system_of("HL70335"), "code": pattern}]
    bounds: Json = {"start": start}
    if tq1.raw(8):
        bounds["end"] = told(tq1.raw(8))
    return {"repeat": {"boundsPeriod": bounds, **repeat}, "code": code}


def _repeat(pattern: str, times: str) -> Json:
    hours = [f"{each[:2]}:{each[2:]}:00" for each in times.split("~") if each]
    at: Json = {"timeOfDay": hours} if hours else {}
    often = _TIMES.fullmatch(pattern)
    if count := _A_DAY.get(pattern) or (int(often[1]) if often else 0):
        return {"frequency": count, "period": 1, "periodUnit": "d", **at}
    if when := _WHEN.get(pattern):
        return {"frequency": 1, "period": 1, "periodUnit": "d", "when": [when]}
    if match := _EVERY.fullmatch(pattern):
        return {"frequency": 1, "period": int(match[1]), "periodUnit": "h", **at}
    if pattern == "QOD":
        return {"frequency": 1, "period": 2, "periodUnit": "d", **at}
    if pattern.startswith("QJ"):
        days = [_WEEKDAYS[int(day) - 1] for day in pattern[2:]]
        return {"frequency": 1, "period": 1, "periodUnit": "wk", "dayOfWeek": days, **at}
    return {}


def administration(orc: Segment, rxa: Segment, who: Json, visit: Json) -> Json:
    """Return a dose as charted; one taken back was entered in error."""
    status = "entered-in-error" if rxa.raw(21) == "D" else _DONE[rxa.raw(20)]
    dosage: Json = {"dose": quantity(rxa.raw(6), field(rxa, 7))}
    if rxa.raw(12):
        rate, _, unit = pieces(rxa.raw(12))[1].partition(" ")
        dosage["rateQuantity"] = quantity(rate, unit)
    found: Json = {
        "resourceType": "MedicationAdministration",
        "id": own_id(f"{pieces(orc.raw(2))[0]}-{rxa.raw(2)}"),
        "status": status,
        "medicationCodeableConcept": concept(rxa.raw(5)),
        "subject": who,
        "context": visit,
        "effectiveDateTime": told(rxa.raw(3)),
        "request": {"identifier": entity(orc.raw(2), "PLAC")},
        "dosage": dosage,
    }
    if rxa.raw(10):
        found["performer"] = [{"actor": person(rxa.raw(10))}]
    reason: Json = {"text": pieces(rxa.raw(18))[1]} if rxa.raw(18) else {}
    if rxa.raw(20) == "RE":
        reason["coding"] = [{"system": system_of("SCT"), "code": _REFUSAL}]
    if reason and status == "not-done":
        found["statusReason"] = [reason]
    return found
