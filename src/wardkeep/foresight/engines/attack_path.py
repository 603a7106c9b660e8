"""How long an attacker's people need for each step, until somebody cuts them off.

A node is something that can be taken: a host, a foothold in a segment, an account's secret, a
way in. It is taken when `needs` of its edges have arrived: one (OR), all (AND), or k of n. An
edge arrives a delay after the node at its start was taken, or never. All times come from one
pass in the order of time (Knuth: A generalization of Dijkstra's algorithm, Information
Processing Letters 6, 1977): the k-th least of delayed times is a superior function, as minimum
and maximum are.

A node that is taken may raise an alarm. The first alarm to be noticed, and a decision and a cut
after it, end the attack: whatever is later does not happen, and no earlier time changes by it.

What is not held: an attacker with few hands (any number of steps go on at once), and nodes that
are cleaned and taken again.
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from wardkeep.foresight.engines.agenda import Agenda, agenda, put, take
from wardkeep.foresight.engines.chance import (
    CONSTANT,
    SCALE,
    SHAPE,
    SUCCESS,
    Laws,
    delay,
    mixed,
    replica_key,
    uniform,
)
from wardkeep.foresight.engines.compiled import compiled
from wardkeep.foresight.engines.graph import Graph, amounts, graph, node_numbers
from wardkeep.foresight.errors import UnsoundModelError

NOBODY = np.uint64(0)
# What a number is drawn for.
_STEP, _ALARM, _DETECTION, _DECISION, _CUT = range(5)
# Columns of `Trail.marks`.
_GENERATION, _WAITING, CAME_FROM = range(3)
_NODE = 2**32 - 1


class AttackGraph(NamedTuple):
    """What leads to what, how long it takes, and who notices."""

    graph: Graph
    """Two edges between the same two nodes share their chance: put a node between for more."""
    laws: Laws
    law_of: NDArray[np.int16]
    """The law of each edge: a row of `laws`."""
    needs: NDArray[np.int32]
    """How many edges must arrive at each node before it is taken; at least 1."""
    alarm: NDArray[np.float64]
    """The probability that each node raises an alarm when it is taken."""
    response: NDArray[np.int64]
    """Laws of the hours from an alarm to its being noticed, from there to the decision, and
    from there to the cut; the last two are drawn once a replica."""
    entry: NDArray[np.int64]
    """The nodes that are taken at 0."""
    targets: NDArray[np.int64]


class Attacks(NamedTuple):
    """One row a replica; rows of other ranges may be put below."""

    hours: NDArray[np.float64]
    """The hour at which each target was taken; inf: it stands."""
    cut: NDArray[np.float64]
    """The hour at which the attacker was cut off; inf: never."""
    taken: NDArray[np.int64]
    """How many nodes were taken."""
    ways: NDArray[np.uint64]
    """One word for the way by which each target was taken; 0: it stands."""


class Trail(NamedTuple):
    """What one replica leaves behind; only the nodes that it touched are ever reset."""

    marks: NDArray[np.int32]
    """A row a node: generation that wrote it, edges it waits for, the node it came from."""
    hours: NDArray[np.float64]
    ways: NDArray[np.uint64]
    line: NDArray[np.int32]
    """The nodes in the order in which they were taken."""
    todo: Agenda
    generation: NDArray[np.int32]


def attack_graph(
    names: ArrayLike,
    edges: tuple[ArrayLike, ArrayLike, ArrayLike],
    laws: ArrayLike,
    gates: tuple[ArrayLike, ArrayLike],
    response: tuple[int, int, int],
    ends: tuple[ArrayLike, ArrayLike],
) -> AttackGraph:
    """Return a checked graph.

    `edges`: sources, targets and the row of `laws` of each. `gates`: `needs` and `alarm` of
    each node. `response`: rows of `laws`. `ends`: entry nodes and targets. Raises
    UnsoundModelError.
    """
    net, order = graph(names, edges[0], edges[1])
    count, table = len(net.names), _laws(laws)
    rows = node_numbers("laws of edges", edges[2], len(table))
    if len(rows) != len(order):
        raise UnsoundModelError(f"{len(rows)} laws do not fit {len(order)} edges.")
    needs = np.asarray(gates[0])
    if needs.shape != (count,) or (needs < 1).any():
        raise UnsoundModelError("needs is not one whole number of at least 1 a node.")
    alarm = amounts("alarm", gates[1], count)
    if (alarm > 1).any():
        raise UnsoundModelError(f"alarm[{int(alarm.argmax())}] is above 1.")
    return AttackGraph(
        net,
        table,
        rows[order].astype(np.int16),
        needs.astype(np.int32),
        alarm,
        node_numbers("response", response, len(table)),
        node_numbers("entry", ends[0], count),
        node_numbers("targets", ends[1], count),
    )


def attacks(given: AttackGraph, seed: int, replicas: range) -> Attacks:
    """Return the replicas of a range (of step 1)."""
    count, ends = len(replicas), len(given.targets)
    made = Attacks(
        np.zeros((count, ends)),
        np.zeros(count),
        np.zeros(count, np.int64),
        np.zeros((count, ends), np.uint64),
    )
    _attacks(given, trail(given), seed, replicas.start, made)
    return made


def way_to(given: AttackGraph, seed: int, replica: int, target: int) -> list[int]:
    """Return the nodes by which a target was taken in one replica; empty if it stands.

    Of a node that waited for several, the last to arrive is followed.
    """
    left = trail(given)
    taken = compromise(given, left, np.uint64(replica_key(seed, replica)))[1]
    if target not in left.line[:taken]:
        return []
    way = [target]
    while (source := int(left.marks[way[-1], CAME_FROM])) != way[-1]:
        way.append(source)
    return way[::-1]


def frequent_ways(made: Attacks, column: int, most: int = 3) -> list[tuple[int, int]]:
    """Return (how many replicas, row of the first) of the most frequent ways to a target."""
    ways = made.ways[:, column]
    words, rows, counts = np.unique(ways, return_index=True, return_counts=True)
    found = [
        (int(count), int(row))
        for word, row, count in zip(words, rows, counts, strict=True)
        if word != NOBODY
    ]
    return sorted(found, key=lambda each: (-each[0], each[1]))[:most]


def trail(given: AttackGraph) -> Trail:
    """Return room for the replicas of a graph, at most 2^31 of them."""
    count = len(given.graph.names)
    room = len(given.law_of) + len(given.entry)
    return Trail(
        np.zeros((count, 3), np.int32),
        np.zeros(count),
        np.zeros(count, np.uint64),
        np.zeros(count, np.int32),
        agenda(room),
        np.zeros(1, np.int32),
    )


def _laws(laws: ArrayLike) -> Laws:
    table = np.array(laws, np.float64)
    if table.ndim != 2 or table.shape[1] != 4:  # noqa: PLR2004  # shape, scale, spread, success
        raise UnsoundModelError(f"laws has the shape {table.shape}; four columns are needed.")
    if not 0 < len(table) <= np.iinfo(np.int16).max:
        raise UnsoundModelError(f"{len(table)} laws are none or too many.")
    amounts("laws", table.ravel(), table.size)
    if (table[:, SHAPE] > 2).any() or (table[:, SUCCESS] > 1).any():  # noqa: PLR2004  # LOGNORMAL
        raise UnsoundModelError("a law has no known shape, or succeeds more than always.")
    return table


@compiled
def _attacks(given: AttackGraph, left: Trail, seed: int, start: int, made: Attacks) -> None:
    for row in range(made.cut.size):
        key = replica_key(seed, start + row)
        made.cut[row], made.taken[row] = compromise(given, left, key)
        for column in range(given.targets.size):
            node = given.targets[column]
            if _is_taken(left, node):
                made.hours[row, column] = left.hours[node]
                made.ways[row, column] = left.ways[node]
            else:
                made.hours[row, column] = math.inf


@compiled
def compromise(given: AttackGraph, left: Trail, key: np.uint64) -> tuple[float, int]:
    """Run the replica of `key`; return the hour of the cut and how many nodes were taken.

    `left` then tells which, when and from where.
    """
    todo, entries, taken, cut = left.todo, 0, 0, math.inf
    reaction = _reaction(given, key)
    left.generation[0] += 1
    for node in given.entry:
        _freshen(given, left, node)
        left.marks[node, _WAITING] = 1
        entries = put(todo, entries, 0.0, (node << 32) | node)
    while entries > 0 and todo.when[0] <= cut:
        now, arrival = todo.when[0], todo.what[0]
        entries = take(todo, entries)
        node, source = arrival & _NODE, arrival >> 32
        left.marks[node, _WAITING] -= 1
        if left.marks[node, _WAITING] != 0:
            continue
        left.hours[node] = now
        left.marks[node, CAME_FROM] = source
        before = NOBODY if source == node else left.ways[source]
        left.ways[node] = mixed(before ^ given.graph.names[node]) | np.uint64(1)
        left.line[taken] = node
        taken += 1
        cut = min(cut, _noticed(given, key, node, now) + reaction)
        entries = _go_on(given, left, key, node, (cut, entries))
    return cut, taken


@compiled
def _go_on(
    given: AttackGraph, left: Trail, key: np.uint64, node: int, so_far: tuple[float, int]
) -> int:
    """Put what a node that was just taken leads to; return how many entries there are."""
    cut, entries = so_far
    net, now = given.graph, left.hours[node]
    for edge in range(net.offsets[node], net.offsets[node + 1]):
        other = net.targets[edge]
        _freshen(given, left, other)
        if left.marks[other, _WAITING] <= 0:
            continue
        then = now + _step(given, key, node, edge)
        if then > cut or then == math.inf:
            continue
        if given.needs[other] == 1:
            if then >= left.hours[other]:
                continue  # an earlier arrival is already on the agenda
            left.hours[other] = then
        entries = put(left.todo, entries, then, (node << 32) | other)
    return entries


@compiled
def _step(given: AttackGraph, key: np.uint64, node: int, edge: int) -> float:
    law = given.law_of[edge]
    if given.laws[law, SHAPE] == CONSTANT and given.laws[law, SUCCESS] >= 1.0:
        return float(given.laws[law, SCALE])
    names = given.graph.names
    chance = uniform(key, names[node], names[given.graph.targets[edge]], _STEP)
    return delay(given.laws, law, chance)


@compiled
def _freshen(given: AttackGraph, left: Trail, node: int) -> None:
    """Reset what an earlier replica left at a node."""
    if left.marks[node, _GENERATION] != left.generation[0]:
        left.marks[node, _GENERATION] = left.generation[0]
        left.marks[node, _WAITING] = given.needs[node]
        left.hours[node] = math.inf


@compiled
def _is_taken(left: Trail, node: int) -> bool:
    mark = left.marks[node]
    return bool(mark[_GENERATION] == left.generation[0] and mark[_WAITING] <= 0)


@compiled
def _noticed(given: AttackGraph, key: np.uint64, node: int, now: float) -> float:
    """Return the hour at which the alarm of a node that was taken is noticed; inf: none."""
    alarm, name = given.alarm[node], given.graph.names[node]
    if alarm == 0.0 or uniform(key, name, NOBODY, _ALARM) >= alarm:
        return math.inf
    return now + delay(given.laws, given.response[0], uniform(key, name, NOBODY, _DETECTION))


@compiled
def _reaction(given: AttackGraph, key: np.uint64) -> float:
    """Return the hours from notice to cut."""
    decision = delay(given.laws, given.response[1], uniform(key, NOBODY, NOBODY, _DECISION))
    return decision + delay(given.laws, given.response[2], uniform(key, NOBODY, NOBODY, _CUT))
