from __future__ import annotations

from collections import Counter

import msgspec
import pytest
from fhir.resources.R4B.bundle import Bundle

from wardkeep.kernel.times import HOUR
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import TINY
from wardkeep.sample.site import FEEDS

START = 1_653_364_800_000_000  # 2022-05-24T04:00:00Z
_OF_EACH = 3
"""Bundles validated of each feed and set of types; the models read a few hundred a second."""


@pytest.fixture(scope="module")
def bodies() -> list[tuple[str, bytes]]:
    hospital = Hospital(5, START, TINY, frozenset(FEEDS))
    sent = [*hospital.first_fill(), *hospital.live(START + 6 * HOUR)]
    return [(each.feed, each.body) for each in sent if each.fhir]


def resources(body: bytes) -> list[dict[str, object]]:
    try:
        bundle = msgspec.json.decode(body)
    except msgspec.DecodeError:
        return []
    return [entry["resource"] for entry in bundle["entry"]]


def test_every_kind_of_bundle_is_valid_fhir_r4(bodies: list[tuple[str, bytes]]) -> None:
    seen = Counter[tuple[str, frozenset[str]]]()
    for feed, body in bodies:
        kind = (feed, frozenset(str(each["resourceType"]) for each in resources(body)))
        seen[kind] += 1
        if kind[1] and seen[kind] <= _OF_EACH:
            Bundle.model_validate_json(body)
    print(f"{len(bodies)} bundles of {len(seen)} kinds")
    assert len(seen) > 20


def test_the_group_speaks_of_everything_that_the_chart_knows(
    bodies: list[tuple[str, bytes]],
) -> None:
    told = {str(each["resourceType"]) for _, body in bodies for each in resources(body)}
    assert told == {
        "Patient", "Encounter", "Location", "Practitioner", "AllergyIntolerance", "Condition",
        "Medication", "MedicationRequest", "MedicationAdministration", "Observation",
        "DiagnosticReport", "ServiceRequest", "Specimen", "Appointment", "Flag",
        "NutritionOrder",
    }  # fmt: skip


def test_a_number_is_written_with_the_digits_of_its_message(
    bodies: list[tuple[str, bytes]],
) -> None:
    assert any(b'"value":8.0' in body for feed, body in bodies if feed == "laboratory") or any(
        b".0," in body for feed, body in bodies if feed == "laboratory"
    )


def test_the_same_seed_writes_the_same_bundles() -> None:
    one, other = (
        [each.body for each in Hospital(3, START, TINY, frozenset({"adt", "mar"})).first_fill()]
        for _ in range(2)
    )
    assert one == other


def test_life_in_the_house_is_the_same_whatever_its_systems_speak() -> None:
    spoken = Hospital(3, START, TINY, frozenset(FEEDS))
    plain = Hospital(3, START, TINY)
    both = [[(each.at, each.feed) for each in one.first_fill()] for one in (spoken, plain)]
    assert both[0] == both[1]
    assert spoken.records() == plain.records()
