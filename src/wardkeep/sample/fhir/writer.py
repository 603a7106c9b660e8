"""A message of one of the group's systems as a FHIR bundle."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from wardkeep.kernel.times import SECOND
from wardkeep.sample.fhir.bookings import appointment
from wardkeep.sample.fhir.elements import Json, identifier, instant, pieces, reference
from wardkeep.sample.fhir.findings import Nursing, report, request
from wardkeep.sample.fhir.medication import Pharmacy, administration
from wardkeep.sample.fhir.people import (
    allergy,
    by_number,
    condition,
    patient,
    patient_id,
    record_of,
    subject,
)
from wardkeep.sample.fhir.stays import Stays, visit_of
from wardkeep.wire.hl7v2.segment import Segment

_encode = msgspec.json.Encoder().encode
_ALLERGIES = {"AL1", "IAM"}


class FhirWriter:
    """Writes what systems mean as bundles, and remembers what it has told already."""

    def __init__(self) -> None:
        self._stays = Stays()
        self._pharmacies: dict[str, Pharmacy] = {}
        self._nursing = Nursing()
        self._versions: dict[tuple[str, str], int] = {}
        self._told: set[tuple[str, str]] = set()

    def write(
        self, feed: str, kind: str, control: str, times: tuple[int, int], segments: list[str]
    ) -> bytes:
        """Return the bundle of a message: MSH-9, MSH-10, times and the other segments.

        `times` are MSH-7 and when what is told happened. A pharmacy's server says of an order
        when it was changed, whenever it exports it; the others when they wrote.
        """
        read = [Segment(text.split("|", 1)[0], text.split("|")) for text in segments]
        code, trigger, *_ = kind.split("^")
        whole = len(read) > 1
        resources = self._tellers()[code](feed, trigger, read) if whole else []
        written = instant(times[0])
        changed = instant(times[1] // SECOND * SECOND) if code == "RDE" else written
        bundle: Json = {
            "resourceType": "Bundle",
            "identifier": {"value": control},
            "type": "collection",
            "timestamp": written,
            "entry": [{"resource": self._versioned(each, changed)} for each in resources],
        }
        body = _encode(bundle)
        # What broke off on its way breaks off here as well.
        return body if whole else body[: len(body) // 2]

    def _versioned(self, resource: Json, changed: str) -> Json:
        own = (str(resource["resourceType"]), str(resource["id"]))
        version = self._versions[own] = self._versions.get(own, 0) + 1
        return {**resource, "meta": {"versionId": str(version), "lastUpdated": changed}}

    def _tellers(self) -> dict[str, Callable[[str, str, list[Segment]], list[Json]]]:
        return {
            "ADT": self._admission,
            "RDE": self._orders,
            "RAS": self._doses,
            "ORU": self._results,
            "OML": self._requests,
            "OMI": self._requests,
            "SIU": self._booking,
        }

    def _admission(self, _feed: str, trigger: str, read: list[Segment]) -> list[Json]:
        if trigger == "A40":
            return self._merge(read)
        evn = read[0]
        kin = [each for each in read if each.name == "NK1"]
        found: list[Json] = []
        record = ""
        for segment in read[1:]:
            if segment.name == "PID":
                record = record_of(segment)
                found.append(patient(segment, kin))
            elif segment.name == "PV1":
                beside = [each for each in read if each.name == "PV2"]
                # A60 tells of an allergy alone, and of the bed in passing.
                if trigger != "A60":
                    found += self._stays.tell(trigger, record, [evn, segment, *beside])
            elif segment.name in _ALLERGIES:
                found.append(allergy(segment, record, "adt"))
            elif segment.name == "DG1":
                found.append(condition(segment, record))
        return found

    def _merge(self, read: list[Segment]) -> list[Json]:
        pid = next(each for each in read if each.name == "PID")
        mrg = next(each for each in read if each.name == "MRG")
        old, record = pieces(mrg.raw(1))[0], record_of(pid)
        self._nursing.merge(old, record)
        link: Json = {"other": reference(f"Patient/{patient_id(old)}"), "type": "replaces"}
        gone: Json = {
            "resourceType": "Patient",
            "id": patient_id(old),
            "identifier": [identifier(old, "GHQV", "MR")],
            "active": False,
            "link": [{"other": subject(record), "type": "replaced-by"}],
        }
        return [{**patient(pid, []), "link": [link]}, gone]

    def _whom(self, feed: str, read: list[Segment]) -> tuple[list[Json], Json, Json]:
        """Return the patient, told once a feed, with the references to patient and visit."""
        pid = next(each for each in read if each.name == "PID")
        pv1 = next((each for each in read if each.name == "PV1"), None)
        record = record_of(pid)
        visit: Json = {}
        if pv1 is not None:
            visit = {"identifier": identifier(visit_of(pv1), "GHQV", "VN")}
        known = (feed, record) in self._told
        self._told.add((feed, record))
        return [] if known else [patient(pid, [])], subject(record), visit

    def _orders(self, feed: str, _trigger: str, read: list[Segment]) -> list[Json]:
        people, who, visit = self._whom(feed, read)
        pharmacy = self._pharmacies.setdefault(feed, Pharmacy())
        groups: list[list[Segment]] = []
        for segment in read:
            if segment.name == "ORC":
                groups.append([segment])
            elif groups:
                groups[-1].append(segment)
        record = record_of(read[0])
        known = [allergy(each, record, feed) for each in read if each.name in _ALLERGIES]
        return [*people, *known, *pharmacy.tell(groups, who, visit)]

    def _doses(self, feed: str, _trigger: str, read: list[Segment]) -> list[Json]:
        people, _, visit = self._whom(feed, read)
        orc = next(each for each in read if each.name == "ORC")
        rxa = next(each for each in read if each.name == "RXA")
        # The administration record knows patients by their number, as it knows orders.
        return [*people, administration(orc, rxa, by_number(record_of(read[0])), visit)]

    def _results(self, feed: str, _trigger: str, read: list[Segment]) -> list[Json]:
        people, who, visit = self._whom(feed, read)
        if feed == "mar":
            record = record_of(read[0])
            return [*people, *self._nursing.tell(read, record, by_number(record), visit)]
        return [*people, *report(read, who, visit)]

    def _requests(self, feed: str, _trigger: str, read: list[Segment]) -> list[Json]:
        people, who, visit = self._whom(feed, read)
        return [*people, *request(read, who, visit)]

    def _booking(self, _feed: str, _trigger: str, read: list[Segment]) -> list[Json]:
        pid = next(each for each in read if each.name == "PID")
        who = subject(record_of(pid))
        return [patient(pid, []), appointment(read, who)]
