from __future__ import annotations

import pytest

from wardkeep.wire.fhir.errors import UnreadableResourceError
from wardkeep.wire.fhir.files import documents_in, is_fhir

ONE = b'{"resourceType": "Patient", "id": "1", "meta": {"versionId": "3"}}'
OTHER = b'{"resourceType":"Observation","id":"2"}'


def test_each_line_of_a_bulk_export_is_a_document_byte_for_byte() -> None:
    found = documents_in(b"\xef\xbb\xbf" + ONE + b"\r\n\n" + OTHER + b"\n")
    assert [each.body for each in found] == [ONE, OTHER]
    assert [each.control for each in found] == [b"Patient/1/3", b""]


def test_a_bundle_over_many_lines_is_one_document() -> None:
    body = (
        b'{\n "resourceType": "Bundle",\n "id": "b",\n "timestamp": "2026-05-01T10:00:00Z"\n}'
    )
    (found,) = documents_in(body + b"\n")
    assert (found.body, found.control) == (body, b"Bundle/b/2026-05-01T10:00:00Z")


@pytest.mark.parametrize(
    ("content", "line"),
    [
        (ONE + b"\n{}\n" + OTHER, "line 2"),
        (ONE + b"\n" + OTHER[:-4], "line 2"),
        (b'{\n "resourceType": "Bundle",\n "type": oops\n}', "line 3"),
        (b"{broken", "line 1"),
    ],
)
def test_a_line_that_is_no_resource_is_named(content: bytes, line: str) -> None:
    with pytest.raises(UnreadableResourceError, match=line):
        documents_in(content)


def test_fhir_is_told_from_messages_and_lists_by_its_content() -> None:
    assert is_fhir(b"\xef\xbb\xbf  {")
    assert not is_fhir(b"MSH|^~\\&|")
    assert not is_fhir(b"record;ward\n")
