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

from wardkeep.foresight.engines.agenda import FIRST, Agenda, agenda, put, take
from wardkeep.foresight.engines.chance import (
    CONSTANT,
    SCALE,
    SHAPE,
    SUCCESS,
    Laws,
    delay,
    least_of,
    replica_key,
    uniform,
)
from wardkeep.foresight.engines.compiled import compiled_in_place
from wardkeep.foresight.engines.graph import Graph, amounts, graph, node_numbers
from wardkeep.foresight.errors import UnsoundModelError

NOBODY = np.uint64(0)
# What a number is drawn for.
_STEP, _ALARM, _DETECTION, _DECISION, _CUT = range(5)
_NODE = 2**32 - 1
# All that an edge looks at of the node at its end, in one line of the processor's cache.
_MARK = np.dtype(
    [
        *(("hours", np.float64), ("name", np.uint64)),
        *(("generation", np.int32), ("needs", np.int32), ("waiting", np.int32)),
        *(("came_from", np.int32), ("alike", np.int32)),
        ("alarm", np.float64),
    ]
)


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
    alike: NDArray[np.int32]
    """How many things that nothing tells apart each node stands for: it is taken with the first
    of them, by which all that the others would give is held as well."""
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


class Trail(NamedTuple):
    """What one replica leaves behind; only the nodes that it touched are ever reset."""

    nodes: NDArray[np.void]
    """Of each node: `hours` at which it was taken, the node it `came_from`; of the replica
    that is its `generation` only, and only if it is not `waiting` for more."""
    line: NDArray[np.int32]
    """The nodes in the order in which they were taken."""
    todo: Agenda
    generation: NDArray[np.int32]


def attack_graph(
    names: ArrayLike,
    edges: tuple[ArrayLike, ArrayLike, ArrayLike],
    laws: ArrayLike,
    gates: tuple[ArrayLike, ArrayLike] | tuple[ArrayLike, ArrayLike, ArrayLike],
    response: tuple[int, int, int],
    ends: tuple[ArrayLike, ArrayLike],
) -> AttackGraph:
    """Return a checked graph.

    `edges`: sources, targets and the row of `laws` of each. `gates`: `needs`, `alarm` and
    `alike` (1 if not said) of each node. `response`: rows of `laws`. `ends`: entry nodes and
    targets. Raises UnsoundModelError.
    """
    net, order = graph(names, edges[0], edges[1])
    count, table = len(net.names), _laws(laws)
    rows = node_numbers("laws of edges", edges[2], len(table))
    if len(rows) != len(order):
        raise UnsoundModelError(f"{len(rows)} laws do not fit {len(order)} edges.")
    needs = _at_least_one("needs", gates[0], count)
    alike = _at_least_one("alike", gates[2], count) if len(gates) > 2 else np.ones(count)  # noqa: PLR2004  # the third
    alarm = amounts("alarm", gates[1], count)
    if (alarm > 1).any():
        raise UnsoundModelError(f"alarm[{int(alarm.argmax())}] is above 1.")
    return AttackGraph(
        net,
        table,
        rows[order].astype(np.int16),
        needs.astype(np.int32),
        alarm,
        alike.astype(np.int32),
        node_numbers("response", response, len(table)),
        node_numbers("entry", ends[0], count),
        node_numbers("targets", ends[1], count),
    )


def attacks(given: AttackGraph, seed: int, replicas: range) -> Attacks:
    """Return the replicas of a range (of step 1)."""
    count, ends = len(replicas), len(given.targets)
    made = Attacks(np.zeros((count, ends)), np.zeros(count), np.zeros(count, np.int64))
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
    while (source := int(left.nodes["came_from"][way[-1]])) != way[-1]:
        way.append(source)
    return way[::-1]


def trail(given: AttackGraph) -> Trail:
    """Return room for the replicas of a graph, at most 2^31 of them."""
    nodes = np.zeros(len(given.graph.names), _MARK)
    nodes["name"], nodes["needs"], nodes["alarm"] = given.graph.names, given.needs, given.alarm
    nodes["alike"] = given.alike
    return Trail(
        nodes,
        np.zeros(len(nodes), np.int32),
        agenda(len(given.law_of) + len(given.entry)),
        np.zeros(1, np.int32),
    )


