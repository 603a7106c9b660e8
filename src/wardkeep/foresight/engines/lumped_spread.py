"""How a worm spreads over groups of interchangeable hosts, exactly.

Every host has an exponential threshold, and falls when the pressure on it, summed up over time,
has passed it (Sellke: On the asymptotic distribution of the size of a stochastic epidemic, J.
Appl. Prob. 20, 1983): the same law as host by host, with one number drawn for the n-th host of
a group, whatever happens elsewhere. So less pressure never makes a host fall earlier in the
same replica. Groups under the same pressure share a cell, which keeps it once: within a cell
hosts fall in the order of their thresholds. The next events of all cells stand in a tournament
(next reaction method: Gibson, Bruck, J. Phys. Chem. A 104, 2000; by thresholds: Anderson, J.
Chem. Phys. 127, 2007).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wardkeep.foresight.engines.chance import exponential, replica_key, uniform
from wardkeep.foresight.engines.compiled import compiled_in_place
from wardkeep.foresight.engines.graph import (
    Graph,
    amounts,
    graph,
    node_numbers,
    whole_amounts,
)
from wardkeep.foresight.errors import UnsoundModelError

_THRESHOLD = 0
# Columns of `Standing.cells`.
_PRESSURE, _PASSED, _SINCE = range(3)


class Groups(NamedTuple):
    """Groups of alike hosts, in cells, and the pressure that their hosts put on cells."""

    graph: Graph
    """From each group to the cells that its hosts press on; `names` are those of the groups."""
    rates: NDArray[np.float64]
    """Infections an hour, of each infected host at its start, on each host of ease 1 there."""
    sizes: NDArray[np.int64]
    first: NDArray[np.int64]
    """How many hosts of each group are infected at 0."""
    ease: NDArray[np.float64]
    """By what the pressure on each group's cell is multiplied for its hosts."""
    cell: NDArray[np.int32]
    """The cell of each group."""
    offsets: NDArray[np.int64]
    """The groups of cell c stand in `members` at offsets[c] to offsets[c + 1]."""
    members: NDArray[np.int32]


class LumpedSpread(NamedTuple):
    """One row a replica; rows of other ranges may be put below."""

    infected: NDArray[np.int64]
    last: NDArray[np.float64]
    """Hours to the last infection that was not cut off."""
    curve: NDArray[np.int64]
    """How many hosts were infected at each of the hours asked for."""
    by_group: NDArray[np.int32]
    """How many hosts of each group were infected in the end."""


class Standing(NamedTuple):
    """Where each group and cell stands in one replica; made once and used for all of them."""

    infected: NDArray[np.int32]
    thresholds: NDArray[np.float64]
    """Of each group, the pressure over time at which its next host falls; inf: none is left."""
    line: NDArray[np.int32]
    """The groups of each cell as a heap by their thresholds."""
    cells: NDArray[np.float64]
    """A row a cell: pressure on it, what it passed of it, since when."""
    events: NDArray[np.float64]
    """Entry k is the earlier of 2k and 2k + 1; the cells' own stand in the second half."""


def groups(
    names: ArrayLike,
    edges: tuple[ArrayLike, ArrayLike],
    rates: ArrayLike,
    sizes: ArrayLike,
    first: ArrayLike,
) -> Groups:
    """Return checked groups, each a cell of its own: any pressure of one on another.

    Raises UnsoundModelError.
    """
    count = len(np.asarray(names))
    return in_cells(names, (range(count), np.ones(count)), (*edges, rates), sizes, first)


