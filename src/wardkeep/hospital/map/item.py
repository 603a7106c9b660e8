"""What every item of the map has, and how one names another."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import ClassVar

import msgspec

from wardkeep.hospital.map.errors import MapItemError

LONGEST_ID = 120
_NOT_IN_AN_ID = re.compile(r"[:;|\x00-\x1f\x7f]")


class Item(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    forbid_unknown_fields=True,
    tag_field="kind",
):
    """One thing of the map.

    `id` is unique within its kind and stays the same from import to import. `owner` is the id
    of a person. `REFERS` says of which kinds the items are that a field names: of one kind by
    their ids, of several as `kind:id`; `owner`, a person, needs no entry.
    """

    REFERS: ClassVar[Mapping[str, tuple[str, ...]]] = {}

    id: str
    name: str = ""
    owner: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Refuse an id that could not be named; raises MapItemError."""
        if not _is_id(self.id):
            raise MapItemError(
                f"{self.id[:LONGEST_ID]!r} is no id: 1 to {LONGEST_ID} characters,"
                " no colon, semicolon or bar, no space at its ends"
            )


def _is_id(text: str) -> bool:
    whole = 0 < len(text) <= LONGEST_ID and text == text.strip()
    return whole and not _NOT_IN_AN_ID.search(text)


@cache
def usual(kind: type[Item]) -> Mapping[str, object]:
    """Return the fields of a kind with what stands there when nothing is said.

    Remembered: msgspec evaluates every annotation anew, most of a millisecond an item.
    """
    return {field.name: field.default for field in msgspec.structs.fields(kind)}


def kind_of(item: Item) -> str:
    """Return the kind of an item, as files and references write it."""
    return str(type(item).__struct_config__.tag)


def reference_to(item: Item) -> str:
    """Return `kind:id`."""
    return f"{kind_of(item)}:{item.id}"


def split(reference: str) -> tuple[str, str]:
    """Return the kind and the id of a reference; the kind is empty where none is written."""
    kind, colon, name = reference.partition(":")
    return (kind, name) if colon else ("", reference)


def named_by(item: Item) -> tuple[tuple[str, str], ...]:
    """Return what an item names: the field, and `kind:id`.

    A bare id in a field of several kinds is taken as the first of them.
    """
    found: list[tuple[str, str]] = []
    for field, kinds in (("owner", ("person",)), *type(item).REFERS.items()):
        said = getattr(item, field)
        names = (said,) if isinstance(said, str) else said
        found += [
            (field, each if ":" in each else f"{kinds[0]}:{each}") for each in names if each
        ]
    return tuple(found)


def named_in(item: Item, *fields: str) -> tuple[str, ...]:
    """Return what an item names in some fields, as `kind:id`, in the order of `named_by`."""
    return tuple(target for field, target in named_by(item) if field in fields)


def as_id(text: str) -> str:
    """Return text as an id: what may not stand in one becomes a hyphen."""
    return _NOT_IN_AN_ID.sub("-", text.strip())[:LONGEST_ID].strip()
