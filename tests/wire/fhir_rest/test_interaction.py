"""Which addresses and methods the door knows, decided before any body is read."""

from __future__ import annotations

import pytest

from wardkeep.wire.fhir_rest.interaction import TYPES, Act, Interaction, interaction
from wardkeep.wire.fhir_rest.refusal import Refusal


@pytest.mark.parametrize(
    ("method", "path", "act", "kind", "identity"),
    [
        ("POST", "/fhir", Act.BUNDLE, "", ""),
        ("POST", "/fhir/", Act.BUNDLE, "", ""),
        ("POST", "/fhir/Patient", Act.CREATE, "Patient", ""),
        ("PUT", "/fhir/Patient/a-1.b", Act.UPDATE, "Patient", "a-1.b"),
        ("GET", "/fhir/metadata", Act.METADATA, "", ""),
        ("HEAD", "/fhir/metadata", Act.METADATA, "", ""),
        ("GET", "/fhir/openapi.json", Act.OPENAPI, "", ""),
        ("OPTIONS", "/fhir", Act.OPTIONS, "", ""),
        ("OPTIONS", "/fhir/Patient/1", Act.OPTIONS, "Patient", "1"),
    ],
)
def test_what_is_asked(method: str, path: str, act: Act, kind: str, identity: str) -> None:
    asked = interaction(method, path)
    assert isinstance(asked, Interaction)
    assert (asked.act, asked.resource_type, asked.identity) == (act, kind, identity)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/fhir", 405),
        ("GET", "/fhir/Patient", 405),
        ("GET", "/fhir/Patient/1", 405),
        ("POST", "/fhir/Patient/1", 405),
        ("DELETE", "/fhir/Patient/1", 405),
        ("PATCH", "/fhir/Patient/1", 405),
        ("POST", "/fhir/metadata", 405),
        ("POST", "/fhir/Account", 404),
        ("POST", "/fhir/patient", 404),
        ("PUT", "/fhir/Patient/a_b", 404),
        ("PUT", "/fhir/Patient/../x", 404),
        ("PUT", f"/fhir/Patient/{'a' * 65}", 404),
        ("GET", "/fhir/Patient/1/_history/1", 404),
    ],
)
def test_what_is_not_there_or_not_by_this_method(method: str, path: str, status: int) -> None:
    asked = interaction(method, path)
    assert isinstance(asked, Refusal)
    assert asked.status == status
    assert ("allow" in asked.headers) == (status == 405)


def test_every_type_of_the_list_can_be_created_and_updated() -> None:
    assert len(TYPES) == 18
    for kind in TYPES:
        assert isinstance(interaction("POST", f"/fhir/{kind}"), Interaction)
        assert isinstance(interaction("PUT", f"/fhir/{kind}/1"), Interaction)
