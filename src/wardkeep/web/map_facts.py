"""What the map says of one thing, field by field, and what names it."""

from __future__ import annotations

from collections.abc import Callable

import msgspec

from wardkeep.hospital.map.item import kind_of, named_in, split
from wardkeep.hospital.map.whole import AnyItem
from wardkeep.web.map_port import KnownMap
from wardkeep.web.map_words import CLOSED_SETS, KINDS, VALUES, heading
from wardkeep.web.words import N_

MOST_NAMED = 50
LONGEST_TEXT = 1_000
"""Letters of a note on the page: it may hold what a scan saw (docs/map.md)."""


class Fact(msgspec.Struct, frozen=True, kw_only=True):
    """One field: its heading; things it names, or what it says; neither: NOT RECORDED.

    `more`: how many things or letters of it are not shown.
    """

    heading: str
    named: tuple[str, ...] = ()
    text: str = ""
    more: int = 0


class Naming(msgspec.Struct, frozen=True, kw_only=True):
    """Things of a kind that name one in a field; `number` of them, the first are shown."""

    kind: str
    heading: str
    number: int
    named: tuple[str, ...]


def facts(item: AnyItem, translate: Callable[[str], str]) -> tuple[Fact, ...]:
    """Return every field of an item, also those of which nobody said anything."""
    return tuple(
        _fact(item, field.name, translate)
        for field in msgspec.structs.fields(type(item))
        if field.name != "id"
    )


def namers(known: KnownMap, reference: str) -> tuple[Naming, ...]:
    """Return what names a thing, by kind and field."""
    found: dict[tuple[str, str], list[str]] = {}
    for field, namer in known.whole.named_from.get(reference, ()):
        found.setdefault((split(namer)[0], field), []).append(namer)
    return tuple(
        Naming(
            kind=KINDS[kind],
            heading=heading(kind, field),
            number=len(named),
            named=tuple(named[:MOST_NAMED]),
        )
        for (kind, field), named in found.items()
    )


def _fact(item: AnyItem, field: str, translate: Callable[[str], str]) -> Fact:
    name, value = translate(heading(kind_of(item), field)), getattr(item, field)
    if value is None or value in ("", ()):
        return Fact(heading=name)
    if named := named_in(item, field):
        return Fact(
            heading=name, named=named[:MOST_NAMED], more=max(0, len(named) - MOST_NAMED)
        )
    text = _text(field, value, translate)
    return Fact(heading=name, text=text[:LONGEST_TEXT], more=max(0, len(text) - LONGEST_TEXT))


def _text(field: str, value: object, translate: Callable[[str], str]) -> str:
    if isinstance(value, bool):
        return translate(N_("yes")) if value else translate(N_("no"))
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, tuple):
        return "; ".join(_text(field, each, translate) for each in value)
    told = str(value)
    return translate(VALUES[told]) if field in CLOSED_SETS and told in VALUES else told
