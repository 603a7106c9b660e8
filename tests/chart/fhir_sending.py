"""Resources as the systems of a small hospital send them, for the tests of the chart."""

from __future__ import annotations

import json
from collections.abc import Iterable

from tests.chart.sending import RECEIVED, SITE

from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.model import PatientChart
from wardkeep.hospital.site import Site
from wardkeep.ledger.arrival import Entry, Kind

Json = dict[str, object]
MRN = "urn:oid:GHQV"


def fhir(
    resource: Json, sequence: int = 1, feed: str = "adt", received: int = RECEIVED
) -> Entry:
    body = json.dumps(resource).encode()
    return Entry(sequence, feed, received, Kind.FHIR, b"", b"", b"", body, False)


def at(resource: Json, updated: str) -> Json:
    return {**resource, "meta": {"lastUpdated": updated}}


def of(kind: str, own: str, **fields: object) -> Json:
    return {"resourceType": kind, "id": own, **fields}


def patient(own: str = "p1", record: str = "1001", **more: object) -> Json:
    return of(
        "Patient",
        own,
        identifier=[{"system": MRN, "value": record}],
        name=[{"family": "Dupont", "given": ["Marie"]}],
        **more,
    )


def ref(target: str, **more: object) -> Json:
    return {"reference": target, **more}


def concept(code: str, text: str, system: str = "http://loinc.org") -> Json:
    return {"coding": [{"system": system, "code": code, "display": text}]}


def bundle(*resources: Json, **more: object) -> Json:
    entries = [{"resource": each} for each in resources]
    return {"resourceType": "Bundle", "type": "collection", "entry": entries, **more}


def fold(resources: Iterable[Json], site: Site = SITE, feed: str = "adt") -> MemoryCharts:
    charts = MemoryCharts(site)
    for number, each in enumerate(resources, start=1):
        charts.add(fhir(each, number, feed))
    return charts


def chart(*resources: Json, record: str = "1001", feed: str = "adt") -> PatientChart:
    found = fold(resources, feed=feed).patient(record)
    assert found is not None
    return found
