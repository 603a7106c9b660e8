"""What headers say of a body is decided before any of it is read."""

from __future__ import annotations

import pytest

from wardkeep.wire.fhir_rest.request import Headers, headers_of, objection


def test_headers_are_found_whatever_else_is_sent() -> None:
    raw = [
        (b"authorization", b" Bearer x "),
        (b"content-type", b"application/json"),
        (b"x-other", b"\xff"),
        (b"prefer", b"return=minimal"),
    ]
    assert headers_of(raw) == Headers(
        authorization="Bearer x", content_type="application/json", prefer="return=minimal"
    )


@pytest.mark.parametrize(
    "content_type",
    [
        "",
        "application/fhir+json",
        "application/fhir+json; charset=UTF-8; fhirVersion=4.0",
        "APPLICATION/JSON;charset=utf-8",
        "application/fhir+json; fhirVersion=4.3.0",
    ],
)
def test_json_in_utf8_is_taken(content_type: str) -> None:
    assert objection(Headers(content_type=content_type), 10) is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        (Headers(content_type="application/fhir+xml"), 415),
        (Headers(content_type="multipart/form-data"), 415),
        (Headers(content_type="application/json; charset=latin-1"), 415),
        (Headers(content_type="application/fhir+json; fhirVersion=3.0"), 415),
        (Headers(content_encoding="br"), 415),
        (Headers(content_encoding="gzip, gzip"), 415),
        (Headers(content_length="11"), 413),
        (Headers(content_length="9" * 50), 413),
    ],
)
def test_what_is_not_taken_is_said_at_once(headers: Headers, status: int) -> None:
    refusal = objection(headers, 10)
    assert refusal is not None
    assert refusal.status == status


@pytest.mark.parametrize("length", ["", "10", "-1", "ten", "\u0663\u0663"])
def test_a_length_that_is_none_decides_nothing(length: str) -> None:
    assert objection(Headers(content_length=length), 10) is None
