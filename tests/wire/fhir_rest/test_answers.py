"""What is answered to what is durable; a repeat is answered the same way."""

from __future__ import annotations

import json
from typing import Any

import pytest
from fhir.resources.R4B import get_fhir_model_class
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.fhir_rest.answers import (
    Answer,
    Stored,
    Wish,
    answer,
    base_of,
    preference,
)
from wardkeep.wire.fhir_rest.envelope import read
from wardkeep.wire.fhir_rest.interaction import Act, Interaction

BUNDLE = Interaction(Act.BUNDLE)
CREATE = Interaction(Act.CREATE, "Patient")
STORED = Stored(42, 1_780_000_000_123_456)
BASE = "https://box.example/fhir"


def said(members: dict[str, Any], asked: Interaction, returns: str = "minimal") -> Answer:
    body = json.dumps(members).encode()
    return answer(read(body, asked), STORED, asked, Wish(returns, BASE), body)


def entries(
    kind: str, *found: dict[str, Any], returns: str = "minimal"
) -> list[dict[str, Any]]:
    bundle = {"resourceType": "Bundle", "type": kind, "entry": list(found)}
    answered = json.loads(said(bundle, BUNDLE, returns).body)
    get_fhir_model_class("Bundle").model_validate(answered)
    told: list[dict[str, Any]] = answered["entry"]
    return told


def test_a_create_keeps_the_senders_id_and_names_its_place_in_the_ledger() -> None:
    answered = said({"resourceType": "Patient", "id": "p1"}, CREATE)
    assert (answered.status, answered.body) == (201, b"")
    assert answered.headers == {
        "location": f"{BASE}/Patient/p1/_history/42",
        "etag": 'W/"42"',
        "last-modified": "Thu, 28 May 2026 20:26:40 GMT",
    }


@pytest.mark.parametrize("identity", [None, "a_b", "x" * 65, "a/b", 7])
def test_a_resource_without_an_id_that_fhir_allows_is_given_one(identity: object) -> None:
    answered = said({"resourceType": "Patient", "id": identity}, CREATE)
    assert answered.headers["location"] == f"{BASE}/Patient/wk-42/_history/42"


def test_an_update_is_answered_with_200() -> None:
    asked = Interaction(Act.UPDATE, "Patient", "p1")
    assert said({"resourceType": "Patient", "id": "p1"}, asked).status == 200


def test_the_client_gets_back_what_it_prefers() -> None:
    patient = {"resourceType": "Patient", "id": "p1"}
    assert json.loads(said(patient, CREATE, "representation").body) == patient
    outcome = json.loads(said(patient, CREATE, "OperationOutcome").body)
    assert outcome["issue"][0]["diagnostics"] == "kept as entry 42"


def test_each_entry_of_a_bundle_has_its_answer_in_its_place() -> None:
    patient = {"resource": {"resourceType": "Patient", "id": "p1"}}
    told = entries(
        "transaction",
        {**patient, "request": {"method": "PUT", "url": "Patient/p1"}},
        {**patient, "request": {"method": "POST", "url": "Patient"}},
        {"resource": {"resourceType": "Basic"}},
        {"request": {"method": "DELETE", "url": "Patient/p1"}},
        {"request": {"method": "GET", "url": "Patient/p1"}},
        {},
    )
    responses = [each["response"] for each in told]
    assert [each["status"] for each in responses] == ["200", "201", "201", "202", "405", "202"]
    assert responses[2]["location"] == f"{BASE}/Basic/wk-42-2/_history/42"
    assert responses[0]["lastModified"] == "2026-05-28T20:26:40.123Z"


@pytest.mark.parametrize(
    ("kind", "answered"),
    [
        ("transaction", "transaction-response"),
        ("batch", "batch-response"),
        ("collection", "batch-response"),
        ("searchset", "batch-response"),
    ],
)
def test_the_answer_to_a_bundle_is_a_bundle(kind: str, answered: str) -> None:
    said_ = said({"resourceType": "Bundle", "type": kind}, BUNDLE)
    assert said_.status == 200
    assert json.loads(said_.body)["type"] == answered


def test_a_bundle_comes_back_with_its_resources_where_they_are_wished_for() -> None:
    resource = {"resourceType": "Patient", "id": "p1", "active": True}
    (told,) = entries("batch", {"resource": resource}, returns="representation")
    assert told["resource"] == resource
    (told,) = entries("batch", {"resource": resource}, returns="OperationOutcome")
    assert told["response"]["outcome"]["resourceType"] == "OperationOutcome"


@pytest.mark.parametrize(
    ("header", "returns"),
    [
        ("", "minimal"),
        ("return=minimal", "minimal"),
        ("return=representation", "representation"),
        ('respond-async, return="OperationOutcome"; x', "OperationOutcome"),
        ("return=everything", "minimal"),
        ("return", "minimal"),
    ],
)
def test_preferences_as_clients_write_them(header: str, returns: str) -> None:
    assert preference(header) == returns


@pytest.mark.parametrize("host", ["", "a b", "x/y", "x\r\nset-cookie: a", "a@b", "x:123456"])
def test_a_host_that_is_none_is_not_repeated(host: str) -> None:
    assert base_of("https", host) == "/fhir"


def test_the_base_is_where_the_client_reached_us() -> None:
    assert base_of("https", "box.example:8443") == "https://box.example:8443/fhir"
    assert base_of("http", "[::1]:80") == "http://[::1]:80/fhir"


resources = st.fixed_dictionaries(
    {"resourceType": st.sampled_from(["Patient", "Observation", "Basic"])},
    optional={"id": st.text(max_size=70), "name": st.text(max_size=5)},
)


@given(st.lists(st.fixed_dictionaries({"resource": resources}), max_size=5))
def test_any_bundle_is_answered_in_order_and_the_same_way_twice(
    found: list[dict[str, Any]],
) -> None:
    bundle = {"resourceType": "Bundle", "type": "batch", "entry": found}
    first, again = said(bundle, BUNDLE), said(bundle, BUNDLE)
    assert first == again
    assert len(json.loads(first.body).get("entry", [])) == len(found)
