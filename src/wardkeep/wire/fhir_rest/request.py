"""What the headers of a FHIR request say of its body, and which of it is not taken."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from wardkeep.wire.fhir_rest.refusal import Refusal

_JSON = frozenset({"", "application/fhir+json", "application/json", "text/json"})
_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii"})
# R4 and R4B, which the chart reads alike.
_VERSIONS = frozenset({"4.0", "4.3"})


class Headers(msgspec.Struct, frozen=True):
    """The headers that the door looks at, as text; empty where not sent."""

    authorization: str = ""
    content_type: str = ""
    content_encoding: str = ""
    content_length: str = ""
    host: str = ""
    prefer: str = ""


_KNOWN = {field.replace("_", "-").encode(): field for field in Headers.__struct_fields__}


def headers_of(raw: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Return the headers of a request; of one that stands twice the last one counts."""
    found = {
        _KNOWN[name]: value.decode("latin-1").strip() for name, value in raw if name in _KNOWN
    }
    return Headers(**found)


def objection(headers: Headers, longest: int) -> Refusal | None:
    """Return why a body of these headers is not taken (413, 415), before any of it is read."""
    if refusal := _kind_objection(headers.content_type, headers.content_encoding):
        return refusal
    length = headers.content_length
    # int() refuses thousands of digits; llhttp lets leading zeros through.
    if length.isascii() and length.isdigit() and int(length.lstrip("0")[:20] or 0) > longest:
        text = f"the feed takes {longest} bytes at most (its setting `max_message_bytes`)"
        return Refusal(status=413, code="too-long", text=text)
    return None


# A sender writes the same headers with every request.
@lru_cache(maxsize=256)
def _kind_objection(content_type: str, content_encoding: str) -> Refusal | None:
    kind, _, rest = content_type.partition(";")
    parameters = dict(_parameter(each) for each in rest.split(";") if "=" in each)
    charset = parameters.get("charset", "utf-8").lower()
    version = ".".join(parameters.get("fhirversion", "4.0").split(".")[:2])
    if kind.strip().lower() not in _JSON or charset not in _CHARSETS:
        return _unsupported("send JSON in UTF-8: Content-Type: application/fhir+json")
    if version not in _VERSIONS:
        return _unsupported("send FHIR R4 or R4B: fhirVersion=4.0")
    if content_encoding.lower() not in {"", "identity", "gzip"}:
        return _unsupported("send the body as it is, or packed by gzip")
    return None


def _parameter(text: str) -> tuple[str, str]:
    name, _, value = text.partition("=")
    return name.strip().lower(), value.strip().strip('"')


def _unsupported(text: str) -> Refusal:
    headers = {"accept-encoding": "gzip"}
    return Refusal(status=415, code="not-supported", text=text, headers=headers)
