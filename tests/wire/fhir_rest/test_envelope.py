"""What the door reads of a body: types, identities, versions; the rest is the chart's."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.fhir_rest.envelope import BUNDLES, read
from wardkeep.wire.fhir_rest.interaction import Act, Interaction
from wardkeep.wire.fhir_rest.refusal import RefusedError

BUNDLE = Interaction(Act.BUNDLE)
CREATE = Interaction(Act.CREATE, "Patient")
UPDATE = Interaction(Act.UPDATE, "Patient", "p1")


def body(**members: Any) -> bytes:
    return json.dumps(members).encode()


def refusal(content: bytes, asked: Interaction) -> tuple[int, str]:
    with pytest.raises(RefusedError) as caught:
        read(content, asked)
    return caught.value.refusal.status, caught.value.refusal.expression


@pytest.mark.parametrize(
    ("members", "control"),
    [
        ({"id": "p1", "meta": {"versionId": "3"}}, b"Patient/p1/3"),
        (
            {"id": "p1", "meta": {"lastUpdated": "2026-05-28T10:00:00Z"}},
            b"Patient/p1/2026-05-28T10:00:00Z",
        ),
        ({"id": "p1"}, b""),
        ({"meta": {"versionId": "3"}}, b""),
        ({"id": 7, "meta": {"versionId": 3}}, b""),
        ({"id": "p1", "meta": "none"}, b""),
        ({"id": "p" * 300, "meta": {"versionId": "3"}}, b""),
    ],
)
def test_a_resource_is_named_with_its_version_or_never_taken_for_a_repeat(
    members: dict[str, Any], control: bytes
) -> None:
    assert read(body(resourceType="Patient", **members), CREATE).control == control


@pytest.mark.parametrize(
    ("members", "control"),
    [
        ({"identifier": {"value": "b1"}, "timestamp": "T"}, b"Bundle/b1/T"),
        ({"id": "x", "meta": {"lastUpdated": "U"}}, b"Bundle/x/U"),
        ({"identifier": {"value": "b1"}}, b""),
        ({"timestamp": "T"}, b""),
        ({"identifier": [1], "id": "x", "timestamp": "T"}, b"Bundle/x/T"),
    ],
)
def test_a_bundle_is_named_by_identifier_or_id_and_its_time(
    members: dict[str, Any], control: bytes
) -> None:
    assert read(body(resourceType="Bundle", type="batch", **members), BUNDLE).control == control


@pytest.mark.parametrize("kind", BUNDLES)
def test_bundles_that_carry_resources_are_taken_also_empty_ones(kind: str) -> None:
    assert read(body(resourceType="Bundle", type=kind), BUNDLE).bundle is not None


def test_a_single_resource_is_taken_where_bundles_are() -> None:
    assert read(body(resourceType="Patient"), BUNDLE).bundle is None


@pytest.mark.parametrize(
    ("content", "asked", "status", "expression"),
    [
        (b"", CREATE, 400, ""),
        (b"{", CREATE, 400, ""),
        (b"[]", CREATE, 400, ""),
        (b"{}", CREATE, 400, "resourceType"),
        (b'{"resourceType": ""}', CREATE, 400, "resourceType"),
        (b'{"resourceType": "../x"}', CREATE, 400, "resourceType"),
        (b'{"resourceType": 5}', CREATE, 400, "resourceType"),
        (b'\xef\xbb\xbf{"resourceType": "Patient"}', CREATE, 400, ""),
        (b'{"resourceType": "Patient", "x": "\xe9"}', CREATE, 400, ""),
        (b'{"resourceType": "Patient"} {}', CREATE, 400, ""),
        (b'{"a":' * 50_000, CREATE, 400, ""),
        (body(resourceType="Observation"), CREATE, 400, "resourceType"),
        (body(resourceType="Patient"), UPDATE, 400, "Patient.id"),
        (body(resourceType="Patient", id="p2"), UPDATE, 400, "Patient.id"),
        (body(resourceType="Account"), BUNDLE, 422, "resourceType"),
        (body(resourceType="Bundle"), BUNDLE, 422, "Bundle.type"),
        (body(resourceType="Bundle", type="message"), BUNDLE, 422, "Bundle.type"),
        (body(resourceType="Bundle", type="batch", entry=[5]), BUNDLE, 400, "entry[0]"),
        (
            body(resourceType="Bundle", type="batch", entry=[{"resource": []}]),
            BUNDLE,
            400,
            "entry[0].resource",
        ),
    ],
)
def test_what_is_refused_says_where(
    content: bytes, asked: Interaction, status: int, expression: str
) -> None:
    assert refusal(content, asked) == (status, expression)


def test_no_word_of_a_body_stands_in_its_refusal() -> None:
    content = b'{"resourceType": "Patient", "name": [{"family": "Peeters"}], "x": nope}'
    with pytest.raises(RefusedError) as caught:
        read(content, CREATE)
    assert b"Peeters" not in caught.value.refusal.outcome()


@given(st.binary(max_size=200), st.sampled_from([BUNDLE, CREATE, UPDATE]))
def test_no_bytes_bring_the_door_down(content: bytes, asked: Interaction) -> None:
    with pytest.raises(RefusedError):
        read(content, asked)


json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from(["id", "meta", "name", "active"]), json_values))
def test_whatever_a_resource_holds_it_is_taken(members: dict[str, Any]) -> None:
    taken = read(body(resourceType="Patient", **members), CREATE)
    assert taken.resource.resourceType == "Patient"
