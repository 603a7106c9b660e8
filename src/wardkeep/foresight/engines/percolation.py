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

from wardkeep.foresight.engines.agenda import Agenda, agenda, put, take
from wardkeep.foresight.engines.chance import exponential, replica_key, uniform
from wardkeep.foresight.engines.compiled import compiled
from wardkeep.foresight.engines.graph import Graph, amounts, graph, node_numbers


class Contacts(NamedTuple):
    """Which host infects which at which rate (an hour), and which are infected at 0."""

    graph: Graph
    rates: NDArray[np.float64]
    first: NDArray[np.int64]


class Spread(NamedTuple):
    """One row a replica: mergeable by putting rows of other ranges below."""

    infected: NDArray[np.int64]
    last: NDArray[np.float64]
    """Hours to the last infection that was not cut off."""
    curve: NDArray[np.int64]
    """How many hosts were infected at each of the hours asked for."""


class _Bench(NamedTuple):
    taken: NDArray[np.float64]
    todo: Agenda


def contacts(
    names: ArrayLike, edges: tuple[ArrayLike, ArrayLike], rates: ArrayLike, first: ArrayLike
) -> Contacts:
    """Return checked contacts; `edges` are sources and targets, each way its own edge.

    Raises UnsoundModelError.
    """
    net, order = graph(names, *edges)
    return Contacts(
        net,
        amounts("rates", rates, len(order))[order],
        node_numbers("first", first, len(net.names)),
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
    bench = _bench(given)
    _spread(given, bench, (seed, replicas.start, until), at, made)
    return made


def infection_hours(
    given: Contacts, seed: int, replica: int, until: float = math.inf
) -> NDArray[np.float64]:
    """Return each host's hour of infection in one replica; inf: never."""
    bench = _bench(given)
    first_passage(given, bench, np.uint64(replica_key(seed, replica)), until)
    return bench.taken


def _empty(replicas: int, hours: int) -> Spread:
    return Spread(
        np.zeros(replicas, np.int64),
        np.zeros(replicas, np.float64),
        np.zeros((replicas, hours), np.int64),
    )


def _bench(given: Contacts) -> _Bench:
    room = len(given.rates) + len(given.first)
    return _Bench(np.empty(len(given.graph.names)), agenda(room))


@compiled
def _spread(
    given: Contacts,
    bench: _Bench,
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
                made.curve[row, np.searchsorted(hours, taken) :] += 1


@compiled
def first_passage(given: Contacts, bench: _Bench, key: np.uint64, until: float) -> None:
    """Fill `bench.taken` with each host's hour of infection in the replica of `key`."""
    taken, todo = bench
    net = given.graph
    taken[:] = math.inf
    entries = 0
    for host in given.first:
        taken[host] = 0.0
        entries = put(todo, entries, 0.0, host)
    while entries > 0:
        now, host = todo.when[0], todo.what[0]
        entries = take(todo, entries)
        if now > taken[host]:
            continue  # it was reached by a shorter way after this entry was made
        for edge in range(net.offsets[host], net.offsets[host + 1]):
            other = net.targets[edge]
            if taken[other] <= now:
                continue
            chance = uniform(key, net.names[host], net.names[other], 0)
            then = now + exponential(chance) / given.rates[edge]
            if then < taken[other] and then <= until:
                taken[other] = then
                entries = put(todo, entries, then, other)
