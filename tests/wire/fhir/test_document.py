from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.fhir.document import MAX_ITEMS, read_document
from wardkeep.wire.fhir.errors import UnreadableResourceError
from wardkeep.wire.fhir.values import part, text

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=20,
)


def bundle(*entries: object, **more: object) -> bytes:
    return json.dumps(
        {"resourceType": "Bundle", "type": "transaction", "entry": entries, **more}
    ).encode()


def test_one_resource_is_a_document_of_one_item() -> None:
    document = read_document(b'{"resourceType": "Patient", "id": "7"}')
    assert [(item.kind, item.target) for item in document.items] == [("Patient", "Patient/7")]


def test_a_number_keeps_the_digits_that_were_sent() -> None:
    document = read_document(b'{"resourceType":"Observation","valueQuantity":{"value":2.50}}')
    assert text(part(document.items[0].resource, "valueQuantity"), "value") == "2.50"


def test_a_full_address_names_the_server_of_the_resource() -> None:
    resource = {"resourceType": "Patient", "id": "7"}
    document = read_document(
        bundle({"fullUrl": "https://a.example/fhir/Patient/7", "resource": resource})
    )
    (item,) = document.items
    assert (item.target, item.base) == (
        "https://a.example/fhir/Patient/7",
        "https://a.example/fhir/",
    )


def test_a_deletion_names_what_is_gone() -> None:
    document = read_document(
        bundle({"request": {"method": "DELETE", "url": "AllergyIntolerance/3"}})
    )
    (item,) = document.items
    assert (item.kind, item.target, item.deletion) == (
        "AllergyIntolerance",
        "AllergyIntolerance/3",
        True,
    )


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ({"request": {"method": "DELETE", "url": "Patient?identifier=9"}}, "what a search"),
        ({"request": {"method": "PATCH"}, "resource": {"resourceType": "Patient"}}, "PATCH"),
        ({"resource": {"resourceType": "Bundle"}}, "bundle in a bundle"),
        ({"resource": {"id": "1"}}, "no type"),
        ({}, "without a resource"),
    ],
)
def test_an_entry_that_is_no_item_is_told_with_its_reason(entry: object, reason: str) -> None:
    document = read_document(bundle(entry))
    assert document.items == ()
    assert reason in document.oddities[0]


@pytest.mark.parametrize(
    "body",
    [b"", b"MSH|^~\\&|", b"[]", b"{}", b'{"resourceType": 3}', b"\xff\xfe{", b"[" * 90_000],
)
def test_bytes_that_are_no_resource_are_refused_by_name(body: bytes) -> None:
    with pytest.raises(UnreadableResourceError):
        read_document(body)


def test_a_bundle_of_more_entries_than_any_message_has_is_refused() -> None:
    with pytest.raises(UnreadableResourceError, match="more than"):
        read_document(bundle(*[{}] * (MAX_ITEMS + 1)))


@given(JSON, JSON)
def test_any_json_is_a_document_or_refused_by_name(resource: object, entry: object) -> None:
    for tree in (
        resource,
        {"resourceType": "Bundle", "entry": [entry, {"resource": resource}]},
    ):
        with suppress(UnreadableResourceError):
            read_document(json.dumps(tree).encode())
