"""How a worm spreads from host to host, drawn host by host (engine for named hosts).

First-passage percolation: each directed edge gets one delay, and a host is taken at the length
of the shortest path from a first host. This is the susceptible-infected process exactly, as
each edge carries at most once, in the direction of the earlier host (Kulkarni: Shortest paths
in networks with exponentially distributed arc lengths, Networks 16, 1986). Delays are drawn
only when an edge is looked at. Leaving out all that is later than `until` is isolation then.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wardkeep.foresight.engines.bucket_queue import (
    BUCKETS,
    NOTHING,
    BucketQueue,
    bucket_queue,
    clear,
    put_in,
    take_from,
)
from wardkeep.foresight.engines.chance import exponential, place_of, replica_key, uniform_at
from wardkeep.foresight.engines.compiled import compiled_in_place
from wardkeep.foresight.engines.graph import Graph, amounts, graph, node_numbers

_BUCKETS_A_WAIT = 8
"""Buckets in the time in which a usual host infects its first neighbour. From 1 to 80 the
engine runs equally fast; few enough are left over for the next round of buckets."""
# More than all roundings between a chance and the hour that it gives.
_ROUNDING = 2.0**-48
# All that is looked at of an edge, in one line of the processor's cache.
_EDGE = np.dtype([("place", np.uint64), ("target", np.int32), ("rate", np.int32)])


class Contacts(NamedTuple):
    """Which host infects which at which rate (an hour), and which are infected at 0."""

    graph: Graph
    rates: NDArray[np.float64]
    """The different rates that there are."""
    edges: NDArray[np.void]
    """Of each edge the word that its chance is drawn from, its target, which rate it has."""
    first: NDArray[np.int64]
    pace: float
    """Buckets an hour: for speed alone, any number gives the same result."""


class Spread(NamedTuple):
    """One row a replica: mergeable by putting rows of other ranges below."""

    infected: NDArray[np.int64]
    last: NDArray[np.float64]
    """Hours to the last infection that was not cut off."""
    curve: NDArray[np.int64]
    """How many hosts were infected at each of the hours asked for."""


class Bench(NamedTuple):
    """What one replica leaves behind; made once and used for all of them."""

    taken: NDArray[np.float64]
    """The hour of each host's infection; inf: never."""
    waiting: NDArray[np.bool_]
    """Whether a host was reached by a shorter way since its contacts were looked at."""
    todo: BucketQueue


def contacts(
    names: ArrayLike, edges: tuple[ArrayLike, ArrayLike], rates: ArrayLike, first: ArrayLike
) -> Contacts:
    """Return checked contacts; `edges` are sources and targets, each way its own edge.

    Raises UnsoundModelError.
    """
    net, order = graph(names, *edges)
    each = amounts("rates", rates, len(order))[order]
    made = np.empty(len(order), _EDGE)
    different, made["rate"] = np.unique(each, return_inverse=True)
    made["target"] = net.targets
    _name_edges(net, made)
    ends = np.repeat(np.arange(len(net.names)), np.diff(net.offsets))
    paces = np.bincount(ends, each)
    usual = float(np.median(paces[paces > 0])) if (paces > 0).any() else 1.0
    return Contacts(
        net,
        different,
        made,
        node_numbers("first", first, len(net.names)),
        usual * _BUCKETS_A_WAIT,
    )


def spread(
    given: Contacts,
    seed: int,
    replicas: range,
    hours: ArrayLike = (),
    until: float = math.inf,
) -> Spread:
    """Return the replicas of a range (of step 1); `hours` rise, `until` is when all is cut."""
    at = np.array(hours, np.float64)
    made = _empty(len(replicas), len(at))
    bench = bench_for(given)
    _spread(given, bench, (seed, replicas.start, until), at, made)
    return made


def infection_hours(
    given: Contacts, seed: int, replica: int, until: float = math.inf
) -> NDArray[np.float64]:
    """Return each host's hour of infection in one replica; inf: never."""
    bench = bench_for(given)
    first_passage(given, bench, np.uint64(replica_key(seed, replica)), until)
    return bench.taken


def _empty(replicas: int, hours: int) -> Spread:
    return Spread(
        np.zeros(replicas, np.int64),
        np.zeros(replicas, np.float64),
        np.zeros((replicas, hours), np.int64),
    )


