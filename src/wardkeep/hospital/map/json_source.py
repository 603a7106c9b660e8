"""JSON of other programs as typed values; what is not asked for is skipped unread."""

from __future__ import annotations

import codecs
from typing import TypeVar

import msgspec

from wardkeep.hospital.map.reading import UnreadableSourceError

Asked = TypeVar("Asked")


class _Top(msgspec.Struct, frozen=True):
    """What tells one format from another at the top of a file."""

    meta: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    data: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    bom: msgspec.Raw | msgspec.UnsetType = msgspec.field(
        name="bomFormat", default=msgspec.UNSET
    )
    spdx: msgspec.Raw | msgspec.UnsetType = msgspec.field(
        name="spdxVersion", default=msgspec.UNSET
    )
    resource: msgspec.Raw | msgspec.UnsetType = msgspec.field(
        name="resourceType", default=msgspec.UNSET
    )

    results: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    count: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET

    def has(self, *names: str) -> bool:
        """Tell whether all of these stand there."""
        return all(getattr(self, name) is not msgspec.UNSET for name in names)


# In this order: what stands at the top of a file of each format.
_SIGNS = (
    ("bloodhound", ("meta", "data")),
    ("sbom", ("bom",)),
    ("sbom", ("spdx",)),
    ("fhir", ("resource",)),
    ("netbox", ("results", "count")),
)


def json_format(content: bytes, name: str) -> str:
    """Return which format a JSON file has; raises UnreadableSourceError for none."""
    top = decoded(content, _Top, name)
    for form, signs in _SIGNS:
        if top.has(*signs):
            return form
    raise UnreadableSourceError(
        f"{name}: this JSON is of no format that is read",
        "Read are: BloodHound, CycloneDX, SPDX 2, FHIR bundles, lists of NetBox.",
    )


def decoded(content: bytes, asked: type[Asked], name: str) -> Asked:
    """Return what JSON says as the type that was asked for.

    `name` stands in the error. Raises UnreadableSourceError, also for JSON that nests deeper
    than the decoder goes.
    """
    try:
        return msgspec.json.decode(content.removeprefix(codecs.BOM_UTF8), type=asked)
    except (msgspec.MsgspecError, ValueError, RecursionError) as fault:
        raise UnreadableSourceError(
            f"{name}: not the JSON that was expected: {fault}"
        ) from fault
