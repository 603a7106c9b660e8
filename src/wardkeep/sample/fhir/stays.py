"""PV1, PV2 and EVN as an Encounter with its places: the whole state of a stay at each event."""

from __future__ import annotations

from wardkeep.sample.fhir.elements import (
    Json,
    at_of,
    coded,
    identifier,
    instant,
    own_id,
    pieces,
    reference,
    table,
    told,
)
from wardkeep.sample.fhir.people import subject
from wardkeep.wire.hl7v2.segment import Segment

PLANNED_END = "http://hl7.org/fhir/5.0/StructureDefinition/extension-Encounter.plannedEndDate"
_STATUSES = {
    "A01": "in-progress", "A03": "finished", "A11": "cancelled", "A13": "in-progress",
    "A21": "onleave", "A22": "in-progress",
}  # fmt: skip
_CLASSES = {"I": "IMP", "O": "AMB", "E": "EMER"}
_MOVING = {"A01", "A02", "A17"}
_LEVELS = ("wa", "ro", "bd")


def visit_of(pv1: Segment) -> str:
    """Return the number of the visit."""
    return pieces(pv1.raw(19))[0]


class Stays:
    """What the admissions system has written of each visit: its status, end and moves."""

    def __init__(self) -> None:
        self._status: dict[str, str] = {}
        self._ended: dict[str, str] = {}
        self._moves: dict[str, dict[int, list[str]]] = {}
        self._places: set[str] = set()
        self._doctors: set[str] = set()

    def tell(self, trigger: str, record: str, segments: list[Segment]) -> list[Json]:
        """Return an Encounter, and the places and doctors that were not told before.

        `segments` are EVN, PV1 and PV2 where there is one.
        """
        evn, pv1, *rest = segments
        visit = visit_of(pv1)
        self._status[visit] = _STATUSES.get(trigger) or self._status.get(visit, "in-progress")
        if trigger == "A13":
            self._ended.pop(visit, None)
        elif pv1.raw(45):
            self._ended[visit] = told(pv1.raw(45))
        doctors, attending = self._attending(pv1)
        number: Json = identifier(visit, "GHQV", "VN")
        found: Json = {
            "resourceType": "Encounter",
            "id": visit,
            "identifier": [number],
            "status": self._status[visit],
            "class": {"system": table("v3-ActCode"), "code": _CLASSES[pv1.raw(2)]},
            "subject": subject(record),
            "period": self._period(visit, pv1),
            "location": self._where(trigger, visit, pv1.raw(3), at_of(evn.raw(6))),
        }
        if attending:
            kind = [coded("ATND", table("v3-ParticipationType"))]
            found["participant"] = [{"type": kind, "individual": attending}]
        if pv1.raw(10):
            found["serviceType"] = {"coding": [{"code": pv1.raw(10)}]}
        for pv2 in rest:
            found["reasonCode"] = [{"text": pieces(pv2.raw(3))[1]}]
            planned = told(pv2.raw(9))
            found["extension"] = [{"url": PLANNED_END, "valueDateTime": planned}]
        return [*self._new_places(pv1.raw(3)), *doctors, found]

    def _period(self, visit: str, pv1: Segment) -> Json:
        period: Json = {"start": told(pv1.raw(44))}
        if ended := self._ended.get(visit):
            period["end"] = ended
        return period

    def _where(self, trigger: str, visit: str, place: str, happened: int) -> list[Json]:
        """Return the places from the event on where it moves somebody, else where they lie."""
        moves = self._moves.setdefault(visit, {})
        if trigger in _MOVING:
            moves[happened] = pieces(place)
        elif trigger == "A12":
            moves.pop(happened, None)
            happened = max(moves, default=happened)
        else:
            return [{"location": reference(_target(pieces(place)))}]
        return [
            {"location": reference(_target(lain)), "period": {"start": instant(start)}}
            for start, lain in sorted(moves.items())
            if start >= happened
        ]

    def _new_places(self, raw: str) -> list[Json]:
        place = pieces(raw)
        found: list[Json] = []
        above = self._house(place[3], found)
        for depth, level in enumerate(_LEVELS):
            own = own_id("-".join(place[: depth + 1]))
            if own not in self._places:
                self._places.add(own)
                found.append(_location(own, level, place[depth], above))
            above = own
        return found

    def _house(self, code: str, found: list[Json]) -> str:
        if code not in self._places:
            self._places.add(code)
            found.append(_location(code, "si", code, ""))
        return code

    def _attending(self, pv1: Segment) -> tuple[list[Json], Json]:
        """Return the doctor, as a resource the first time, and the reference to them."""
        if not pv1.raw(7):
            return [], {}
        number, family, given, _, _, prefix, *_ = pieces(pv1.raw(7))
        own = own_id(number)
        known = own in self._doctors
        self._doctors.add(own)
        name: Json = {"family": family, "given": [given], "prefix": [prefix]}
        doctor: Json = {
            "resourceType": "Practitioner",
            "id": own,
            "identifier": [{"value": number}],
            "name": [name],
        }
        return [] if known else [doctor], reference(f"Practitioner/{own}")


def _target(place: list[str]) -> str:
    return f"Location/{own_id('-'.join(place[:3]))}"


def _location(own: str, level: str, code: str, above: str) -> Json:
    found: Json = {
        "resourceType": "Location",
        "id": own,
        "identifier": [{"value": code}],
        "physicalType": coded(level, table("location-physical-type")),
    }
    return {**found, "partOf": reference(f"Location/{above}")} if above else found
