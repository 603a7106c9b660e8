"""How a worm and a detonation spread over groups of interchangeable hosts, exactly.

Every host has an exponential threshold, and falls when the pressure on its group, summed up
over time, has passed it (Sellke: On the asymptotic distribution of the size of a stochastic
epidemic, J. Appl. Prob. 20, 1983): the same law as host by host, with one number drawn for the
n-th host of a group, whatever happens elsewhere. So less pressure never makes a host fall
earlier in the same replica. The next events of all groups stand in a tournament (next reaction
method: Gibson, Bruck, J. Phys. Chem. A 104, 2000; by thresholds: Anderson, J. Chem. Phys. 127,
2007).

A push encrypts a list of hosts, by a privilege that holds on all of them, at a steady rate and
in an order that is shuffled anew for each replica: each host of the list is reached at an hour
spread evenly over the list's length.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wardkeep.foresight.engines.chance import exponential, replica_key, uniform
from wardkeep.foresight.engines.compiled import compiled_in_place
from wardkeep.foresight.engines.graph import Graph, amounts, graph, whole_amounts
from wardkeep.foresight.errors import UnsoundModelError

_THRESHOLD, _PUSH, _SHUFFLE = range(3)
# Columns of `Standing.hosts` and of `Standing.hours`.
INFECTED, PASSED, PUSHED = range(3)
_PRESSURE, _MISSING, _SINCE, _LIST_SUM, _NEXT_PUSH = range(5)


class Groups(NamedTuple):
    """Groups of hosts that nothing tells apart, and the pressure of one host on another."""

    graph: Graph
    """An edge from a group to itself is the pressure of its hosts on each other."""
    rates: NDArray[np.float64]
    """Infections an hour, from each infected host at its start to each one at its end."""
    sizes: NDArray[np.int64]
    first: NDArray[np.int64]
    """How many hosts of each group are infected at 0."""
    places: NDArray[np.int64]
    """Where the hosts of each pushed group begin in the list; -1: it is not pushed."""
    list_hours: float
    """How long the push takes for its whole list; inf: nobody pushes."""


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
    """Where each group stands within one replica; made once and used for all of them."""

    hosts: NDArray[np.int32]
    """A row a group: infected, passed by pressure, reached by the push."""
    hours: NDArray[np.float64]
    """A row a group: pressure on it, what its next threshold lacks, since when, the push."""
    place_in_list: NDArray[np.int32]
    place_in_line: NDArray[np.int32]
    events: NDArray[np.float64]
    """Entry k is the earlier of 2k and 2k + 1; the groups' own stand in the second half."""


def groups(
    names: ArrayLike,
    edges: tuple[ArrayLike, ArrayLike],
    rates: ArrayLike,
    sizes: ArrayLike,
    first: ArrayLike,
) -> Groups:
    """Return checked groups that nobody pushes; raises UnsoundModelError."""
    net, order = graph(names, *edges)
    count = len(net.names)
    hosts = whole_amounts("sizes", sizes, count)
    infected = whole_amounts("first", first, count)
    if (bad := np.flatnonzero(infected > hosts)).size:
        raise UnsoundModelError(f"first[{bad[0]}] is more than the group has hosts.")
    if hosts.sum() >= np.iinfo(np.int32).max:
        raise UnsoundModelError(f"{hosts.sum()} hosts are more than an engine can count.")
    paces = amounts("rates", rates, len(order))[order]
    return Groups(net, paces, hosts, infected, np.full(count, -1, np.int64), math.inf)


def pushed(given: Groups, reached: ArrayLike, hosts_an_hour: float) -> Groups:
    """Return the groups with a push on those that `reached` says, one truth a group.

    Raises UnsoundModelError.
    """
    listed = np.asarray(reached, np.bool_)
    if listed.shape != given.sizes.shape:
        raise UnsoundModelError(f"reached has the shape {listed.shape}, not one truth a group.")
    if not hosts_an_hour > 0:
        raise UnsoundModelError(f"a push of {hosts_an_hour} hosts an hour reaches nobody.")
    counts = np.where(listed, given.sizes, 0)
    places = np.where(listed, np.cumsum(counts) - counts, -1)
    return given._replace(places=places, list_hours=float(counts.sum()) / hosts_an_hour)


