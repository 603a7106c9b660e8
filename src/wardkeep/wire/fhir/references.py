"""What a reference leads to (R4, references): a name that two senders never share by chance.

A *target* is `Type/id` where the sender gave no address of its own, else the whole address of
the resource, else `urn:uuid:...`. Versions (`/_history/...`) are left out.
"""

from __future__ import annotations

import re
from functools import lru_cache

from wardkeep.wire.fhir.values import Resource, part, text

_RELATIVE = re.compile(r"[A-Z][A-Za-z]{2,63}/[A-Za-z0-9\-._]{1,128}", re.ASCII)
_ABSOLUTE = re.compile(
    r"(https?://[^\s?#]{1,512}/)([A-Z][A-Za-z]{2,63}/[A-Za-z0-9\-._]{1,128})"
)
_CONDITIONAL = re.compile(r"([A-Z][A-Za-z]{2,63})\?identifier=(.{1,512})")


@lru_cache(maxsize=65536)
def target_of(reference: str, base: str) -> str:
    """Return the target of a literal reference; `base` is that of the resource it stands in.

    "" where it is none: a fragment, a search, or nothing.
    """
    plain = reference.partition("/_history/")[0]
    if plain.startswith(("urn:uuid:", "urn:oid:")):
        return plain
    if _RELATIVE.fullmatch(plain):
        return base + plain
    return plain if _ABSOLUTE.fullmatch(plain) else ""


def base_of(full_url: str) -> str:
    """Return the address before `Type/id` of a fullUrl, "" where it has none."""
    match = _ABSOLUTE.fullmatch(full_url.partition("/_history/")[0])
    return match[1] if match else ""


def type_of(target: str) -> str:
    """Return the type that a target names, "" for a urn."""
    return "" if target.startswith("urn:") else target.split("/")[-2]


def logical(reference: Resource) -> Resource:
    """Return the identifier of a logical or conditional reference, empty where it has none."""
    found = part(reference, "identifier")
    if text(found, "value"):
        return found
    match = _CONDITIONAL.fullmatch(text(reference, "reference"))
    if match is None:
        return {}
    system, bar, value = match[2].rpartition("|")
    return {"system": system, "value": value} if bar else {"value": match[2]}
