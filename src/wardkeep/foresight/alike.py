"""Machines that nothing tells apart, as one: what a directory or a scanner lists one by one.

Alike are workstations, or devices, of one segment, site and domain, equally patched, watched
and administered; offices are no wards. Of those an attack needs the first that falls, and the
rest gives it nothing more, so the forecast of a house is the same however finely a source names
its machines. What its identity matters for stays by itself: machines on which an account is
logged in, that an account, a supplier or an exchange is tied to, or of which a service needs so
many.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from typing import NamedTuple, TypeAlias

import msgspec

from wardkeep.hospital.map.care import Fallback, Need
from wardkeep.hospital.map.item import named_in, reference_to
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.places import BuildingService
from wardkeep.hospital.map.whole import AnyItem, HospitalMap

ToldApart: TypeAlias = Mapping[str, int]
"""By `kind:id` a number: machines with different ones are kept apart though they are alike."""
_FOLLOWS: Mapping[type[AnyItem], str] = {
    Need: "of",
    Fallback: "needs",
    BuildingService: "controllers",
}
"""By kind, the field whose names may stand for several: alike machines fall in one hour."""


class Lumped(NamedTuple):
    """The map with one item for alike machines, named after the first of them."""

    whole: HospitalMap
    machines: int
    """How many machines the map has."""
    groups: int
    """How many items they are: groups, and machines by themselves."""


def lumped(whole: HospitalMap, apart: ToldApart | None = None) -> Lumped:
    """Return the map with one item for all machines that are alike.

    `apart`: of `told_apart`, so that measures are compared over the same groups.
    """
    groups: dict[Hashable, list[str]] = {}
    for reference, likeness in _likenesses(whole).items():
        number = 0 if apart is None else apart.get(reference, 0)
        groups.setdefault((number, likeness), []).append(reference)
    first: dict[str, str] = {}
    items = dict(whole.items)
    for members in groups.values():
        if len(members) > 1:
            items[members[0]] = _one_of(members, items)
            for each in members[1:]:
                del items[each]
            first.update(dict.fromkeys(members, members[0]))
    items.update(_renamed(whole, first))
    made = HospitalMap(items, whole.disagreements, whole.as_of)
    found = [
        each for each in items.values() if isinstance(each, Server | Workstations | Device)
    ]
    counts = (1 if isinstance(each, Server) else each.count for each in found)
    return Lumped(made, sum(counts), len(found))


def told_apart(maps: Sequence[HospitalMap]) -> ToldApart:
    """Return numbers by which only those machines are alike that are so on each of the maps.

    With them no measure splits a group: the same groups draw the same chances.
    """
    numbers: dict[str, int] = {}
    for whole in maps:
        found: dict[Hashable, int] = {}
        likenesses = _likenesses(whole)
        for reference in numbers.keys() | likenesses.keys():
            key = (numbers.get(reference, 0), likenesses.get(reference))
            numbers[reference] = found.setdefault(key, len(found))
    return numbers


def _likenesses(whole: HospitalMap) -> dict[str, Hashable]:
    """Return, of each machine that may stand with others, all that the forecast sees of it."""
    named = _by_themselves(whole)
    return {
        reference: _likeness(item)
        for reference, item in sorted(whole.items.items())
        if isinstance(item, Workstations | Device) and reference not in named
    }


def _likeness(machine: Workstations | Device) -> Hashable:
    place = (machine.site, machine.segment)
    if isinstance(machine, Device):
        return (*place, machine.patchable, machine.stands_alone)
    care = (bool(machine.ward), machine.domain)
    return (*place, *care, machine.patched, machine.watched, machine.shared_administrator)


def _by_themselves(whole: HospitalMap) -> set[str]:
    """Return what is named by others so that it matters which machine it is."""
    found: set[str] = set()
    for item in whole.items.values():
        if isinstance(item, Server | Workstations | Device):
            continue
        followed = _FOLLOWS.get(type(item), "")
        if isinstance(item, Need) and item.at_least not in {None, 1, len(item.of)}:
            followed = ""
        fields = [each for each in type(item).REFERS if each != followed]
        found.update(named_in(item, *fields))
    return found


def _one_of(members: Sequence[str], items: Mapping[str, AnyItem]) -> AnyItem:
    machines = [items[each] for each in members]
    count = sum(getattr(each, "count", 1) for each in machines)
    first = machines[0]
    name = f"{first.name or first.id} (+{count - getattr(first, 'count', 1)})"
    return msgspec.structs.replace(first, count=count, name=name)


def _renamed(whole: HospitalMap, first: Mapping[str, str]) -> Iterable[tuple[str, AnyItem]]:
    """Yield what names machines that stand with others now: by the first of them, once."""
    for item in whole.items.values():
        field = _FOLLOWS.get(type(item))
        names = named_in(item, field) if field else ()
        if field is None or first.keys().isdisjoint(names):
            continue
        told: dict[str, object] = {
            field: tuple(dict.fromkeys(first.get(each, each) for each in names))
        }
        if isinstance(item, Need) and item.at_least != 1:
            told["at_least"] = None
        yield reference_to(item), msgspec.structs.replace(item, **told)