def bench_for(given: Contacts) -> Bench:
    """Return room for the replicas of these contacts."""
    count = len(given.graph.names)
    room = bucket_queue(len(given.edges) + 2 * count)
    return Bench(np.empty(count), np.zeros(count, np.bool_), room)


@compiled_in_place
def _name_edges(net: Graph, edges: NDArray[np.void]) -> None:
    for host in range(net.names.size):
        for edge in range(net.offsets[host], net.offsets[host + 1]):
            other = net.names[net.targets[edge]]
            edges[edge]["place"] = place_of(net.names[host], other, 0)


@compiled_in_place
def _spread(
    given: Contacts,
    bench: Bench,
    study: tuple[int, int, float],
    hours: NDArray[np.float64],
    made: Spread,
) -> None:
    seed, start, until = study
    for row in range(made.infected.size):
        first_passage(given, bench, replica_key(seed, start + row), until)
        for taken in bench.taken:
            if taken < math.inf:
                made.infected[row] += 1
                made.last[row] = max(made.last[row], taken)
                for column in range(hours.size):
                    made.curve[row, column] += taken <= hours[column]


@compiled_in_place
def first_passage(given: Contacts, bench: Bench, key: np.uint64, until: float) -> None:
    """Write each host's hour of infection in the replica of `key` into `bench.taken`."""
    for host in range(bench.taken.size):
        bench.taken[host] = math.inf
        bench.waiting[host] = False
    for host in given.first:
        bench.taken[host] = 0.0
        bench.waiting[host] = True
    start = _earliest(bench)
    while start < math.inf:
        _go_through(given, bench, (key, start, until))
        start = _earliest(bench)


@compiled_in_place
def _go_through(given: Contacts, bench: Bench, study: tuple[np.uint64, float, float]) -> None:
    """Let all that wait infect, bucket by bucket; who waits for a later bucket is left over.

    `study`: key of the replica, the hour of the first bucket, and of the cut.
    """
    entries, bucket = _fill(given, bench, study[1]), 0
    while bucket < BUCKETS:
        host = take_from(bench.todo, bucket)
        if host == NOTHING:
            bucket += 1
        elif bench.waiting[host]:
            entries = _infect(given, bench, study, host, entries)
            if entries < 0:
                break  # no room is left: what waits is put in anew


@compiled_in_place
def _infect(
    given: Contacts,
    bench: Bench,
    study: tuple[np.uint64, float, float],
    host: int,
    entries: int,
) -> int:
    """Look at the contacts of a host; return how many entries there are, -1: no room for it."""
    key, start, until = study
    taken, now = bench.taken, bench.taken[host]
    begin, end = given.graph.offsets[host], given.graph.offsets[host + 1]
    if entries + end - begin > bench.todo.entries.size:
        return -1
    bench.waiting[host] = False
    for edge in given.edges[begin:end]:
        other = edge["target"]
        left = taken[other] - now
        if left <= 0.0:
            continue
        rate = given.rates[edge["rate"]]
        chance = uniform_at(key, edge["place"])
        if chance >= left * rate * (1.0 + _ROUNDING) + _ROUNDING:
            continue  # a delay is never shorter than its chance: no logarithm is needed
        then = now + exponential(chance) / rate
        if then < taken[other] and then <= until:
            taken[other] = then
            bench.waiting[other] = True
            entries = put_in(bench.todo, entries, (then - start) * given.pace, other)
    return entries


@compiled_in_place
def _earliest(bench: Bench) -> float:
    """Return the hour of the earliest host that waits; inf: none does."""
    earliest = math.inf
    for host in range(bench.taken.size):
        if bench.waiting[host] and bench.taken[host] < earliest:
            earliest = bench.taken[host]
    return earliest


@compiled_in_place
def _fill(given: Contacts, bench: Bench, start: float) -> int:
    """Put in all hosts that wait, the first bucket beginning at `start`; return how many."""
    clear(bench.todo)
    entries = 0
    for host in range(bench.taken.size):
        if bench.waiting[host]:
            after = (bench.taken[host] - start) * given.pace
            entries = put_in(bench.todo, entries, after, host)
    return entries