def _at_least_one(what: str, said: ArrayLike, count: int) -> NDArray[np.int64]:
    numbers = np.asarray(said)
    if numbers.shape != (count,) or (numbers < 1).any():
        raise UnsoundModelError(f"{what} is not one whole number of at least 1 a node.")
    return numbers.astype(np.int64)


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


@compiled_in_place
def _attacks(given: AttackGraph, left: Trail, seed: int, start: int, made: Attacks) -> None:
    for row in range(made.cut.size):
        key = replica_key(seed, start + row)
        made.cut[row], made.taken[row] = compromise(given, left, key)
        for column in range(given.targets.size):
            node = left.nodes[given.targets[column]]
            made.hours[row, column] = math.inf
            if node["generation"] == left.generation[0] and node["waiting"] <= 0:
                made.hours[row, column] = node["hours"]


@compiled_in_place
def compromise(given: AttackGraph, left: Trail, key: np.uint64) -> tuple[float, int]:
    """Run the replica of `key`; return the hour of the cut and how many nodes were taken.

    `left` then tells which, when and from where.
    """
    todo, entries, taken, cut = left.todo, 0, 0, math.inf
    reaction = _reaction(given, key)
    left.generation[0] += 1
    for number in given.entry:
        _freshen(left, number)
        left.nodes[number]["waiting"] = 1
        entries = put(todo, entries, 0.0, (number << 32) | number)
    while entries > 0 and todo[FIRST]["when"] <= cut:
        now, arrival = todo[FIRST]["when"], todo[FIRST]["what"]
        entries = take(todo, entries)
        number, source = arrival & _NODE, arrival >> 32
        node = left.nodes[number]
        node["waiting"] -= 1
        if node["waiting"] != 0:
            continue
        node["hours"], node["came_from"] = now, source
        left.line[taken] = number
        taken += 1
        if node["alarm"] > 0.0:
            noticed = _noticed(given, key, node["name"], node["alarm"])
            cut = min(cut, now + noticed + reaction)
        entries = _go_on(given, left, key, number, (cut, entries))
    return cut, taken


@compiled_in_place
def _go_on(
    given: AttackGraph, left: Trail, key: np.uint64, number: int, so_far: tuple[float, int]
) -> int:
    """Put what a node that was just taken leads to; return how many entries there are."""
    cut, entries = so_far
    net = given.graph
    now, name = left.nodes[number]["hours"], left.nodes[number]["name"]
    for edge in range(net.offsets[number], net.offsets[number + 1]):
        other = _freshen(left, net.targets[edge])
        if other["waiting"] <= 0:
            continue
        then = now + _step(given, key, edge, name, other)
        if then > cut or then == math.inf:
            continue
        if other["needs"] == 1:
            if then >= other["hours"]:
                continue  # an earlier arrival is already on the agenda
            other["hours"] = then
        entries = put(left.todo, entries, then, (number << 32) | net.targets[edge])
    return entries


@compiled_in_place
def _step(
    given: AttackGraph, key: np.uint64, edge: int, name: np.uint64, other: np.void
) -> float:
    law = given.law_of[edge]
    if given.laws[law, SHAPE] == CONSTANT and given.laws[law, SUCCESS] >= 1.0:
        return float(given.laws[law, SCALE])
    chance = uniform(key, name, other["name"], _STEP)
    if other["alike"] > 1:
        chance = least_of(chance, other["alike"])
    return delay(given.laws, law, chance)


@compiled_in_place
def _freshen(left: Trail, number: int) -> np.void:
    """Return a node without what an earlier replica left there."""
    node: np.void = left.nodes[number]
    if node["generation"] != left.generation[0]:
        node["generation"] = left.generation[0]
        node["waiting"] = node["needs"]
        node["hours"] = math.inf
    return node


@compiled_in_place
def _noticed(given: AttackGraph, key: np.uint64, name: np.uint64, alarm: float) -> float:
    """Return the hours until the alarm of a node that was taken is noticed; inf: none is."""
    if uniform(key, name, NOBODY, _ALARM) >= alarm:
        return math.inf
    return delay(given.laws, given.response[0], uniform(key, name, NOBODY, _DETECTION))


@compiled_in_place
def _reaction(given: AttackGraph, key: np.uint64) -> float:
    """Return the hours from notice to cut."""
    decision = delay(given.laws, given.response[1], uniform(key, NOBODY, NOBODY, _DECISION))
    return decision + delay(given.laws, given.response[2], uniform(key, NOBODY, NOBODY, _CUT))
