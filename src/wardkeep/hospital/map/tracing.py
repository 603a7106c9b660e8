"""What a thing stands on, and what falls with it, step by step: columns and links to draw."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from wardkeep.hospital.map.care import Fallback, Need, Service
from wardkeep.hospital.map.falls import FALLS_WITH, Falls
from wardkeep.hospital.map.grouping import Boxed, by_itself, by_kind
from wardkeep.hospital.map.item import Item, named_in
from wardkeep.hospital.map.placing import Column, in_order
from wardkeep.hospital.map.whole import HospitalMap

FIRST = ":first"
DIRECT = ":direct"
FURTHER = ":further"
DEEP = ":deep"
THEN = ":then"
_STEPS = (FIRST, DIRECT, FURTHER, DEEP)
_WHERE = frozenset({"site", "segment"})
"""Where something stands is no step: everything of a house would stand on its net."""
_MOST_OF_A_COLUMN = 24


class Traced(msgspec.Struct, frozen=True):
    """Columns from left to right, and links between their members, the left one first."""

    columns: tuple[Column, ...]
    links: tuple[tuple[str, str], ...]


def needed(whole: HospitalMap, reference: str) -> Traced:
    """Return what a thing cannot do without, by the fewest steps; sites and nets left out."""
    depths, links = {reference: 0}, []
    waiting = [reference]
    for each in waiting:
        for target in dict.fromkeys(_needs(whole, each)):
            links.append((each, target))
            if target not in depths:
                depths[target] = depths[each] + 1
                waiting.append(target)
    steps = {each: _STEPS[min(depth, len(_STEPS) - 1)] for each, depth in depths.items()}
    return Traced(_columns(whole, steps, _STEPS), tuple(links))


def fallen(whole: HospitalMap, reference: str, falls: Falls) -> Traced:
    """Return what falls with a thing, by the steps over which it does, and the services."""
    care = {each.service for each in falls.services} | set(falls.home)
    steps: dict[str, str] = {}
    for each, because in falls.because.items():
        if each not in care:
            near = each == because or steps.get(because) == FIRST
            steps[each] = FIRST if each == because else DIRECT if near else FURTHER
    links = [
        (because, each)
        for each, because in falls.because.items()
        if each in steps and each != because
    ]
    for fall in falls.services:
        links += [(lack, fall.service) for lack in fall.lacks]
        steps.setdefault(fall.service, FIRST if fall.service == reference else THEN)
    steps |= dict.fromkeys(falls.home, THEN)
    for home in falls.home:
        named = named_in(whole.items[home], "needs")
        links += [(each, home) for each in named if each in falls.because]
    return Traced(_columns(whole, steps, (FIRST, DIRECT, FURTHER, THEN)), tuple(links))


def boxed_in_columns(whole: HospitalMap, traced: Traced) -> Boxed:
    """Return columns as boxes: each thing its own, or a kind where they are too many."""
    return Boxed(
        tuple(
            (
                column.key,
                by_itself(whole, column)
                if len(column.members) <= _MOST_OF_A_COLUMN
                else by_kind(whole, column),
            )
            for column in traced.columns
        )
    )


def needs_of(whole: HospitalMap, reference: str) -> tuple[Need, ...]:
    """Return the needs of a service."""
    return tuple(each for each in _of(whole, reference) if isinstance(each, Need))


def fallbacks_of(whole: HospitalMap, reference: str) -> tuple[Fallback, ...]:
    """Return the fallbacks of a service, the best first."""
    found = [each for each in _of(whole, reference) if isinstance(each, Fallback)]
    return tuple(sorted(found, key=lambda each: (each.mode.depth, each.id)))


def _of(whole: HospitalMap, reference: str) -> Iterator[Item]:
    for field, namer in whole.named_from.get(reference, ()):
        if field == "service":
            yield whole.items[namer]


def _needs(whole: HospitalMap, reference: str) -> Iterator[str]:
    item = whole.items.get(reference)
    if isinstance(item, Service):
        for need in needs_of(whole, reference):
            yield from named_in(need, "of")
    elif item is not None:
        fields = FALLS_WITH.get(type(item), frozenset()) - _WHERE
        yield from named_in(item, *fields)


def _columns(
    whole: HospitalMap, steps: Mapping[str, str], keys: tuple[str, ...]
) -> tuple[Column, ...]:
    found: dict[str, list[str]] = {}
    for each, key in steps.items():
        found.setdefault(key, []).append(each)
    return tuple(Column(key, _ordered(whole, found[key])) for key in keys if key in found)


def _ordered(whole: HospitalMap, references: list[str]) -> tuple[str, ...]:
    """Return references in order, those that are named and not on the map at the end."""
    known = [whole.items[each] for each in references if each in whole.items]
    missing = sorted(each for each in references if each not in whole.items)
    return (*in_order(known), *missing)
