"""Which things of the map a list shows: those of a box, those that name one, those found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from wardkeep.hospital.map.item import split
from wardkeep.hospital.map.placing import VIEWS, in_order, part_of
from wardkeep.hospital.map.whole import KINDS, AnyItem
from wardkeep.web.map_port import KnownMap

ROWS = 100


def listed(known: KnownMap, wanted: Mapping[str, str]) -> Sequence[str]:
    """Return `kind:id` of what is wanted, in order.

    By `names` what names that thing; else of `by` and `in` what stands in that column, else
    everything; of these the `kind`, the `part` (with a bar before it, so that none is told from
    all) and what has `q` in its name, id or address.
    """
    found = _among(known, wanted)
    if kind := wanted["kind"]:
        found = [each for each in found if split(each)[0] == kind]
    if (part := wanted["part"]).startswith("|"):
        found = [each for each in found if part_of(known.whole.items.get(each)) == part[1:]]
    if text := wanted["q"].casefold().strip():
        found = [each for each in found if text in _searched(known.whole.items[each])]
    return found


def _among(known: KnownMap, wanted: Mapping[str, str]) -> Sequence[str]:
    items = known.whole.items
    if wanted["names"]:
        named = known.whole.named_from.get(wanted["names"], ())
        return in_order({namer: items[namer] for _, namer in named}.values())
    view = next((each for each in VIEWS if each == wanted["by"]), None)
    if view is not None and wanted["in"]:
        columns = known.placing.columns(view)
        return next((each.members for each in columns if each.key == wanted["in"]), ())
    if wanted["kind"] in KINDS:
        return in_order(known.whole.of(KINDS[wanted["kind"]]))
    return known.all_in_order


def _searched(item: AnyItem) -> str:
    addresses = getattr(item, "addresses", ())
    return "\n".join((item.id, item.name, *addresses)).casefold()