def in_cells(
    names: ArrayLike,
    cells: tuple[ArrayLike, ArrayLike],
    edges: tuple[ArrayLike, ArrayLike, ArrayLike],
    sizes: ArrayLike,
    first: ArrayLike,
) -> Groups:
    """Return checked groups; raises UnsoundModelError.

    `cells`: the cell of each group, and its ease. `edges`: from groups, to cells, rates.
    """
    count = len(np.asarray(names))
    cell = node_numbers("cells", cells[0], max(count, 1))
    net, order = graph(names, edges[0], edges[1])
    hosts = whole_amounts("sizes", sizes, count)
    infected = whole_amounts("first", first, count)
    if (bad := np.flatnonzero(infected > hosts)).size:
        raise UnsoundModelError(f"first[{bad[0]}] is more than the group has hosts.")
    if hosts.sum() >= np.iinfo(np.int32).max:
        raise UnsoundModelError(f"{hosts.sum()} hosts are more than an engine can count.")
    if len(cell) != count:
        raise UnsoundModelError(f"{len(cell)} cells do not fit {count} groups.")
    paces = amounts("rates", edges[2], len(order))[order]
    offsets = np.zeros(count + 1, np.int64)
    np.cumsum(np.bincount(cell, minlength=count), out=offsets[1:])
    return Groups(
        net,
        paces,
        hosts,
        infected,
        amounts("ease", cells[1], count),
        cell.astype(np.int32),
        offsets,
        np.argsort(cell, kind="stable").astype(np.int32),
    )


def standing(given: Groups) -> Standing:
    """Return room for a replica of these groups."""
    count = len(given.sizes)
    cells = int(given.cell.max(initial=0)) + 1
    leaves = 1 << max(cells - 1, 1).bit_length()
    return Standing(
        np.zeros(count, np.int32),
        np.zeros(count),
        np.zeros(count, np.int32),
        np.zeros((cells, 3)),
        np.full(2 * leaves, math.inf),
    )


def spread(
    given: Groups,
    seed: int,
    replicas: range,
    hours: ArrayLike = (),
    until: float = math.inf,
) -> LumpedSpread:
    """Return the replicas of a range (of step 1); `hours` rise, `until` is when all is cut."""
    at, count = np.array(hours, np.float64), len(replicas)
    made = LumpedSpread(
        np.zeros(count, np.int64),
        np.zeros(count, np.float64),
        np.zeros((count, len(at)), np.int64),
        np.zeros((count, len(given.sizes)), np.int32),
    )
    _spread(given, standing(given), (seed, replicas.start, until), at, made)
    return made


@compiled_in_place
def _spread(
    given: Groups,
    now: Standing,
    study: tuple[int, int, float],
    hours: NDArray[np.float64],
    made: LumpedSpread,
) -> None:
    seed, start, until = study
    for row in range(made.infected.size):
        key = replica_key(seed, start + row)
        made.last[row] = worm(given, now, key, until, (hours, made.curve[row]))
        for group in range(given.sizes.size):
            made.by_group[row, group] = now.infected[group]
            made.infected[row] += now.infected[group]


@compiled_in_place
def worm(
    given: Groups,
    now: Standing,
    key: np.uint64,
    until: float,
    watch: tuple[NDArray[np.float64], NDArray[np.int64]],
) -> float:
    """Run the replica of `key` to `until`; return the hour of its last infection.

    `watch` is rising hours and where to write how many were infected then; `now.infected` tells
    how each group ended.
    """
    hours, curve = watch
    _begin(given, now, key)
    total, seen, last = given.first.sum(), 0, 0.0
    while now.events[1] <= until and now.events[1] < math.inf:
        last = now.events[1]
        while seen < hours.size and hours[seen] < last:
            curve[seen] = total
            seen += 1
        _fall(given, now, key, last)
        total += 1
    for place in range(seen, hours.size):
        curve[place] = total
    return last


@compiled_in_place
def _fall(given: Groups, now: Standing, key: np.uint64, hour: float) -> None:
    """Let the next host fall, at the hour of the earliest event."""
    cell = _earliest(now.events)
    begin = given.offsets[cell]
    group = now.line[begin]
    row = now.cells[cell]
    row[_PASSED], row[_SINCE] = now.thresholds[group], hour
    now.infected[group] += 1
    _aim(given, now, key, group)
    _sink(now, begin, given.offsets[cell + 1], begin)
    _set_event(now.events, cell, _next_event(given, now, cell))
    for edge in range(given.graph.offsets[group], given.graph.offsets[group + 1]):
        _press(given, now, given.graph.targets[edge], given.rates[edge], hour)


