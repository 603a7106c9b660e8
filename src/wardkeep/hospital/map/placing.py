"""Where each thing of the map stands in its views: by site, network segment, tier, service."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Literal, get_args

import msgspec

from wardkeep.hospital.map.care import HomePatients, Service
from wardkeep.hospital.map.item import Item, kind_of, named_in, reference_to
from wardkeep.hospital.map.machines import (
    Application,
    BackupCopy,
    Device,
    Server,
    Workstations,
)
from wardkeep.hospital.map.outside import Exchange, Neighbour, RemoteAccess, Supplier
from wardkeep.hospital.map.people import Account, Policy, Responsible
from wardkeep.hospital.map.places import BuildingService, Place, Segment
from wardkeep.hospital.map.whole import AnyItem, HospitalMap

View = Literal["site", "segment", "tier", "service"]
VIEWS: tuple[View, ...] = get_args(View)

# An id holds no colon (hospital.map.item), so that no site can be called as one of these.
NOT_RECORDED = ":none"
SEVERAL = ":several"
OUTSIDE = ":outside"
PEOPLE = ":people"
WITHOUT_TIER = ":device"
_OWN = (SEVERAL, OUTSIDE, PEOPLE, WITHOUT_TIER, NOT_RECORDED)

SHOWN: tuple[type[Item], ...] = (
    Service,
    HomePatients,
    Application,
    Server,
    Workstations,
    Device,
    Segment,
    BuildingService,
    BackupCopy,
    Account,
    Responsible,
    Policy,
    Neighbour,
    Exchange,
    Supplier,
    RemoteAccess,
    Place,
)
"""What can be drawn, in the order in which it is; needs, fallbacks and reaches are links."""
ORDER: tuple[str, ...] = tuple(str(each.__struct_config__.tag) for each in SHOWN)
_PLACES = {kind: place for place, kind in enumerate(ORDER)}
_OUTSIDE = (HomePatients, Neighbour, Exchange, Supplier, RemoteAccess)
_PEOPLE = (Account, Responsible, Policy)
_TIER_OF_WORKSTATIONS = "2"
"""By the model that the map follows (hospital.map.machines)."""
_SORTS = ("clinical", "support", "home", "office")


class Column(msgspec.Struct, frozen=True):
    """One column of a view: the id of a site or segment, a tier, a sort of services, or ours.

    `members`: `kind:id`, by kind and then by name.
    """

    key: str
    members: tuple[str, ...]


class Placing:
    """The views of one map, each computed when it is first asked for."""

    def __init__(self, whole: HospitalMap) -> None:
        self.whole = whole

    def columns(self, view: View) -> tuple[Column, ...]:
        """Return the columns of a view in their order; those without members are left out."""
        return {
            "site": lambda: self._sites,
            "segment": lambda: self._segments,
            "tier": lambda: self._tiers,
            "service": lambda: self._services,
        }[view]()

    @cached_property
    def _sites(self) -> tuple[Column, ...]:
        shown = (each for kind in SHOWN[:-1] for each in self.whole.of(kind))
        found = self._gathered((self.site_of(each), each) for each in shown)
        sites = sorted(self.whole.of(Place), key=lambda each: (-(each.beds or 0), _name(each)))
        known = [each.id for each in sites]
        others = sorted(found.keys() - set(known) - set(_OWN))
        return _in_order(found, (*known, *others, *_OWN))

    @cached_property
    def _segments(self) -> tuple[Column, ...]:
        kinds: tuple[type[Item], ...] = (Server, Workstations, Device)
        shown = (each for kind in kinds for each in self.whole.of(kind))
        found = self._gathered(
            (getattr(each, "segment", "") or NOT_RECORDED, each) for each in shown
        )
        known = {each.id: each for each in self.whole.of(Segment)}
        told = sorted(
            found.keys() - set(_OWN),
            key=lambda key: _name(known[key]) if key in known else key.casefold(),
        )
        return _in_order(found, (*told, *_OWN))

    @cached_property
    def _tiers(self) -> tuple[Column, ...]:
        kinds: tuple[type[Item], ...] = (Server, Workstations, Account, Device)
        shown = (each for kind in kinds for each in self.whole.of(kind))
        found = self._gathered((_tier_of(each), each) for each in shown)
        told = sorted(found.keys() - set(_OWN), key=int)
        return _in_order(found, (*told, *_OWN))

    @cached_property
    def _services(self) -> tuple[Column, ...]:
        services = [(each.sort, each) for each in self.whole.of(Service)]
        home = [("home", each) for each in self.whole.of(HomePatients)]
        return _in_order(self._gathered((*services, *home)), _SORTS)

    def site_of(self, item: Item) -> str:
        """Return the id of the site where an item stands, or one of our columns."""
        if isinstance(item, _OUTSIDE):
            return OUTSIDE
        if isinstance(item, _PEOPLE):
            return PEOPLE
        sites = set(self._sites_of(item)) - {""}
        if len(sites) > 1:
            return SEVERAL
        return sites.pop() if sites else NOT_RECORDED

    def _sites_of(self, item: Item) -> Iterator[str]:
        if (own := getattr(item, "site", "")) != "":
            yield own
        elif isinstance(item, Application):
            yield from self._sites_of_named(item, "servers")
        elif isinstance(item, BackupCopy):
            yield from self._sites_of_named(item, "on", "segment")
        elif (segment := getattr(item, "segment", "")) != "":
            yield getattr(self.whole.items.get(f"segment:{segment}"), "site", "")

    def _sites_of_named(self, item: Item, *fields: str) -> Iterator[str]:
        for reference in named_in(item, *fields):
            if (named := self.whole.items.get(reference)) is not None:
                yield from self._sites_of(named)

    def _gathered(self, placed: Iterable[tuple[str, Item]]) -> dict[str, tuple[str, ...]]:
        found: dict[str, list[Item]] = {}
        for key, item in placed:
            found.setdefault(key, []).append(item)
        return {key: in_order(items) for key, items in found.items()}


def in_order(items: Iterable[Item]) -> tuple[str, ...]:
    """Return items as `kind:id`, by kind in the order of ORDER and then by name."""
    ordered = sorted(items, key=lambda each: (place_of(each), _name(each), each.id))
    return tuple(map(reference_to, ordered))


def place_of(item: Item) -> int:
    """Return the place of an item's kind in ORDER; what is no thing stands last."""
    return _PLACES.get(kind_of(item), len(ORDER))


def machines(item: AnyItem | None) -> int:
    """Return how many machines an item stands for: 1 for a server, 0 for what is none."""
    match item:
        case Server():
            return 1
        case Workstations() | Device():
            return item.count
        case _:
            return 0


def part_of(item: AnyItem | None) -> str:
    """Return by what items of one kind are told apart: their segment, or else their site."""
    return str(getattr(item, "segment", "") or getattr(item, "site", ""))


def _name(item: Item) -> str:
    return (item.name or item.id).casefold()


def _tier_of(item: Item) -> str:
    match item:
        case Device():
            return WITHOUT_TIER
        case Workstations():
            return _TIER_OF_WORKSTATIONS
        case Server() | Account() if item.tier is not None:
            return str(item.tier)
        case _:
            return NOT_RECORDED


def _in_order(found: dict[str, tuple[str, ...]], keys: Iterable[str]) -> tuple[Column, ...]:
    return tuple(Column(key, found[key]) for key in keys if key in found)
