"""The map as a worm sees it: machines in groups, and which segments press on which.

A worm tries addresses of the whole house at a steady rate; what it does not reach, or cannot
take, is lost on it. So less reach, and fewer machines that can be taken, slow it down, and
never make it find another machine sooner. It is carried by the ports over which machines are
taken (hospital.map.places.TAKEN_BY).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.attack_model import word_of
from wardkeep.foresight.engines.lumped_spread import Groups, in_cells, standing
from wardkeep.foresight.engines.worm_loss import Places, Worm
from wardkeep.foresight.parameters import Assumptions
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.places import TAKEN_BY, Reach
from wardkeep.hospital.map.whole import HospitalMap

_FOOTHOLD = "foothold|segment:"
Machine = Server | Workstations | Device


class WormModel(NamedTuple):
    """Groups of machines, and what stands where.

    `patched`: of each group 1, 0, or NaN where nobody said it. `of`: the group of each machine
    by its reference, and those of each segment by the name of its foothold. `machines`: how
    many the house has.
    """

    groups: Groups
    patched: NDArray[np.float64]
    of: Mapping[str, Sequence[int]]
    machines: int


def worm_model(whole: HospitalMap) -> WormModel:
    """Return the groups of a map; machines in no segment are in none. Each item is a group."""
    every: tuple[Iterator[Machine], ...] = (
        whole.of(Server),
        whole.of(Workstations),
        whole.of(Device),
    )
    machines = [each for kind in every for each in kind if each.segment and _size(each)]
    of: dict[str, list[int]] = {}
    for number, each in enumerate(machines):
        of[reference_to(each)] = [number]
        of.setdefault(f"{_FOOTHOLD}{each.segment}", []).append(number)
    cells, pressed = _cells(whole, dict.fromkeys(each.segment for each in machines))
    edges = [
        (number, cell) for number, each in enumerate(machines) for cell in pressed[each.segment]
    ]
    groups = in_cells(
        np.array([word_of(f"worm|{reference_to(each)}") for each in machines], np.uint64),
        ([cells[each.segment] for each in machines], np.ones(len(machines))),
        ([one for one, _ in edges], [other for _, other in edges], np.ones(len(edges))),
        [_size(each) for each in machines],
        np.zeros(len(machines)),
    )
    patched = np.array([_patched(each) for each in machines])
    return WormModel(groups, patched, of, max(int(groups.sizes.sum()), 1))


def worm(
    model: WormModel,
    assumed: Assumptions,
    names: tuple[Iterable[str], Iterable[str]],
    servers: Iterable[Server],
) -> Worm:
    """Return a worm by the numbers of a forecast, with room for replicas of its own.

    `names`: nodes of the attack graph where it lands, and those that are watched.
    """
    rate = assumed.worm_machines_an_hour / model.machines
    unknown = np.where(
        np.isnan(model.patched), assumed.worm_on_unknown, assumed.worm_on_patched
    )
    groups = model.groups._replace(
        rates=np.full(len(model.groups.rates), rate),
        ease=np.where(model.patched == 0, 1.0, unknown),
        first=np.zeros(len(model.groups.sizes), np.int64),
    )
    landings, watched = names
    return Worm(
        groups,
        standing(groups),
        _places(model, landings),
        _places(model, watched),
        np.array([model.of.get(reference_to(each), [-1])[0] for each in servers], np.int32),
        (np.zeros(0), np.zeros(0, np.int64)),
    )


def _cells(
    whole: HospitalMap, segments: Iterable[str]
) -> tuple[dict[str, int], dict[str, list[int]]]:
    """Return the cell of each segment, and the cells that machines of each segment press on.

    Segments that the same ones reach are under the same pressure: one cell.
    """
    sources = {each: {each} for each in segments}
    for reach in whole.of(Reach):
        if reach.ports in TAKEN_BY and reach.target in sources and reach.source in sources:
            sources[reach.target].add(reach.source)
    numbers: dict[frozenset[str], int] = {}
    cells = {
        segment: numbers.setdefault(frozenset(each), len(numbers))
        for segment, each in sources.items()
    }
    pressed: dict[str, list[int]] = {each: [] for each in sources}
    for those, number in numbers.items():
        for each in sorted(those):
            pressed[each].append(number)
    return cells, pressed


def _places(model: WormModel, names: Iterable[str]) -> Places:
    rows = [list(model.of.get(each, ())) for each in names]
    return Places(
        np.cumsum([0, *map(len, rows)], dtype=np.int64),
        np.array([each for row in rows for each in row], np.int32),
    )


def _size(machine: Machine) -> int:
    return 1 if isinstance(machine, Server) else max(machine.count, 0)


def _patched(machine: Machine) -> float:
    said = machine.patchable if isinstance(machine, Device) else machine.patched
    return math.nan if said is None else float(said)
