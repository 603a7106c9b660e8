"""The whole map, put together from what each source said."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import TypeAlias, TypeVar, cast, get_args

import msgspec

from wardkeep.hospital.map.care import Fallback, HomePatients, Need, Service
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.item import Item, kind_of, named_by, reference_to, usual
from wardkeep.hospital.map.machines import (
    Application,
    BackupCopy,
    Device,
    Server,
    Workstations,
)
from wardkeep.hospital.map.outside import Exchange, Neighbour, RemoteAccess, Supplier
from wardkeep.hospital.map.people import Account, Policy, Responsible
from wardkeep.hospital.map.places import BuildingService, Place, Reach, Segment

AnyItem: TypeAlias = (
    Place
    | Segment
    | Reach
    | BuildingService
    | Server
    | Workstations
    | Device
    | Application
    | BackupCopy
    | Service
    | Need
    | Fallback
    | HomePatients
    | Responsible
    | Account
    | Policy
    | Supplier
    | RemoteAccess
    | Neighbour
    | Exchange
)
KINDS: Mapping[str, type[Item]] = {
    str(each.__struct_config__.tag): each for each in get_args(AnyItem)
}
"""Every kind of item by its name."""

Some = TypeVar("Some", bound=Item)


class Layer(msgspec.Struct, frozen=True, kw_only=True):
    """What one source said of one part: a kind of items, or a format that tells several.

    `rank`: 1 is believed first. `at`: when it was read. A source that is read again says all of
    a part anew, so that what it no longer says is gone. `refused`: so many lines of it were not
    taken.
    """

    source: str
    part: str
    rank: int
    at: int
    items: tuple[AnyItem, ...]
    refused: int = 0


class Disagreement(msgspec.Struct, frozen=True):
    """Two sources say different things of a field; `kept` stands on the map."""

    item: str
    field: str
    kept: str
    kept_from: str
    other: str
    other_from: str


class HospitalMap(msgspec.Struct, frozen=True, dict=True):
    """All items by `kind:id`, and where the sources disagree.

    `as_of`: when the source was read that was read longest ago, so that a map with one old part
    is never taken for fresh; None for an empty map. `refused`: so many lines of the files that
    it was read from were not taken.
    """

    items: Mapping[str, AnyItem]
    disagreements: tuple[Disagreement, ...] = ()
    as_of: int | None = None
    refused: int = 0

    def of(self, kind: type[Some]) -> Iterator[Some]:
        """Yield the items of a kind, in the order of their ids."""
        return cast("Iterator[Some]", iter(self._by_kind.get(kind, ())))

    def item(self, reference: str) -> AnyItem:
        """Return an item by `kind:id`, or by its id where only one has it.

        Raises NotOnTheMapError.
        """
        if reference in self.items:
            return self.items[reference]
        named = [ref for ref in self.items if ref.partition(":")[2] == reference]
        if len(named) == 1:
            return self.items[named[0]]
        if named:
            raise NotOnTheMapError(
                f"{reference!r} is the id of several: {', '.join(named)}",
                advice="Name one of them as kind:id.",
            )
        raise NotOnTheMapError(f"{reference!r} does not stand on the map")

    @cached_property
    def _ordered(self) -> tuple[AnyItem, ...]:
        return tuple(self.items[ref] for ref in sorted(self.items))

    @cached_property
    def _by_kind(self) -> Mapping[type[Item], tuple[AnyItem, ...]]:
        found: dict[type[Item], list[AnyItem]] = {}
        for each in self._ordered:
            found.setdefault(type(each), []).append(each)
        return {kind: tuple(items) for kind, items in found.items()}

    @cached_property
    def named_from(self) -> Mapping[str, tuple[tuple[str, str], ...]]:
        """By `kind:id`, who names it: the field and the `kind:id` of the one that does."""
        found: dict[str, list[tuple[str, str]]] = {}
        for each in self._ordered:
            for field, target in named_by(each):
                found.setdefault(target, []).append((field, reference_to(each)))
        return {target: tuple(names) for target, names in found.items()}


def merged(layers: Iterable[Layer]) -> HospitalMap:
    """Return the map that the layers make together.

    A field is that of the first source which says anything of it: by rank, then the one that
    was read last, so that a corrected file counts, then by name.
    """
    items: dict[str, AnyItem] = {}
    sources: dict[str, list[tuple[str, AnyItem]]] = {}
    ordered = sorted(layers, key=lambda each: (each.rank, -each.at, each.source, each.part))
    for layer in ordered:
        for item in layer.items:
            reference = reference_to(item)
            if reference not in items:
                items[reference] = item
            sources.setdefault(reference, []).append((layer.source, item))
    found: list[Disagreement] = []
    for reference, said in sources.items():
        if len(said) > 1:
            items[reference], differing = _laid_together(reference, said)
            found += differing
    as_of = min((layer.at for layer in ordered), default=None)
    refused = sum(layer.refused for layer in ordered)
    return HospitalMap(items, tuple(found), as_of, refused)


def _laid_together(
    reference: str, said: list[tuple[str, AnyItem]]
) -> tuple[AnyItem, list[Disagreement]]:
    fields: dict[str, tuple[object, str]] = {}
    found: list[Disagreement] = []
    for source, item in said:
        for field, value in _said(item).items():
            if field not in fields:
                fields[field] = (value, source)
            elif fields[field][0] != value:
                kept, first = fields[field]
                found.append(
                    Disagreement(reference, field, _text(kept), first, _text(value), source)
                )
    values = {name: value for name, (value, _) in fields.items()}
    return msgspec.structs.replace(said[0][1], **values), found


def _said(item: Item) -> dict[str, object]:
    """Return the fields that differ from what stands there when nothing is said."""
    return {
        field: value
        for field, silent in usual(type(item)).items()
        if (value := getattr(item, field)) != silent
    }


def _text(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "; ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def counts(items: Iterable[Item]) -> dict[str, int]:
    """Return how many items there are of each kind that occurs, in the order of KINDS."""
    found = dict.fromkeys(KINDS, 0)
    for each in items:
        found[kind_of(each)] += 1
    return {kind: number for kind, number in found.items() if number}
