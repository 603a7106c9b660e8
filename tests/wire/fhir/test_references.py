from __future__ import annotations

import pytest

from wardkeep.wire.fhir.references import base_of, logical, target_of, type_of


@pytest.mark.parametrize(
    ("reference", "base", "target"),
    [
        ("Patient/7", "", "Patient/7"),
        ("Patient/7/_history/3", "", "Patient/7"),
        ("Patient/7", "https://a.example/fhir/", "https://a.example/fhir/Patient/7"),
        ("https://b.example/Patient/7", "https://a.example/", "https://b.example/Patient/7"),
        ("urn:uuid:1-2", "https://a.example/", "urn:uuid:1-2"),
        ("#inside", "", ""),
        ("Patient?name=x", "", ""),
        ("", "", ""),
    ],
)
def test_a_reference_leads_to_one_server_and_resource(
    reference: str, base: str, target: str
) -> None:
    assert target_of(reference, base) == target


def test_two_servers_that_number_alike_are_told_apart() -> None:
    one = target_of("Patient/7", base_of("https://a.example/fhir/Encounter/1"))
    other = target_of("Patient/7", base_of("https://b.example/fhir/Encounter/1"))
    assert one != other
    assert type_of(one) == type_of(other) == "Patient"


def test_a_search_by_number_names_the_number() -> None:
    found = logical({"reference": "Patient?identifier=https://h.example/mrn|1001"})
    assert found == {"system": "https://h.example/mrn", "value": "1001"}