def standing(given: Groups) -> Standing:
    """Return room for a replica of these groups."""
    count, listed = len(given.sizes), int(given.sizes[given.places >= 0].sum())
    leaves = 1 << max(count - 1, 1).bit_length()
    return Standing(
        np.zeros((count, 3), np.int32),
        np.zeros((count, 5), np.float64),
        np.zeros(listed, np.int32),
        np.zeros(listed, np.int32),
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
        made.last[row] = detonate(given, now, key, until, (hours, made.curve[row]))
        for group in range(given.sizes.size):
            made.by_group[row, group] = now.hosts[group, INFECTED]
            made.infected[row] += now.hosts[group, INFECTED]


@compiled_in_place
def detonate(
    given: Groups,
    now: Standing,
    key: np.uint64,
    until: float,
    watch: tuple[NDArray[np.float64], NDArray[np.int64]],
) -> float:
    """Run the replica of `key` to `until`; return the hour of its last infection.

    `watch` is rising hours and where to write how many were infected then; `now.hosts` tells
    how each group ended.
    """
    hours, curve = watch
    _begin(given, now, key)
    total, seen, last = given.first.sum(), 0, 0.0
    while now.events[1] <= until and now.events[1] < math.inf:
        hour = now.events[1]
        while seen < hours.size and hours[seen] < hour:
            curve[seen] = total
            seen += 1
        if _happen(given, now, key, hour):
            total += 1
            last = hour
    for place in range(seen, hours.size):
        curve[place] = total
    return last


@compiled_in_place
def _happen(given: Groups, now: Standing, key: np.uint64, hour: float) -> bool:
    """Let the earliest event happen; return whether it took a host that stood till then."""
    group = _earliest(now.events)
    row = now.hosts[group]
    place = given.places[group]
    if now.hours[group, _NEXT_PUSH] <= hour:
        stood = now.place_in_line[place + row[PUSHED]] >= row[PASSED]
        row[PUSHED] += 1
        _aim_push(given, now, key, group)
    else:
        stood = place < 0 or now.place_in_list[place + row[PASSED]] >= row[PUSHED]
        row[PASSED] += 1
        _aim_threshold(given, now, key, group)
        now.hours[group, _SINCE] = hour
    if stood:
        row[INFECTED] += 1
        for edge in range(given.graph.offsets[group], given.graph.offsets[group + 1]):
            other = given.graph.targets[edge]
            if now.hosts[other, INFECTED] < given.sizes[other]:
                _press(now, other, given.rates[edge], hour)
    _set_event(now.events, group, _next_event(given, now, group))
    return bool(stood)


@compiled_in_place
def _press(now: Standing, group: int, rate: float, hour: float) -> None:
    """Raise the pressure on a group: its next event can only come nearer."""
    row = now.hours[group]
    # Below 0 by rounding only: it then falls at this very hour.
    row[_MISSING] = max(0.0, row[_MISSING] - row[_PRESSURE] * (hour - row[_SINCE]))
    row[_SINCE] = hour
    row[_PRESSURE] += rate
    then = hour + row[_MISSING] / row[_PRESSURE]
    at = (now.events.size >> 1) + group
    while at > 0 and then < now.events[at]:
        now.events[at] = then
        at >>= 1


@compiled_in_place
def _next_event(given: Groups, now: Standing, group: int) -> float:
    if now.hosts[group, INFECTED] == given.sizes[group]:
        return math.inf
    row = now.hours[group]
    event = float(row[_NEXT_PUSH])
    if row[_PRESSURE] > 0.0:
        event = min(event, float(row[_SINCE] + row[_MISSING] / row[_PRESSURE]))
    return event


@compiled_in_place
def _aim_threshold(given: Groups, now: Standing, key: np.uint64, group: int) -> None:
    """Draw what the next threshold lacks: the least of those left, each exponential."""
    done = now.hosts[group, PASSED]
    left = given.sizes[group] - done
    missing = math.inf
    if left > 0:
        chance = uniform(key, given.graph.names[group], np.uint64(done), _THRESHOLD)
        missing = exponential(chance) / left
    now.hours[group, _MISSING] = missing


@compiled_in_place
def _aim_push(given: Groups, now: Standing, key: np.uint64, group: int) -> None:
    """Draw when the push reaches the group's next host: the least of even hours left."""
    done = now.hosts[group, PUSHED]
    left = given.sizes[group] - done
    if left == 0:
        now.hours[group, _NEXT_PUSH] = math.inf
        return
    chance = uniform(key, given.graph.names[group], np.uint64(done), _PUSH)
    now.hours[group, _LIST_SUM] += exponential(chance) / left
    share = -math.expm1(-now.hours[group, _LIST_SUM])
    now.hours[group, _NEXT_PUSH] = given.list_hours * share


@compiled_in_place
def _begin(given: Groups, now: Standing, key: np.uint64) -> None:
    """Put all groups where they stand at hour 0."""
    now.hosts[:] = 0
    now.hours[:] = 0.0
    now.hours[:, _NEXT_PUSH] = math.inf
    now.events[:] = math.inf
    for group in range(given.sizes.size):
        infected = given.first[group]
        now.hosts[group, INFECTED] = now.hosts[group, PASSED] = infected
        _aim_threshold(given, now, key, group)
        if given.places[group] >= 0:
            _shuffle(given, now, key, group)
            _aim_push(given, now, key, group)
        for edge in range(given.graph.offsets[group], given.graph.offsets[group + 1]):
            pressure = infected * given.rates[edge]
            now.hours[given.graph.targets[edge], _PRESSURE] += pressure
    half = now.events.size >> 1
    for group in range(given.sizes.size):
        now.events[half + group] = _next_event(given, now, group)
    for at in range(half - 1, 0, -1):
        now.events[at] = min(now.events[2 * at], now.events[2 * at + 1])


@compiled_in_place
def _shuffle(given: Groups, now: Standing, key: np.uint64, group: int) -> None:
    """Draw which threshold the host at each place of the group's list has (Fisher, Yates)."""
    place, size = given.places[group], given.sizes[group]
    line = now.place_in_line[place : place + size]
    for host in range(size):
        line[host] = host
    for host in range(size - 1, 0, -1):
        chance = uniform(key, given.graph.names[group], np.uint64(host), _SHUFFLE)
        other = int(chance * (host + 1))
        line[host], line[other] = line[other], line[host]
    for host in range(size):
        now.place_in_list[place + line[host]] = host


@compiled_in_place
def _earliest(events: NDArray[np.float64]) -> int:
    at, half = 1, events.size >> 1
    while at < half:
        at *= 2
        if events[at + 1] < events[at]:
            at += 1
    return at - half


@compiled_in_place
def _set_event(events: NDArray[np.float64], group: int, hour: float) -> None:
    at = (events.size >> 1) + group
    events[at] = hour
    at >>= 1
    while at > 0:
        events[at] = min(events[2 * at], events[2 * at + 1])
        at >>= 1
