"""What falls if one thing of the map falls, and what one thing stands on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec
from litestar import Response, get

from wardkeep.hospital.map.care import LOST, Service
from wardkeep.hospital.map.drawing import drawn
from wardkeep.hospital.map.falls import Falls, ServiceFall, what_falls
from wardkeep.hospital.map.grouping import Boxed
from wardkeep.hospital.map.item import split
from wardkeep.hospital.map.placing import machines
from wardkeep.hospital.map.tracing import (
    Traced,
    boxed_in_columns,
    fallbacks_of,
    fallen,
    needed,
    needs_of,
)
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.web.map_port import KnownMap
from wardkeep.web.map_screen import LONGEST_ASKED, SEE_MAP, page_of_map, with_map
from wardkeep.web.screen import Asked, Screen

MOST_SERVICES = 100
_MOST_LINKS = 6


class Sum(msgspec.Struct, frozen=True, kw_only=True):
    """What falls, in numbers: the answer before the picture.

    `patients` a day of the services that stop; of `unknown` of these nobody said how many.
    """

    stop: int
    worse: int
    patients: float
    unknown: int
    machines: int
    others: int


@get("/map/falls", opt=SEE_MAP, sync_to_thread=True)
def map_falls(screen: Asked) -> Response[bytes]:
    """Show what falls if ?item= falls, by hospital.map.falls."""
    reference = screen.parameter("item")[:LONGEST_ASKED]

    def made(known: KnownMap) -> Response[bytes]:
        if reference not in known.whole.items:
            return _not_there(screen, known, reference)
        falls = what_falls(known.whole, [reference])
        traced = fallen(known.whole, reference, falls)
        context = {
            **_traced(known, traced),
            "reference": reference,
            "sum": _sum(known.whole, falls, reference),
            "services": falls.services[:MOST_SERVICES],
            "more": max(0, len(falls.services) - MOST_SERVICES),
            "home": falls.home[:MOST_SERVICES],
            "heading": "falls",
        }
        modes = {each.service: each.mode for each in falls.services}
        return page_of_map(screen, known, "map_falls.html", context, modes=modes)

    return with_map(screen, f"map {reference}", made)


@get("/map/needs", opt=SEE_MAP, sync_to_thread=True)
def map_needs(screen: Asked) -> Response[bytes]:
    """Show what ?item= stands on: what it cannot do without, and what that cannot."""
    reference = screen.parameter("item")[:LONGEST_ASKED]

    def made(known: KnownMap) -> Response[bytes]:
        if reference not in known.whole.items:
            return _not_there(screen, known, reference)
        context = {
            **_traced(known, needed(known.whole, reference)),
            "reference": reference,
            "needs": needs_of(known.whole, reference)[:MOST_SERVICES],
            "fallbacks": fallbacks_of(known.whole, reference)[:MOST_SERVICES],
            "is_service": split(reference)[0] == "service",
            "heading": "needs",
        }
        return page_of_map(screen, known, "map_needs.html", context)

    return with_map(screen, f"map {reference}", made)


def _not_there(screen: Screen, known: KnownMap, reference: str) -> Response[bytes]:
    context = {
        "reference": reference,
        "item": None,
        "kind": "",
        "facts": (),
        "namers": (),
    }
    return page_of_map(screen, known, "map_item.html", context, 404)


def _traced(known: KnownMap, traced: Traced) -> dict[str, object]:
    found = boxed_in_columns(known.whole, traced)
    return {
        "found": found,
        "drawing": drawn(found, traced.links),
        "linked": _linked(found, traced.links),
    }


def _linked(
    found: Boxed, links: Sequence[tuple[str, str]]
) -> Mapping[str, tuple[tuple[str, ...], int]]:
    """Return by the first member of each box, for the table: its links, how many more."""
    boxes = {member: box.members[0] for box in found.boxes for member in box.members}
    both: dict[str, dict[str, None]] = {}
    for one, other in links:
        if other in boxes:
            both.setdefault(boxes[other], {})[one] = None
    return {
        each: (tuple(named)[:_MOST_LINKS], max(0, len(named) - _MOST_LINKS))
        for each, named in both.items()
    }


def _sum(whole: HospitalMap, falls: Falls, reference: str) -> Sum:
    stopped = [each for each in falls.services if each.mode in LOST]
    others = [each for each in falls.because if each != reference]
    fell = [whole.items.get(each) for each in falls.because]
    return Sum(
        stop=len(stopped),
        worse=len(falls.services) - len(stopped),
        patients=sum(each.patients_a_day or 0 for each in stopped),
        unknown=sum(_is_unknown(whole, each) for each in stopped),
        machines=sum(map(machines, fell)),
        others=sum(not isinstance(whole.items.get(each), Service) for each in others),
    )


def _is_unknown(whole: HospitalMap, fall: ServiceFall) -> bool:
    service = whole.items[fall.service]
    return (
        fall.patients_a_day is None
        and isinstance(service, Service)
        and service.sort != "office"
    )
