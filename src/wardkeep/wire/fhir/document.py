"""A FHIR document: a bundle or one resource, as the items that it holds.

Rules kept here:
- Nothing is refused for its content: what cannot be an item is an oddity, told with its reason.
- Limits: bytes, items, and the depth that the decoder follows.
"""

from __future__ import annotations

import msgspec

from wardkeep.wire.fhir.errors import UnreadableResourceError
from wardkeep.wire.fhir.references import base_of, target_of
from wardkeep.wire.fhir.values import Digits, Resource, is_object, part, parts, text

MAX_BYTES = 64 * 1024 * 1024
"""As for an HL7 frame."""
MAX_ITEMS = 50_000
"""A bundle of Synthea of a whole life has 2,000; more is no message (own choice)."""
_LONGEST_TYPE = 64
_MARK = b"\xef\xbb\xbf"
_ASKING = {"GET", "HEAD"}


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One resource of a document, or the deletion of one.

    `target` is what references lead to (wire.fhir.references); `base` what relative ones in it
    begin with. Of a deletion `resource` is empty.
    """

    kind: str
    resource: Resource
    target: str = ""
    base: str = ""
    full_url: str = ""
    deletion: bool = False
    modified: str = ""
    """response.lastModified, which servers write in histories."""


class Document(msgspec.Struct, frozen=True, kw_only=True):
    """What bytes hold; `oddities` are reasons without patient data."""

    kind: str
    items: tuple[Item, ...]
    timestamp: str = ""
    oddities: tuple[str, ...] = ()


_decoder = msgspec.json.Decoder(float_hook=Digits)


def read_document(body: bytes) -> Document:
    """Return the document that bytes hold; raises UnreadableResourceError."""
    if len(body) > MAX_BYTES:
        raise UnreadableResourceError(f"larger than {MAX_BYTES} bytes")
    root = decoded(body)
    kind = text(root, "resourceType")
    if not kind or len(kind) > _LONGEST_TYPE or not kind.isalpha():
        raise UnreadableResourceError("JSON that is no FHIR resource: no resourceType")
    if kind != "Bundle":
        item = _of_resource(kind, root, "")
        return Document(kind=kind, items=(item,))
    return _of_bundle(root)


def decoded(body: bytes) -> Resource:
    """Return the JSON object that bytes hold; raises UnreadableResourceError."""
    try:
        root = _decoder.decode(body.removeprefix(_MARK))
    except RecursionError:
        raise UnreadableResourceError("nested deeper than any resource is") from None
    except (msgspec.DecodeError, UnicodeDecodeError):
        raise UnreadableResourceError("not JSON") from None
    if not is_object(root):
        raise UnreadableResourceError("JSON that is no FHIR resource: not an object")
    return root


def _of_bundle(bundle: Resource) -> Document:
    entries = parts(bundle, "entry")
    if len(entries) > MAX_ITEMS:
        raise UnreadableResourceError(f"a bundle of more than {MAX_ITEMS} entries")
    items: list[Item] = []
    oddities: list[str] = []
    for entry in entries:
        found = _of_entry(entry)
        if isinstance(found, Item):
            items.append(found)
        elif found:
            oddities.append(found)
    return Document(
        kind=f"Bundle {text(bundle, 'type')[:32]}".strip(),
        items=tuple(items),
        timestamp=text(bundle, "timestamp"),
        oddities=tuple(dict.fromkeys(oddities)),
    )


def _of_entry(entry: Resource) -> Item | str:
    """Return the item of an entry; "" where it holds none, else why it cannot be read."""
    method = text(part(entry, "request"), "method")
    if method == "DELETE":
        return _deletion(entry)
    resource = part(entry, "resource")
    if not resource:
        return "" if method in _ASKING or "response" in entry else "an entry without a resource"
    kind = text(resource, "resourceType")
    if not kind.isalpha() or len(kind) > _LONGEST_TYPE:
        return "an entry whose resource has no type"
    if kind == "Bundle":
        return "a bundle in a bundle is not read"
    if method == "PATCH":
        return "a change told as PATCH is not read: send the whole resource"
    item = _of_resource(kind, resource, text(entry, "fullUrl"))
    modified = text(part(entry, "response"), "lastModified")
    return msgspec.structs.replace(item, modified=modified) if modified else item


def _of_resource(kind: str, resource: Resource, full_url: str) -> Item:
    base = base_of(full_url)
    own = text(resource, "id")
    target = target_of(f"{kind}/{own}", base) if own else ""
    return Item(
        kind=kind,
        resource=resource,
        target=target or target_of(full_url, ""),
        base=base,
        full_url=full_url,
    )


def _deletion(entry: Resource) -> Item | str:
    full_url = text(entry, "fullUrl")
    url = text(part(entry, "request"), "url").lstrip("/")
    target = target_of(url, base_of(full_url)) or target_of(full_url, "")
    if not target or target.startswith("urn:"):
        return "a deletion of what a search finds is not read: name the resource"
    modified = text(part(entry, "response"), "lastModified")
    return Item(
        kind=target.split("/")[-2],
        resource={},
        target=target,
        deletion=True,
        modified=modified,
    )
