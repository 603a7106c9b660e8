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

from wardkeep.foresight.engines.agenda import FIRST, Agenda, agenda, put, take
from wardkeep.foresight.engines.chance import exponential, replica_key, uniform
from wardkeep.foresight.engines.compiled import compiled_in_place
from wardkeep.foresight.engines.graph import Graph, amounts, graph, node_numbers


class Contacts(NamedTuple):
    """Which host infects which at which rate (an hour), and which are infected at 0."""

    graph: Graph
    rates: NDArray[np.float64]
    """The different rates that there are."""
    rate_of: NDArray[np.int32]
    """Which of them each edge has: half the memory of a rate an edge, and that is time."""
    first: NDArray[np.int64]


class Spread(NamedTuple):
    """One row a replica: mergeable by putting rows of other ranges below."""

    infected: NDArray[np.int64]
    last: NDArray[np.float64]
    """Hours to the last infection that was not cut off."""
    curve: NDArray[np.int64]
    """How many hosts were infected at each of the hours asked for."""


class Bench(NamedTuple):
    """What one replica leaves behind; made once and used for all of them."""

    hosts: NDArray[np.void]
    """`taken`, the hour of infection or inf, beside the `name` of each host."""
    todo: Agenda


_HOST = np.dtype([("taken", np.float64), ("name", np.uint64)])


def contacts(
    names: ArrayLike, edges: tuple[ArrayLike, ArrayLike], rates: ArrayLike, first: ArrayLike
) -> Contacts:
    """Return checked contacts; `edges` are sources and targets, each way its own edge.

    Raises UnsoundModelError.
    """
    net, order = graph(names, *edges)
    different, rate_of = np.unique(amounts("rates", rates, len(order)), return_inverse=True)
    return Contacts(
        net,
        different,
        rate_of[order].astype(np.int32),
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
    bench = bench_for(given)
    _spread(given, bench, (seed, replicas.start, until), at, made)
    return made


def infection_hours(
    given: Contacts, seed: int, replica: int, until: float = math.inf
) -> NDArray[np.float64]:
    """Return each host's hour of infection in one replica; inf: never."""
    bench = bench_for(given)
    first_passage(given, bench, np.uint64(replica_key(seed, replica)), until)
    return np.array(bench.hosts["taken"])


def _empty(replicas: int, hours: int) -> Spread:
    return Spread(
        np.zeros(replicas, np.int64),
        np.zeros(replicas, np.float64),
        np.zeros((replicas, hours), np.int64),
    )


def bench_for(given: Contacts) -> Bench:
    """Return room for the replicas of these contacts."""
    hosts = np.zeros(len(given.graph.names), _HOST)
    hosts["name"] = given.graph.names
    return Bench(hosts, agenda(len(given.rate_of) + len(given.first)))


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
        for host in range(bench.hosts.size):
            taken = bench.hosts[host]["taken"]
            if taken < math.inf:
                made.infected[row] += 1
                made.last[row] = max(made.last[row], taken)
                for column in range(hours.size):
                    made.curve[row, column] += taken <= hours[column]


@compiled_in_place
def first_passage(given: Contacts, bench: Bench, key: np.uint64, until: float) -> None:
    """Write each host's hour of infection in the replica of `key` into `bench.hosts`."""
    hosts, todo = bench
    net = given.graph
    for host in range(hosts.size):
        hosts[host]["taken"] = math.inf
    entries = 0
    for host in given.first:
        hosts[host]["taken"] = 0.0
        entries = put(todo, entries, 0.0, host)
    while entries > 0:
        now, host = todo[FIRST]["when"], todo[FIRST]["what"]
        entries = take(todo, entries)
        if now > hosts[host]["taken"]:
            continue  # it was reached by a shorter way after this entry was made
        for edge in range(net.offsets[host], net.offsets[host + 1]):
            other = hosts[net.targets[edge]]
            if other["taken"] <= now:
                continue
            chance = uniform(key, hosts[host]["name"], other["name"], 0)
            then = now + exponential(chance) / given.rates[given.rate_of[edge]]
            if then < other["taken"] and then <= until:
                other["taken"] = then
                entries = put(todo, entries, then, net.targets[edge])
