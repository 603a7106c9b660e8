"""FHIR documents out of files: one bundle or resource, or NDJSON with one a line (bulk export).

Bytes stay as they stand; only the line ends between documents and blank lines are left out.
"""

from __future__ import annotations

import json

import msgspec

from wardkeep.wire.fhir.document import decoded, read_document
from wardkeep.wire.fhir.errors import UnreadableResourceError
from wardkeep.wire.fhir.values import Resource, part, text

_MARK = b"\xef\xbb\xbf"
_LONGEST_CONTROL = 200
"""As the door has it: longer names are no use for knowing repeats again."""


class FileDocument(msgspec.Struct, frozen=True):
    """One document of a file; `control` names it with its version, empty where it cannot be."""

    body: bytes
    control: bytes


def is_fhir(content: bytes) -> bool:
    """Say whether a file looks like JSON objects: nothing else that is loaded begins so."""
    return content.removeprefix(_MARK).lstrip()[:1] == b"{"


def documents_in(content: bytes) -> list[FileDocument]:
    """Return every document of a file, in order.

    Raises UnreadableResourceError naming the line of what is none.
    """
    content = content.removeprefix(_MARK)
    lines = content.split(b"\n")
    filled = [number for number, line in enumerate(lines, start=1) if line.strip()]
    if len(filled) > 1 and _is_whole(lines[filled[0] - 1]):
        return [_document(lines[number - 1].strip(), number) for number in filled]
    try:
        return [_document(content.strip(), filled[0] if filled else 1)]
    except UnreadableResourceError as fault:
        raise UnreadableResourceError(_broken_at(content) or str(fault)) from fault


def _is_whole(line: bytes) -> bool:
    """Say whether a line is a document, or at least ends as one: then each line is one."""
    line = line.strip()
    return line.startswith(b"{") and line.endswith(b"}")


def _document(body: bytes, line: int) -> FileDocument:
    try:
        read_document(body)
    except UnreadableResourceError as fault:
        raise UnreadableResourceError(f"line {line}: {fault}") from fault
    return FileDocument(body, control_of(decoded(body)))


def _broken_at(content: bytes) -> str:
    """Return the line of a broken document of several lines, "" where it is sound JSON."""
    try:
        json.loads(content)
    except json.JSONDecodeError as fault:
        return f"line {fault.lineno}: not JSON"
    except (UnicodeDecodeError, RecursionError):
        return ""
    return ""


def control_of(root: Resource) -> bytes:
    """Return `Type/id/version` of a document, of a bundle its identifier and time."""
    kind, meta = text(root, "resourceType"), part(root, "meta")
    named, version = text(root, "id"), text(meta, "versionId") or text(meta, "lastUpdated")
    if kind == "Bundle":
        named = text(part(root, "identifier"), "value") or named
        version = text(root, "timestamp") or version
    control = f"{kind}/{named}/{version}".encode()
    return control if named and version and len(control) <= _LONGEST_CONTROL else b""