@compiled_in_place
def _press(given: Groups, now: Standing, cell: int, rate: float, hour: float) -> None:
    """Raise the pressure on a cell: its next event can only come nearer."""
    begin = given.offsets[cell]
    if begin == given.offsets[cell + 1]:
        return
    threshold = now.thresholds[now.line[begin]]
    if threshold == math.inf:
        return
    row = now.cells[cell]
    row[_PASSED] += row[_PRESSURE] * (hour - row[_SINCE])
    row[_SINCE] = hour
    row[_PRESSURE] += rate
    # Passed already by rounding only: it then falls at this very hour.
    then = hour + max(0.0, threshold - row[_PASSED]) / row[_PRESSURE]
    at = (now.events.size >> 1) + cell
    while at > 0 and then < now.events[at]:
        now.events[at] = then
        at >>= 1


@compiled_in_place
def _next_event(given: Groups, now: Standing, cell: int) -> float:
    """Return when the next host of a cell falls; inf: none does as it stands."""
    begin = given.offsets[cell]
    if begin == given.offsets[cell + 1]:
        return math.inf
    row = now.cells[cell]
    threshold = now.thresholds[now.line[begin]]
    if row[_PRESSURE] <= 0.0 or threshold == math.inf:
        return math.inf
    return float(row[_SINCE] + max(0.0, threshold - row[_PASSED]) / row[_PRESSURE])


@compiled_in_place
def _aim(given: Groups, now: Standing, key: np.uint64, group: int) -> None:
    """Draw a group's next threshold: the least of those left, each exponential."""
    done = now.infected[group]
    left, ease = given.sizes[group] - done, given.ease[group]
    if left == 0 or ease <= 0.0:
        now.thresholds[group] = math.inf
        return
    chance = uniform(key, given.graph.names[group], np.uint64(done), _THRESHOLD)
    now.thresholds[group] += exponential(chance) / (left * ease)


@compiled_in_place
def _sink(now: Standing, begin: int, end: int, hole: int) -> None:
    """Let the group at `hole` of a cell's heap sink to its place."""
    group = now.line[hole]
    threshold = now.thresholds[group]
    while True:
        below = begin + 2 * (hole - begin) + 1
        if below >= end:
            break
        if below + 1 < end:
            below += now.thresholds[now.line[below + 1]] < now.thresholds[now.line[below]]
        if now.thresholds[now.line[below]] >= threshold:
            break
        now.line[hole] = now.line[below]
        hole = below
    now.line[hole] = group


@compiled_in_place
def _begin(given: Groups, now: Standing, key: np.uint64) -> None:
    """Put all groups where they stand at hour 0."""
    now.cells[:] = 0.0
    now.events[:] = math.inf
    for group in range(given.sizes.size):
        now.infected[group] = given.first[group]
        now.thresholds[group] = 0.0
        now.line[group] = given.members[group]
        _aim(given, now, key, group)
        for edge in range(given.graph.offsets[group], given.graph.offsets[group + 1]):
            pressure = given.first[group] * given.rates[edge]
            now.cells[given.graph.targets[edge], _PRESSURE] += pressure
    half = now.events.size >> 1
    for cell in range(len(now.cells)):
        begin, end = given.offsets[cell], given.offsets[cell + 1]
        for hole in range(begin + (end - begin) // 2 - 1, begin - 1, -1):
            _sink(now, begin, end, hole)
        now.events[half + cell] = _next_event(given, now, cell)
    for at in range(half - 1, 0, -1):
        now.events[at] = min(now.events[2 * at], now.events[2 * at + 1])


@compiled_in_place
def _earliest(events: NDArray[np.float64]) -> int:
    at, half = 1, events.size >> 1
    while at < half:
        at *= 2
        if events[at + 1] < events[at]:
            at += 1
    return at - half


@compiled_in_place
def _set_event(events: NDArray[np.float64], cell: int, hour: float) -> None:
    at = (events.size >> 1) + cell
    events[at] = hour
    at >>= 1
    while at > 0:
        events[at] = min(events[2 * at], events[2 * at + 1])
        at >>= 1
