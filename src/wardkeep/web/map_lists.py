"""Which things of the map a list shows: those of a box, those that name one, those found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardkeep.hospital.map.falls import what_falls
from wardkeep.hospital.map.item import split
from wardkeep.hospital.map.placing import VIEWS, Column, in_order, part_of
from wardkeep.hospital.map.tracing import Traced, fallen, needed
from wardkeep.hospital.map.whole import KINDS, AnyItem
from wardkeep.web.map_port import KnownMap

ROWS = 100


def listed(known: KnownMap, wanted: Mapping[str, str]) -> Sequence[str]:
    """Return `kind:id` of what is wanted, in order.

    By `names` what names that thing, by `falls` what falls with it and by `needs` what it
    stands on (`in` one of the steps); else of `by` and `in` what stands in that column, else
    everything; of these the `kind`, the `part` (with a bar before it, so that none is told from
    all) and what has `q` in its name, id or address.
    """
    found = _among(known, wanted)
    if kind := wanted["kind"]:
        found = [each for each in found if split(each)[0] == kind]
    if (part := wanted["part"]).startswith("|"):
        found = [each for each in found if part_of(known.whole.items.get(each)) == part[1:]]
    if text := wanted["q"].casefold().strip():
        found = [each for each in found if text in _searched(known.whole.items.get(each))]
    return found


def _among(known: KnownMap, wanted: Mapping[str, str]) -> Sequence[str]:
    items = known.whole.items
    if wanted["names"]:
        named = known.whole.named_from.get(wanted["names"], ())
        return in_order({namer: items[namer] for _, namer in named}.values())
    for traced, found in ((wanted["falls"], falls_of), (wanted["needs"], needs_of)):
        if traced:
            columns = found(known, traced).columns
            return _members(columns, wanted["in"])
    view = next((each for each in VIEWS if each == wanted["by"]), None)
    if view is not None and wanted["in"]:
        return _members(known.placing.columns(view), wanted["in"])
    if wanted["kind"] in KINDS:
        return in_order(known.whole.of(KINDS[wanted["kind"]]))
    return known.all_in_order


def falls_of(known: KnownMap, reference: str) -> Traced:
    """Return what falls with a thing, as it is drawn."""
    return fallen(known.whole, reference, what_falls(known.whole, [reference]))


def needs_of(known: KnownMap, reference: str) -> Traced:
    """Return what a thing stands on, as it is drawn."""
    return needed(known.whole, reference)


def _members(columns: Sequence[Column], key: str) -> Sequence[str]:
    return tuple(
        each for column in columns if key in {"", column.key} for each in column.members
    )


def _searched(item: AnyItem | None) -> str:
    if item is None:
        return ""
    addresses = getattr(item, "addresses", ())
    return "\n".join((item.id, item.name, *addresses)).casefold()
