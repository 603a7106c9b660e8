"""What a taken request is answered with: one answer a resource, the same for a repeat.

Identities: the sender's own id where it gave one, because references between resources go by
it; else `wk-ENTRY` or `wk-ENTRY-PLACE`, from the ledger's sequence. The version of everything
is the entry it stands in: ETag W/"ENTRY". A repeat has the first one's entry, so its answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec

from wardkeep.wire.fhir_rest.envelope import (
    BundleEntry,
    Envelope,
    Named,
    fits_as_id,
)
from wardkeep.wire.fhir_rest.interaction import BASE, Act, Interaction
from wardkeep.wire.fhir_rest.moments import http_date, iso_instant
from wardkeep.wire.fhir_rest.refusal import Issue, outcome

# RFC 9110, 7.2: what a client said it reached us by; anything else is not repeated to it.
_HOST = re.compile(r"[A-Za-z0-9.\-_]+(:[0-9]{1,5})?|\[[0-9A-Fa-f:.]+\](:[0-9]{1,5})?")
_NOT_DONE = {
    "GET": ("405", "not-supported", "nothing can be read here"),
    "HEAD": ("405", "not-supported", "nothing can be read here"),
    "PATCH": ("202", "informational", "kept as it came; a patch is not applied to charts"),
    "DELETE": ("202", "informational", "kept as it came; nothing is deleted by it"),
}
_encoder = msgspec.json.Encoder()


class Stored(msgspec.Struct, frozen=True):
    """Where a body stands in the clinical ledger, and since when (UTC microseconds)."""

    sequence: int
    received: int


class Wish(msgspec.Struct, frozen=True):
    """What the client wants back: `Prefer: return=...` (R4, 3.1.0.1.7) and its address."""

    returns: str = "minimal"
    base: str = BASE


class Answer(msgspec.Struct, frozen=True):
    """Status, headers and body of an answer; the body is FHIR JSON or empty."""

    status: int
    headers: dict[str, str]
    body: bytes = b""


def base_of(scheme: str, host: str) -> str:
    """Return the address of /fhir as the client reached it, relative where it said none."""
    return f"{scheme}://{host}{BASE}" if _HOST.fullmatch(host) else BASE


def preference(value: str) -> str:
    """Return minimal, representation or OperationOutcome from a Prefer header."""
    for part in value.split(","):
        name, _, wanted = part.partition(";")[0].strip().partition("=")
        wanted = wanted.strip().strip('"')
        if name.strip() == "return" and wanted in {"representation", "OperationOutcome"}:
            return wanted
    return "minimal"


def answer(
    envelope: Envelope, stored: Stored, asked: Interaction, wish: Wish, body: bytes
) -> Answer:
    """Return the answer to a body that is durable; `body` as it came."""
    if envelope.bundle is not None:
        return Answer(200, {}, _bundle(envelope, stored, wish, body))
    where = _location(envelope.resource, stored, wish.base, f"wk-{stored.sequence}")
    headers = {
        "location": where,
        "etag": _etag(stored),
        "last-modified": http_date(stored.received),
    }
    returned = {"minimal": b"", "representation": body}.get(wish.returns)
    if returned is None:
        returned = outcome((_kept(stored),))
    return Answer(200 if asked.act is Act.UPDATE else 201, headers, returned)


def _kept(stored: Stored) -> Issue:
    return Issue("information", "informational", f"kept as entry {stored.sequence}")


def _etag(stored: Stored) -> str:
    return f'W/"{stored.sequence}"'


def _location(resource: Named, stored: Stored, base: str, made: str) -> str:
    identity = resource.id
    if not (isinstance(identity, str) and fits_as_id(identity)):
        identity = made
    return f"{base}/{resource.resourceType}/{identity}/_history/{stored.sequence}"


class _Response(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """What is said of one entry (R4, Bundle.entry.response)."""

    status: str
    location: str = ""
    etag: str = ""
    lastModified: str = ""  # noqa: N815  FHIR's name
    outcome: dict[str, Any] | None = None


class _Answered(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    response: _Response
    resource: msgspec.Raw | None = None


def _bundle(envelope: Envelope, stored: Stored, wish: Wish, body: bytes) -> bytes:
    bundle = envelope.bundle
    entries = bundle.entry if bundle is not None else ()
    kind = "transaction" if bundle is not None and bundle.type == "transaction" else "batch"
    answers = list(_entries(entries, stored, wish))
    if wish.returns == "representation":
        answers = [
            _with_resource(each, raw)
            for each, raw in zip(answers, _resources(body), strict=True)
        ]
    said: dict[str, Any] = {
        "resourceType": "Bundle",
        "id": f"wk-{stored.sequence}",
        "type": f"{kind}-response",
        "timestamp": iso_instant(stored.received),
    }
    # R4 knows no empty lists.
    return _encoder.encode({**said, "entry": answers} if answers else said)


def _with_resource(answered: _Answered, raw: msgspec.Raw) -> _Answered:
    if bytes(raw) in {b"", b"null"} or answered.response.status[0] != "2":
        return answered
    return _Answered(answered.response, raw)


def _entries(
    entries: tuple[BundleEntry, ...], stored: Stored, wish: Wish
) -> Iterator[_Answered]:
    etag, modified = _etag(stored), iso_instant(stored.received)
    told = _outcome(_kept(stored)) if wish.returns == "OperationOutcome" else None
    made = f"wk-{stored.sequence}-"
    for place, entry in enumerate(entries):
        method = entry.request.method if entry.request is not None else "POST"
        if entry.resource is None or method in _NOT_DONE:
            yield _Answered(_not_done(method))
            continue
        status = "200" if method == "PUT" else "201"
        where = _location(entry.resource, stored, wish.base, f"{made}{place}")
        yield _Answered(_Response(status, where, etag, modified, told))


def _not_done(method: str) -> _Response:
    unknown = ("202", "informational", "kept as it came; there is no resource in it")
    status, code, text = _NOT_DONE.get(method, unknown)
    severity = "error" if status == "405" else "information"
    return _Response(status, outcome=_outcome(Issue(severity, code, text)))


def _outcome(issue: Issue) -> dict[str, Any]:
    return {"resourceType": "OperationOutcome", "issue": [issue]}


class _RawEntry(msgspec.Struct, frozen=True):
    resource: msgspec.Raw = msgspec.Raw()


class _RawBundle(msgspec.Struct, frozen=True):
    entry: tuple[_RawEntry, ...] = ()


_raw = msgspec.json.Decoder(_RawBundle)


def _resources(body: bytes) -> list[msgspec.Raw]:
    return [entry.resource for entry in _raw.decode(body).entry]
