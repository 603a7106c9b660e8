"""FHIR elements out of the fields of a message: concepts, identifiers, quantities, times."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.kernel.times import Precision
from wardkeep.sample.hl7 import ZONE
from wardkeep.wire.hl7v2.escapes import unescape
from wardkeep.wire.hl7v2.segment import Segment
from wardkeep.wire.hl7v2.times import parse_moment

Json = dict[str, object]

NAMESPACES = (
    "GHQV", "RRN", "IGSS", "PHARMA", "PHARMAF", "CYTO", "CYTOF", "DEMANDE", "LABO", "RIS",
    "SOINS", "AGENDA",
)  # fmt: skip
"""Who numbers things in the group."""
_ADDRESS = "https://numbers.ghqv.example/"
_SYSTEMS = {
    "LN": "http://loinc.org",
    "SCT": "http://snomed.info/sct",
    "ATC": "http://www.whocc.no/atc",
    "I10": "http://hl7.org/fhir/sid/icd-10",
}
_TABLES = "http://terminology.hl7.org/CodeSystem/"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_ZONE = ZoneInfo(ZONE)


def fhir_namespaces() -> dict[str, str]:
    """Return which numbers of the group's FHIR senders are which of its HL7 messages."""
    return {_ADDRESS + name.lower(): name for name in NAMESPACES}


def system_of(name: str) -> str:
    """Return the address of a code system that HL7 v2 names so."""
    if name.startswith("HL7"):
        return f"{_TABLES}v2-{name[3:]}"
    return _SYSTEMS.get(name, f"{_ADDRESS}codes/{name.lower()}")


def table(name: str) -> str:
    """Return the address of one of HL7's FHIR code systems."""
    return _TABLES + name


def pieces(raw: str) -> list[str]:
    """Return the components of a field, unescaped, at least nine."""
    found = [unescape(each) for each in raw.split("^")]
    return [*found, *[""] * (9 - len(found))]


def concept(raw: str) -> Json:
    """Return a CodeableConcept of a CE."""
    code, shown, system, *_ = pieces(raw)
    if not code:
        return {"text": shown}
    coding: Json = {"code": code}
    if system:
        coding = {"system": system_of(system), **coding}
    if shown:
        coding["display"] = shown
    return {"coding": [coding]}


def coded(code: str, system: str, shown: str = "") -> Json:
    """Return a CodeableConcept of one code of an HL7 code system."""
    found: Json = {"coding": [{"system": system, "code": code}]}
    return {**found, "text": shown} if shown else found


def identifier(number: str, namespace: str, kind: str = "") -> Json:
    """Return an Identifier of one of the group's numbers."""
    found: Json = {"system": _ADDRESS + namespace.lower(), "value": number}
    return {"type": coded(kind, table("v2-0203")), **found} if kind else found


def entity(raw: str, kind: str = "") -> Json:
    """Return an Identifier of an EI."""
    number, namespace, *_ = pieces(raw)
    return identifier(number, namespace, kind)


def reference(target: str) -> Json:
    """Return a literal reference."""
    return {"reference": target}


def person(raw: str) -> Json:
    """Return a reference to a doctor or nurse (XCN), by number and name."""
    number, family, given, _, _, prefix, *_ = pieces(raw)
    shown = " ".join(each for each in (prefix, family, given) if each)
    return {"identifier": {"value": number}, "display": shown}


def digits(number: str) -> object:
    """Return a JSON number with just these digits."""
    return msgspec.Raw(number.encode())


def quantity(number: str, unit: str) -> Json:
    """Return a Quantity as written."""
    found: Json = {"value": digits(number)} if number else {}
    return {**found, "unit": unit} if unit else found


def at_of(text: str) -> int:
    """Return an HL7 time as UTC microseconds."""
    moment = parse_moment(text, _ZONE)
    if moment is None:
        raise ValueError(text)
    return moment.at


def told(text: str) -> str:
    """Return an HL7 time as a FHIR date or dateTime with offset."""
    moment = parse_moment(text, _ZONE)
    if moment is None:
        raise ValueError(text)
    return instant(moment.at) if moment.precision is not Precision.DAY else day(text)


def day(text: str) -> str:
    """Return the date of an HL7 time."""
    return f"{text[:4]}-{text[4:6]}-{text[6:8]}"


def instant(at: int) -> str:
    """Return UTC microseconds as an instant of the group's clocks."""
    return (_EPOCH + timedelta(microseconds=at)).astimezone(_ZONE).isoformat()


def field(segment: Segment, number: int) -> str:
    """Return a whole field unescaped."""
    return unescape(segment.raw(number))


def own_id(text: str) -> str:
    """Return what a resource may be called: letters, digits, hyphens and dots."""
    return "".join(each if each.isascii() and each.isalnum() else "-" for each in text)
