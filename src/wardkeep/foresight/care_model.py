"""The map as arrays for the engines: what needs what, and what each service does without it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.care_lost import WEEK, Care, summed_up
from wardkeep.foresight.engines.returning import Needs
from wardkeep.foresight.restoring.numbers import PlanNumbers
from wardkeep.hospital.map.care import LOST, Fallback, Mode, Need, Service
from wardkeep.hospital.map.item import Item, named_in, reference_to
from wardkeep.hospital.map.machines import Application, Device, Server, Workstations
from wardkeep.hospital.map.outside import Exchange
from wardkeep.hospital.map.places import BuildingService, Segment
from wardkeep.hospital.map.whole import HospitalMap

_USUAL = PlanNumbers()
MODE_SHARES: Mapping[Mode, float] = {
    mode: 1.0 if mode is Mode.FULL else 1.0 - _USUAL.not_treated(mode).usual for mode in Mode
}
"""Share of the usual patients where no fallback says it: as a restore plan takes it."""
_STANDS_ON: Mapping[type[Item], tuple[str, ...]] = {
    Server: ("host", "segment", "site"),
    Workstations: ("segment", "site"),
    Device: ("segment", "site"),
    Segment: ("site",),
    Fallback: ("needs",),
}
"""By kind, the fields that name what a thing cannot be without, all of them."""
_FOR_EVER = float("inf")
Some = TypeVar("Some", Need, Fallback)


class CareModel(NamedTuple):
    """Nodes by name, what they need, and the services.

    A node is called `kind:id`; what stands between has a bar in its name, which no id has.
    """

    nodes: Mapping[str, int]
    needs: Needs
    services: tuple[str, ...]
    care: Care


def care_model(whole: HospitalMap) -> CareModel:
    """Return the arrays of a map; what is named and not on the map never falls."""
    rules = _Rules(whole)
    for reference in sorted(whole.items):
        rules.add(reference, whole.items[reference])
    services = tuple(reference_to(each) for each in whole.of(Service))
    order = _lowest_first(rules.below)
    nodes = {name: number for number, name in enumerate(order)}
    return CareModel(nodes, _needs(rules, nodes), services, _care(whole, nodes, services))


class _Rules:
    """By node, those below it and how many of them it needs."""

    def __init__(self, whole: HospitalMap) -> None:
        self._whole = whole
        self.below: dict[str, tuple[str, ...]] = {}
        self.needed: dict[str, int] = {}

    def add(self, reference: str, item: Item) -> None:
        """Add the node of an item, and what stands between it and what it needs."""
        match item:
            case Device(stands_alone=True) | BuildingService(by_hand=True):
                self._put(reference, ())
            case Application():
                some = self._some(reference, named_in(item, "servers"), item.servers_needed)
                self._put(reference, (*some, *named_in(item, "needs")))
            case BuildingService():
                self._put(reference, named_in(item, "controllers"), 1)
            case Exchange():
                some = self._some(reference, named_in(item, "ends_at"), 1)
                self._put(reference, (*some, *named_in(item, "neighbour")))
            case Need():
                self._put(reference, named_in(item, "of"), item.at_least)
            case Service():
                self._service(reference, item)
            case _:
                self._put(reference, named_in(item, *_STANDS_ON.get(type(item), ())))

    def _service(self, reference: str, item: Service) -> None:
        """Put when a service treats patients: nothing stops it, or a fallback treats some."""
        needs = [each for each in _of(self._whole, reference, Need) if each.without in LOST]
        helps = [
            each for each in _of(self._whole, reference, Fallback) if each.mode not in LOST
        ]
        met = f"{reference}|met"
        self._put(met, (*map(reference_to, needs), *named_in(item, "site")))
        self._put(reference, (met, *map(reference_to, helps)), 1)

    def _some(
        self, reference: str, below: Sequence[str], needed: int | None
    ) -> tuple[str, ...]:
        if not below:
            return ()
        name = f"{reference}|some"
        self._put(name, below, needed)
        return (name,)

    def _put(self, name: str, below: Sequence[str], needed: int | None = None) -> None:
        """Put a node; of those below that are not on the map, all work."""
        known = tuple(each for each in below if "|" in each or each in self._whole.items)
        wanted = len(below) if needed is None else min(needed, len(below))
        self.below[name] = known
        self.needed[name] = max(wanted - (len(below) - len(known)), 0)


def _of(whole: HospitalMap, service: str, kind: type[Some]) -> list[Some]:
    named = whole.named_from.get(service, ())
    found = (whole.items[each] for field, each in named if field == "service")
    return [each for each in found if isinstance(each, kind)]


def _lowest_first(below: Mapping[str, tuple[str, ...]]) -> list[str]:
    """Return the nodes, each after what it needs where there is no circle."""
    order: dict[str, None] = {}
    seen: set[str] = set()
    for start in below:
        waiting = [start]
        while waiting:
            name = waiting[-1]
            if name not in seen:
                seen.add(name)
                waiting += [each for each in below[name] if each not in seen]
            else:
                order.setdefault(waiting.pop())
    return list(order)


def _needs(rules: _Rules, nodes: Mapping[str, int]) -> Needs:
    rows = [[nodes[each] for each in rules.below[name]] for name in nodes]
    return Needs(
        _offsets(rows),
        np.array([each for row in rows for each in row], np.int32),
        np.array([rules.needed[name] for name in nodes], np.int32),
    )


def _offsets(rows: Sequence[Sequence[object]]) -> NDArray[np.int64]:
    return np.cumsum([0, *map(len, rows)], dtype=np.int64)


def _care(whole: HospitalMap, nodes: Mapping[str, int], services: Sequence[str]) -> Care:
    needs = [_unmet_modes(whole, each, nodes) for each in services]
    helps = [sorted(_of(whole, each, Fallback), key=_best_first) for each in services]
    flat_needs = [each for row in needs for each in row]
    flat_helps = [each for row in helps for each in row]
    volume = np.array([_volume(whole.items[each]) for each in services]).reshape(-1, WEEK)
    return Care(
        need_offsets=_offsets(needs),
        need_nodes=np.array([node for node, _ in flat_needs], np.int32),
        without=np.array([mode.depth for _, mode in flat_needs], np.int32),
        fallback_offsets=_offsets(helps),
        fallback_nodes=np.array([nodes[reference_to(each)] for each in flat_helps], np.int32),
        fallbacks=np.array([_fallback(each) for each in flat_helps]).reshape(-1, 5),
        volume=volume,
        summed=summed_up(volume),
        mode_shares=np.array([MODE_SHARES[each] for each in Mode]),
    )


def _unmet_modes(
    whole: HospitalMap, service: str, nodes: Mapping[str, int]
) -> list[tuple[int, Mode]]:
    """Return the node of each need and of the site, with the mode of the service without it."""
    places = [each for each in named_in(whole.items[service], "site") if each in nodes]
    needs = _of(whole, service, Need)
    return [
        *((nodes[reference_to(each)], each.without) for each in needs),
        *((nodes[each], Mode.CLOSED) for each in places),
    ]


def _best_first(fallback: Fallback) -> tuple[int, float, str]:
    return fallback.mode.depth, -(fallback.share or 0), fallback.id


def _fallback(each: Fallback) -> tuple[float, ...]:
    share = MODE_SHARES[each.mode] if each.share is None else each.share
    holds = _FOR_EVER if each.holds_hours is None else each.holds_hours
    after = share if each.share_after is None else each.share_after
    return each.mode.depth, each.starts_after_minutes / 60, share, holds, after


def _volume(item: Item) -> list[float]:
    """Return patients an hour by hour of the week; none where nobody said."""
    if not isinstance(item, Service) or item.sort == "office":
        return [0.0] * WEEK
    if len(item.week) == WEEK:
        return list(item.week)
    return [(item.patients_a_day or 0.0) / 24] * WEEK
