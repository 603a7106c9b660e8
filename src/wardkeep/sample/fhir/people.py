"""PID and NK1 as a Patient."""

from __future__ import annotations

from wardkeep.sample.fhir.elements import (
    Json,
    coded,
    day,
    field,
    identifier,
    pieces,
    reference,
    system_of,
    table,
    told,
)
from wardkeep.wire.hl7v2.segment import Segment

_SEXES = {"F": "female", "M": "male"}
_USES = {"PRN": "home", "WPN": "work"}


def record_of(pid: Segment) -> str:
    """Return the group's record number."""
    return pieces(pid.raw(3).split("~", 1)[0])[0]


def patient_id(record: str) -> str:
    """Return the id of the Patient with a record number."""
    return f"p{record}"


def subject(record: str) -> Json:
    """Return a reference to a Patient by the id that the group's servers give."""
    return reference(f"Patient/{patient_id(record)}")


def by_number(record: str) -> Json:
    """Return a reference to a patient by the record number alone."""
    return {"identifier": identifier(record, "GHQV", "MR")}


def patient(pid: Segment, kin: list[Segment]) -> Json:
    """Return a Patient as the segments have it."""
    family, given, *_ = pieces(pid.raw(5))
    found: Json = {
        "resourceType": "Patient",
        "id": patient_id(record_of(pid)),
        "identifier": [_number(each) for each in pid.raw(3).split("~")],
        "name": [{"use": "official", "family": family, "given": [given]}],
        "birthDate": day(pid.raw(7)),
        "gender": _SEXES[pid.raw(8)],
    }
    if phones := telecom(pid.raw(13)):
        found["telecom"] = phones
    if pid.raw(29):
        found["deceasedDateTime"] = told(pid.raw(29))
    if kin:
        found["contact"] = [_contact(each) for each in kin]
    return found


def _number(raw: str) -> Json:
    number, _, _, authority, kind, *_ = pieces(raw)
    return identifier(number, authority, kind)


def telecom(raw: str) -> list[Json]:
    """Return telephones as contact points."""
    found: list[Json] = []
    for each in raw.split("~") if raw else ():
        number, use, *_ = pieces(each)
        found.append({"system": "phone", "value": number, "use": _USES[use]})
    return found


def _contact(nk1: Segment) -> Json:
    family, given, *_ = pieces(nk1.raw(2))
    code, relation, system, *_ = pieces(nk1.raw(3))
    return {
        "relationship": [coded(code, system_of(system), relation)],
        "name": {"family": family, "given": [given]},
        "telecom": telecom(nk1.raw(5)),
    }


def allergy(segment: Segment, record: str, feed: str) -> Json:
    """Return an AllergyIntolerance of an AL1 or IAM."""
    code, shown, system, *_ = pieces(segment.raw(3))
    found: Json = {
        "resourceType": "AllergyIntolerance",
        "id": f"a{record}-{code}-{feed}",
        "clinicalStatus": coded("active", table("allergyintolerance-clinical")),
        "code": coded(code, system_of(system), shown),
        "patient": subject(record),
    }
    if kind := _CATEGORIES.get(segment.raw(2)):
        found["category"] = [kind]
    reactions = [field(segment, 5)] if segment.raw(5) else []
    if reactions:
        severity = _SEVERITIES[segment.raw(4)]
        manifestation = [{"text": each} for each in reactions]
        found["reaction"] = [{"manifestation": manifestation, "severity": severity}]
    return found


_CATEGORIES = {"DA": "medication", "FA": "food", "EA": "environment"}
_SEVERITIES = {"SV": "severe", "MO": "moderate", "MI": "mild"}


def condition(dg1: Segment, record: str) -> Json:
    """Return a Condition of a DG1."""
    code, shown, system, *_ = pieces(dg1.raw(3))
    found: Json = {
        "resourceType": "Condition",
        "id": f"c{record}-{code}",
        "clinicalStatus": coded("active", table("condition-clinical")),
        "category": [coded(dg1.raw(6), table("v2-0052"))],
        "code": coded(code, system_of(system), shown),
        "subject": subject(record),
    }
    if dg1.raw(5):
        found["onsetDateTime"] = told(dg1.raw(5))
    return found
