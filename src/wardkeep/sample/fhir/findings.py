"""OML, OMI and ORU as ServiceRequest, Specimen, Observation, DiagnosticReport and Flag."""

from __future__ import annotations

from wardkeep.sample.fhir.elements import (
    Json,
    coded,
    concept,
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

_STATES = {"P": "preliminary", "F": "final", "C": "corrected", "W": "entered-in-error"}
_REPORTS = {"P": "preliminary", "F": "final", "C": "corrected", "W": "corrected"}
_PRIORITIES = {"R": "routine", "S": "stat"}
_WORDS = {"TX", "FT"}
_FLAGS = {"ISOLATION", "CODESTATUS"}


def request(segments: list[Segment], who: Json, visit: Json) -> list[Json]:
    """Return what is asked: ORC, TQ1, OBR, and the specimen where one was taken."""
    by_name = {segment.name: segment for segment in segments}
    orc, tq1, obr = by_name["ORC"], by_name["TQ1"], by_name["OBR"]
    number = pieces(orc.raw(2))[0]
    asked: Json = {
        "resourceType": "ServiceRequest",
        "id": number,
        "identifier": [entity(orc.raw(2), "PLAC")],
        "status": "active",
        "intent": "order",
        "category": [coded(obr.raw(24), table("v2-0074"))],
        "priority": _PRIORITIES[tq1.raw(9)],
        "code": concept(obr.raw(4)),
        "subject": who,
        "encounter": visit,
        "occurrenceDateTime": told(tq1.raw(7)),
        "authoredOn": told(orc.raw(9)),
        "requester": person(orc.raw(12)),
    }
    found: list[Json] = [asked]
    if spm := by_name.get("SPM"):
        own, _, _ = field(spm, 2).partition("&")
        found.append(
            {
                "resourceType": "Specimen",
                "id": own,
                "identifier": [{"value": own}],
                "type": concept(spm.raw(4)),
                "subject": who,
                "request": [reference(f"ServiceRequest/{number}")],
                "collection": {"collectedDateTime": told(spm.raw(17))},
            }
        )
    return found


def report(segments: list[Segment], who: Json, visit: Json) -> list[Json]:
    """Return a report with its values, each a resource of its own; words are its conclusion."""
    by_name = {segment.name: segment for segment in segments}
    orc, obr = by_name["ORC"], by_name["OBR"]
    observed = [segment for segment in segments if segment.name == "OBX"]
    number = pieces(obr.raw(3))[0]
    taken = told(obr.raw(7))
    found: Json = {
        "resourceType": "DiagnosticReport",
        "id": number,
        "identifier": [entity(obr.raw(3), "FILL")],
        "basedOn": [{"identifier": entity(orc.raw(2), "PLAC")}],
        "status": _REPORTS[obr.raw(25)],
        "category": [coded(obr.raw(24), table("v2-0074"))],
        "code": concept(obr.raw(4)),
        "subject": who,
        "encounter": visit,
        "effectiveDateTime": taken,
        "issued": told(obr.raw(22)),
    }
    words = [field(obx, 5) for obx in observed if obx.raw(2) in _WORDS]
    if words:
        return [{**found, "conclusion": "\n".join(words)}]
    values = [observation(obx, f"{number}-", who, visit) for obx in observed]
    results = [reference(f"Observation/{value['id']}") for value in values]
    return [*values, {**found, "result": results}]


def observation(obx: Segment, prefix: str, who: Json, visit: Json) -> Json:
    """Return one value."""
    code = pieces(obx.raw(3))[0]
    found: Json = {
        "resourceType": "Observation",
        "id": own_id(prefix + code),
        "status": _STATES[obx.raw(11)],
        "code": concept(obx.raw(3)),
        "subject": who,
        "encounter": visit,
        "effectiveDateTime": told(obx.raw(14)),
    }
    if obx.raw(2) == "NM":
        found["valueQuantity"] = quantity(obx.raw(5), field(obx, 6))
    else:
        found["valueString"] = field(obx, 5)
    if obx.raw(7):
        found["referenceRange"] = [{"text": field(obx, 7)}]
    if obx.raw(8):
        found["interpretation"] = [coded(obx.raw(8), table("v3-ObservationInterpretation"))]
    return found


class Nursing:
    """The nursing record: a flag or diet is one resource of its patient or stay, changed."""

    def __init__(self) -> None:
        self._same: dict[str, str] = {}

    def merge(self, old: str, survivor: str) -> None:
        """Let what was told of a number be that of the number it was merged into."""
        self._same[survivor] = self._same.get(old, old)

    def tell(self, segments: list[Segment], record: str, who: Json, visit: Json) -> list[Json]:
        """Return what an OBR with its OBX tells."""
        obr = next(each for each in segments if each.name == "OBR")
        number = pieces(obr.raw(3))[0]
        found = []
        for obx in (each for each in segments if each.name == "OBX"):
            code = pieces(obx.raw(3))[0]
            if code in _FLAGS:
                found.append(self._flag(obx, record, who, visit))
            elif code == "DIET":
                found.append(self._diet(obx, record, who, visit))
            else:
                found.append(observation(obx, f"{number}-", who, visit))
        return found

    def _flag(self, obx: Segment, record: str, who: Json, visit: Json) -> Json:
        code = pieces(obx.raw(3))[0]
        named = visit["identifier"] if code == "CODESTATUS" else None
        own = named["value"] if isinstance(named, dict) else self._same.get(record, record)
        found: Json = {
            "resourceType": "Flag",
            "id": f"{code.lower()}-{own}",
            "status": "active",
            "category": [coded(code, system_of("L"))],
            "code": {"text": field(obx, 5)},
            "subject": who,
            "encounter": visit,
            "period": {"start": told(obx.raw(14))},
        }
        return {**found, "author": person(obx.raw(16))} if obx.raw(16) else found

    def _diet(self, obx: Segment, record: str, who: Json, visit: Json) -> Json:
        return {
            "resourceType": "NutritionOrder",
            "id": f"diet-{self._same.get(record, record)}",
            "status": "active",
            "intent": "order",
            "patient": who,
            "encounter": visit,
            "dateTime": told(obx.raw(14)),
            "oralDiet": {"type": [{"text": field(obx, 5)}]},
        }
