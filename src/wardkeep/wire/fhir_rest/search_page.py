"""One page of a FHIR search as a poller reads it: what is in it, and where it goes on.

R4, 3.1.1.5 (paging) and 3.1.1.4.1.1 (`_lastUpdated`). Pure.
"""

from __future__ import annotations

from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

import msgspec

from wardkeep.wire.errors import SearchAnswerError

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = 1_000_000


class _Meta(msgspec.Struct, frozen=True):
    versionId: str | None = None  # noqa: N815  FHIR's names
    lastUpdated: str | None = None  # noqa: N815


class _Resource(msgspec.Struct, frozen=True):
    resourceType: str = ""  # noqa: N815
    id: str | None = None
    meta: _Meta | None = None


class _Search(msgspec.Struct, frozen=True):
    mode: str | None = None


class _Entry(msgspec.Struct, frozen=True):
    resource: _Resource | None = None
    search: _Search | None = None


class _Link(msgspec.Struct, frozen=True):
    relation: str = ""
    url: str = ""


class _Bundle(msgspec.Struct, frozen=True):
    resourceType: str = ""  # noqa: N815
    type: str = ""
    total: int | None = None
    link: tuple[_Link, ...] = ()
    entry: tuple[_Entry, ...] = ()


class Seen(msgspec.Struct, frozen=True, array_like=True):
    """One version of a resource: "Type/id/version", and when its server changed it (µs)."""

    name: str
    changed: int | None


class Page(msgspec.Struct, frozen=True):
    """What a page holds, and the address of the next one, empty where none is named.

    `total`: how many the whole answer has, where the server says it.
    """

    resources: tuple[Seen, ...]
    next: str = ""
    total: int | None = None


_decoder = msgspec.json.Decoder(_Bundle)


def read_page(body: bytes, asked: str) -> Page:
    """Return what is in the answer to the address `asked`.

    Raises SearchAnswerError where it is no searchset, or where its next page lies elsewhere
    than `asked`: our token goes to nobody else.
    """
    try:
        bundle = _decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError) as fault:
        raise SearchAnswerError(f"the answer is no FHIR bundle: {fault}") from fault
    if bundle.resourceType != "Bundle" or bundle.type != "searchset":
        raise SearchAnswerError("the answer is no bundle of type searchset")
    onward = next((link.url for link in bundle.link if link.relation == "next"), "")
    if onward:
        onward = _joined(asked, onward)
        if _origin(onward) != _origin(asked):
            raise SearchAnswerError("the next page lies on another server than the first")
    return Page(tuple(_seen(bundle)), onward, bundle.total)


def _joined(asked: str, onward: str) -> str:
    try:
        return urljoin(asked, onward)
    except ValueError as fault:
        raise SearchAnswerError("the address of the next page cannot be read") from fault


def _origin(url: str) -> tuple[str, str, int | None]:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError as fault:
        raise SearchAnswerError("the address of the next page cannot be read") from fault
    usual = {"https": 443, "http": 80}.get(parts.scheme)
    return parts.scheme, parts.hostname or "", port or usual


def _seen(bundle: _Bundle) -> list[Seen]:
    found = []
    for entry in bundle.entry:
        resource = entry.resource
        if resource is None or (entry.search and entry.search.mode == "outcome"):
            continue
        meta = resource.meta or _Meta()
        version = meta.versionId or meta.lastUpdated or ""
        name = f"{resource.resourceType}/{resource.id or ''}/{version}"
        found.append(Seen(name if resource.id and version else "", instant(meta.lastUpdated)))
    return found


def instant(text: str | None) -> int | None:
    """Return a FHIR instant as UTC microseconds, None for what is none."""
    try:
        moment = datetime.fromisoformat(text or "")
    except ValueError:
        return None
    if moment.tzinfo is None:
        return None
    since = moment - _EPOCH
    return (since.days * 86_400 + since.seconds) * _SECOND + since.microseconds
