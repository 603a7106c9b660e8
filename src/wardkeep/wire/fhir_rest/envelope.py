"""What the door must know of a body to answer it: types, identities, versions. No content.

Everything else is skipped, though it must be JSON; reading it is the chart's business, and
what the chart cannot read goes to quarantine. Refused is what no reader could ever use: no
JSON, no resource type, a bundle of a kind that carries no patients' data to be stored.
"""

from __future__ import annotations

import re
from typing import Any, TypeVar

import msgspec

from wardkeep.wire.fhir_rest.interaction import ID, TYPES, Act, Interaction
from wardkeep.wire.fhir_rest.refusal import refused

BUNDLES = ("transaction", "batch", "collection", "searchset")
"""R4 bundle types that are taken. A searchset is a page that a poller passes on."""
# A name of a resource type: R4 has none longer than 40.
_TYPE = re.compile(r"[A-Z][A-Za-z]{1,63}")
# Longer versions and identifiers are no use for knowing repeats again.
_LONGEST_CONTROL = 200


class Named(msgspec.Struct, frozen=True):
    """A resource's type and identity as the sender gave them, whatever they are."""

    resourceType: str = ""  # noqa: N815  FHIR's name
    id: Any = None


class Resource(Named, frozen=True):
    """A resource that came alone, with what tells its version."""

    meta: Any = None


class Request(msgspec.Struct, frozen=True):
    """What a bundle's entry asks for."""

    method: str = ""


class BundleEntry(msgspec.Struct, frozen=True):
    """One entry of a bundle."""

    resource: Named | None = None
    request: Request | None = None


class Bundle(Resource, frozen=True):
    """A bundle without its contents."""

    type: str = ""
    identifier: Any = None
    timestamp: Any = None
    entry: tuple[BundleEntry, ...] = ()


class Envelope(msgspec.Struct, frozen=True):
    """A body that is taken. `control` names it with its version, empty where it cannot be.

    `bundle` is None for a single resource, `resource` then says which.
    """

    control: bytes
    resource: Resource
    bundle: Bundle | None = None


_Kind = TypeVar("_Kind")
_resource = msgspec.json.Decoder(Resource)
_bundle = msgspec.json.Decoder(Bundle)


def read(body: bytes, asked: Interaction) -> Envelope:
    """Return what `body` is, as far as its answer needs it.

    Raises RefusedError: 400 where it is no FHIR JSON or not what the address says, 422 where
    it is FHIR that is not taken.
    """
    _see_that_it_is_utf8(body)
    if asked.act is Act.BUNDLE and (bundle := _bundle_at_once(body)) is not None:
        return _bundled(bundle)
    resource = _decoded(_resource, body)
    if not _TYPE.fullmatch(resource.resourceType):
        text = "a FHIR resource says what it is in resourceType; this one does not"
        raise refused(400, "required", text, "resourceType")
    if resource.resourceType == "Bundle" and asked.act is Act.BUNDLE:
        return _bundled(_decoded(_bundle, body))
    _see_that_it_fits(resource, asked)
    control = _control(resource.resourceType, text_of(resource.id), _version(resource.meta))
    return Envelope(control, resource)


def kind_of(envelope: Envelope) -> str:
    """Return what a body is in words: its type, and of a bundle which."""
    if envelope.bundle is None:
        return envelope.resource.resourceType
    return f"Bundle {envelope.bundle.type}"


def _see_that_it_is_utf8(body: bytes) -> None:
    if not body:
        raise refused(400, "required", "the body is empty")
    try:
        # JSON is UTF-8 (RFC 8259, 8.1); the decoder does not look into what it skips.
        str(body, "utf-8")
    except UnicodeDecodeError as fault:
        text = f"the body is not UTF-8 (byte {fault.start}): JSON is"
        raise refused(400, "structure", text) from fault


def _decoded(decoder: msgspec.json.Decoder[_Kind], body: bytes) -> _Kind:
    try:
        return decoder.decode(body)
    except msgspec.ValidationError as fault:
        words, _, place = str(fault).partition(" - at `$")
        where = place.rstrip("`").lstrip(".")
        text = f"this is JSON and not FHIR: {words}"
        raise refused(400, "structure", text, where) from fault
    except msgspec.DecodeError as fault:
        raise refused(400, "structure", f"the body is not JSON: {fault}") from fault
    except RecursionError as fault:
        text = "the body is nested too deep to be FHIR"
        raise refused(400, "structure", text) from fault


def _bundle_at_once(body: bytes) -> Bundle | None:
    """Return a bundle without looking first whether it is one, None where that did not do."""
    try:
        bundle = _bundle.decode(body)
    except (msgspec.DecodeError, RecursionError):
        return None
    return bundle if bundle.resourceType == "Bundle" else None


def _see_that_it_fits(resource: Resource, asked: Interaction) -> None:
    kind = resource.resourceType
    if asked.act is Act.BUNDLE and kind not in TYPES:
        text = f"/fhir takes bundles and {', '.join(TYPES)}; this is a {kind}"
        raise refused(422, "not-supported", text, "resourceType")
    if asked.resource_type and kind != asked.resource_type:
        text = f"the address is for {asked.resource_type}, the body is a {kind}"
        raise refused(400, "invalid", text, "resourceType")
    if asked.act is Act.UPDATE and resource.id != asked.identity:
        text = f"the address names {asked.identity}, the body has another id or none"
        raise refused(400, "invalid", text, f"{kind}.id")


def _bundled(bundle: Bundle) -> Envelope:
    if bundle.type not in BUNDLES:
        said = f"of type {bundle.type[:64]!r}" if bundle.type else "without a type"
        text = f"bundles of type {', '.join(BUNDLES)} are taken; this is one {said}"
        raise refused(422, "not-supported", text, "Bundle.type")
    named = text_of(_member(bundle.identifier, "value")) or text_of(bundle.id)
    when = text_of(bundle.timestamp) or _version(bundle.meta)
    resource = Resource("Bundle", bundle.id, bundle.meta)
    return Envelope(_control("Bundle", named, when), resource, bundle)


def _version(meta: object) -> str:
    return text_of(_member(meta, "versionId")) or text_of(_member(meta, "lastUpdated"))


def _member(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, dict) else None


def text_of(value: object) -> str:
    """Return a text as it is and anything else as none: nothing is refused for it."""
    return value if isinstance(value, str) else ""


def _control(kind: str, identity: str, version: str) -> bytes:
    """Return what names a body and its version, empty where the sender gave not both."""
    if not identity or not version:
        return b""
    control = f"{kind}/{identity}/{version}".encode()
    return control if len(control) <= _LONGEST_CONTROL else b""


def fits_as_id(identity: str) -> bool:
    """Say whether an id is one that FHIR allows."""
    return ID.fullmatch(identity) is not None
