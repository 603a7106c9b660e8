"""A page of a search: what is in it, and where it may lead."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.errors import SearchAnswerError
from wardkeep.wire.fhir_rest.moments import iso_instant
from wardkeep.wire.fhir_rest.search_page import Seen, instant, read_page

ASKED = "https://emr.example/r4/Patient?_count=2"


def page(entries: list[Any], onward: str | None = None) -> bytes:
    links = [{"relation": "self", "url": ASKED}]
    links += [{"relation": "next", "url": onward}] if onward is not None else []
    return json.dumps(
        {"resourceType": "Bundle", "type": "searchset", "link": links, "entry": entries}
    ).encode()


def test_each_resource_is_named_with_its_version_and_outcomes_are_none() -> None:
    patient = {"resourceType": "Patient", "id": "1"}
    meta = {"versionId": "3", "lastUpdated": "2026-05-28T20:26:40.5+02:00"}
    outcome = {"resourceType": "OperationOutcome", "id": "x", "meta": meta}
    got = read_page(
        page(
            [
                {"resource": {**patient, "meta": meta}},
                {"resource": {**patient, "meta": {"lastUpdated": "2026-05-28T18:26:40Z"}}},
                {"resource": patient},
                {"resource": outcome, "search": {"mode": "outcome"}},
                {"fullUrl": "https://emr.example/r4/Patient/9"},
            ]
        ),
        ASKED,
    )
    at = 1_779_992_800_000_000
    assert got.resources == (
        Seen("Patient/1/3", at + 500_000),
        Seen("Patient/1/2026-05-28T18:26:40Z", at),
        Seen("", None),
    )
    assert got.next == ""


@pytest.mark.parametrize(
    ("onward", "leads"),
    [
        ("https://emr.example/r4?page=2", "https://emr.example/r4?page=2"),
        ("https://emr.example:443/r4?page=2", "https://emr.example:443/r4?page=2"),
        ("?page=2", "https://emr.example/r4/Patient?page=2"),
        ("/r4?page=2", "https://emr.example/r4?page=2"),
    ],
)
def test_the_next_page_of_the_same_server_is_asked_for(onward: str, leads: str) -> None:
    assert read_page(page([], onward), ASKED).next == leads


@pytest.mark.parametrize(
    "onward",
    [
        "https://evil.example/r4?page=2",
        "http://emr.example/r4?page=2",
        "https://emr.example:8443/r4",
        "https://emr.example@evil.example/",
        "//evil.example/",
        "https://emr.example:x/",
        "https://[::1",
        "//[x",
        "file:///etc/passwd",
    ],
)
def test_a_page_that_leads_to_another_server_is_left(onward: str) -> None:
    with pytest.raises(SearchAnswerError):
        read_page(page([], onward), ASKED)


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>", b"[]", b'{"resourceType":"Patient"}', b'{"entry":' + b"[" * 100_000],
)
def test_what_is_no_page_is_said(body: bytes) -> None:
    with pytest.raises(SearchAnswerError):
        read_page(body, ASKED)


@given(st.binary(max_size=300))
def test_no_bytes_bring_the_reader_down(body: bytes) -> None:
    with pytest.raises(SearchAnswerError):
        read_page(body, ASKED)


@given(st.integers(0, 200_000_000_000_000))
def test_an_instant_that_we_write_is_read_back(milliseconds: int) -> None:
    at = milliseconds * 1000
    assert abs((instant(iso_instant(at)) or 0) - at) <= 1000


@pytest.mark.parametrize("text", [None, "", "yesterday", "2026-05-28T10:00:00"])
def test_what_is_no_instant_is_none(text: str | None) -> None:
    assert instant(text) is None
