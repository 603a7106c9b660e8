import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeep.foresight.engines.attack_path import (
    AttackGraph,
    Attacks,
    attack_graph,
    attacks,
    way_to,
)
from wardkeep.foresight.engines.chance import (
    CONSTANT,
    EXPONENTIAL,
    LOGNORMAL,
    delay,
    replica_key,
    uniform,
)
from wardkeep.foresight.errors import UnsoundModelError

RUNS = 4_000
SURE, HOUR, NEVER = 0, 1, 2
LAWS = [
    (CONSTANT, 0, 0, 1),
    (EXPONENTIAL, 1, 0, 1),
    (CONSTANT, 0, 0, 0),
    (EXPONENTIAL, 2, 0, 0.6),
    (LOGNORMAL, 1, 0.8, 0.9),
    (CONSTANT, 1, 0, 1),
]
Steps = list[tuple[int, int, int]]
NODES = 12
STEPS = st.lists(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), st.integers(0, 5)).filter(
        lambda step: step[0] != step[1]
    ),
    max_size=60,
    unique_by=lambda step: step[:2],
)


def attack(
    steps: Steps,
    needs: list[int],
    laws: list[tuple[float, float, float, float]] = LAWS,
    alarm: dict[int, float] | None = None,
    response: tuple[int, int, int] = (NEVER, NEVER, NEVER),
) -> AttackGraph:
    """Node 0 is the way in; every node is a target."""
    count = len(needs)
    edges = tuple(np.array(steps, int).reshape(-1, 3).T)
    alarms = [(alarm or {}).get(node, 0.0) for node in range(count)]
    return attack_graph(
        range(100, 100 + count), edges, laws, (needs, alarms), response, ([0], range(count))
    )


def by_fixpoint(steps: Steps, needs: list[int], seed: int, replica: int) -> list[float]:
    """The k-th least arrival of every node, applied until nothing changes."""
    key = np.uint64(replica_key(seed, replica))
    table = np.array(LAWS, np.float64)
    arrivals: dict[int, list[tuple[int, float]]] = {node: [] for node in range(len(needs))}
    for a, b, law in steps:
        chance = uniform(key, np.uint64(100 + a), np.uint64(100 + b), 0)
        arrivals[b].append((a, delay(table, law, chance)))
    hours = [math.inf] * len(needs)
    while True:
        now = [0.0]
        for node in range(1, len(needs)):
            at = sorted(hours[a] + wait for a, wait in arrivals[node])
            now.append(at[needs[node] - 1] if len(at) >= needs[node] else math.inf)
        if now == hours:
            return hours
        hours = now


def off(sample: np.ndarray, expected: float) -> float:
    return abs(float(sample.mean()) - expected) / (float(sample.std()) / math.sqrt(len(sample)))


@given(STEPS, st.lists(st.integers(1, 4), min_size=NODES, max_size=NODES), st.integers(0, 99))
def test_one_pass_in_time_gives_what_repeating_every_rule_gives(
    steps: Steps, needs: list[int], seed: int
) -> None:
    found = attacks(attack(steps, needs), seed, range(3))
    for replica in range(3):
        assert found.hours[replica].tolist() == by_fixpoint(steps, needs, seed, replica)
        assert found.taken[replica] == np.isfinite(found.hours[replica]).sum()
    assert (found.cut == math.inf).all()


def test_the_same_over_550_nodes_with_both_kinds_of_gates() -> None:
    chance = np.random.default_rng(5)
    pairs = np.unique(chance.integers(0, 550, (3_000, 2)), axis=0)
    pairs = pairs[pairs[:, 0] != pairs[:, 1]]
    laws = chance.integers(0, 6, len(pairs))
    steps = [(int(a), int(b), int(law)) for (a, b), law in zip(pairs, laws, strict=True)]
    arriving = np.bincount(pairs[:, 1], minlength=550)
    is_and = chance.random(550) < 0.3
    needs = np.where(is_and, np.maximum(arriving, 1), 1).tolist()
    found = attacks(attack(steps, needs), 8, range(12))
    for replica in range(12):
        assert found.hours[replica].tolist() == by_fixpoint(steps, needs, 8, replica)
    assert 20 < found.taken.mean() < 550


def test_any_all_and_two_of_three_have_their_exact_means() -> None:
    steps = [(0, 1, HOUR), (0, 2, HOUR), (0, 3, HOUR)]
    steps += [(node, gate, SURE) for node in (1, 2, 3) for gate in (4, 5, 6)]
    found = attacks(attack(steps, [1, 1, 1, 1, 1, 2, 3]), 1, range(RUNS)).hours
    for gate, exact in ((4, 1 / 3), (5, 1 / 3 + 1 / 2), (6, 1 / 3 + 1 / 2 + 1)):
        assert off(found[:, gate], exact) < 4


def test_steps_that_may_fail_lead_on_as_often_as_all_of_them_succeed() -> None:
    steps = [(node, node + 1, 3) for node in range(4)]
    reached = np.isfinite(attacks(attack(steps, [1] * 5), 2, range(RUNS)).hours[:, 4])
    exact = 0.6**4
    assert abs(reached.mean() - exact) < 4 * math.sqrt(exact * (1 - exact) / RUNS)


def random_links(hosts: int, degree: float, chance: np.random.Generator) -> np.ndarray:
    """Return the links of a net of Erdos and Renyi, each way its own column."""
    pairs = hosts * (hosts - 1) // 2
    drawn = chance.choice(pairs, chance.binomial(pairs, degree / (hosts - 1)), replace=False)
    above, below = np.triu_indices(hosts, 1)
    ends = np.stack([above[drawn], below[drawn]])
    return np.concatenate([ends, ends[::-1]], axis=1)


def test_an_attack_on_a_random_net_takes_its_giant_component_or_dies_out() -> None:
    # Links of mean degree 9.997, each of which carries with probability 0.3125. The share that
    # falls and the probability that many do both solve s = 1 - exp(-c p s): 0.9483.
    hosts, degree, carries, nets = 1_500, 9.997, 0.3125, 150
    share = 0.5
    for _ in range(200):
        share = 1 - math.exp(-degree * carries * share)
    assert share == pytest.approx(0.9483, abs=1e-4)
    chance, none = np.random.default_rng(11), np.zeros(hosts)
    laws = [(EXPONENTIAL, 1, 0, carries), (CONSTANT, 0, 0, 0)]
    taken = np.zeros(nets)
    for seed in range(nets):  # a net, a first host and a replica each: all are independent
        sources, targets = random_links(hosts, degree, chance)
        edges = (sources, targets, np.zeros(len(sources), int))
        net = attack_graph(range(hosts), edges, laws, (none + 1, none), (1, 1, 1), ([0], []))
        taken[seed] = attacks(net, seed, range(1)).taken[0]
    large = taken[taken > hosts / 2]
    assert abs(len(large) / nets - share) < 4 * math.sqrt(share * (1 - share) / nets)
    assert off(large / hosts, share) < 4


def test_an_alarm_that_is_noticed_and_decided_on_ends_all_that_is_later() -> None:
    hour = 5  # a law of exactly one hour
    chain = [(node, node + 1, hour) for node in range(11)]
    watched = attack(chain, [1] * 12, alarm={2: 1.0}, response=(hour, hour, hour))
    found = attacks(watched, 1, range(3))
    assert found.cut.tolist() == [5.0] * 3  # taken at 2, noticed at 3, decided at 4, cut at 5
    assert found.hours[0].tolist() == [0, 1, 2, 3, 4, 5] + [math.inf] * 6
    assert found.taken.tolist() == [6] * 3


def test_an_alarm_is_raised_as_often_as_it_is_said_to_be() -> None:
    watched = attack([], [1], alarm={0: 0.3}, response=(SURE, HOUR, HOUR))
    cut = attacks(watched, 4, range(RUNS)).cut
    raised = np.isfinite(cut)
    assert abs(raised.mean() - 0.3) < 4 * math.sqrt(0.21 / RUNS)
    assert off(cut[raised], 2) < 4


MEASURES = st.lists(
    st.tuples(st.floats(0, 1), st.floats(1, 5)), min_size=len(LAWS), max_size=len(LAWS)
)


@given(STEPS, st.lists(st.integers(1, 3), min_size=NODES, max_size=NODES), MEASURES)
def test_without_detection_a_measure_never_makes_a_replica_worse(
    steps: Steps, needs: list[int], measures: list[tuple[float, float]]
) -> None:
    hardened = [
        (shape, scale * slower, spread, success * fewer)
        for (shape, scale, spread, success), (fewer, slower) in zip(LAWS, measures, strict=True)
    ]
    before = attacks(attack(steps, needs), 3, range(4))
    after = attacks(attack(steps, needs, hardened), 3, range(4))
    assert (after.hours >= before.hours).all()
    assert (after.taken <= before.taken).all()


def test_with_detection_a_measure_may_make_a_replica_worse() -> None:
    # The way in that is watched is closed, and with it goes the alarm.
    hour = 5
    steps = [(0, 1, hour), (0, 2, hour), (2, 3, hour), (3, 4, hour)]
    watched = {"alarm": {1: 1.0}, "response": (SURE, SURE, hour)}
    before = attacks(attack(steps, [1] * 5, **watched), 1, range(1))
    after = attacks(attack(steps[1:], [1] * 5, **watched), 1, range(1))
    assert before.hours[0, 4] == math.inf
    assert after.hours[0, 4] == 3


def test_the_way_of_each_replica_is_that_of_the_first_to_arrive() -> None:
    # Two ways to node 3, one twice as fast.
    steps = [(0, 1, HOUR), (1, 3, SURE), (0, 2, 6), (2, 3, SURE)]
    laws = [*LAWS, (EXPONENTIAL, 2.0, 0, 1)]
    net = attack(steps, [1] * 4, laws)
    ways = Counter(tuple(way_to(net, 5, row, 3)) for row in range(RUNS))
    assert set(ways) == {(0, 1, 3), (0, 2, 3)}
    assert abs(ways[0, 1, 3] / RUNS - 2 / 3) < 4 * math.sqrt(2 / 9 / RUNS)


def test_a_target_that_stands_has_no_way() -> None:
    net = attack([(0, 1, NEVER)], [1, 1])
    assert way_to(net, 1, 0, 1) == []
    assert way_to(net, 1, 0, 0) == [0]


def merged(parts: list[Attacks]) -> Attacks:
    return Attacks(*(np.concatenate(each) for each in zip(*parts, strict=True)))


@settings(max_examples=30)
@given(STEPS, st.integers(0, 20), st.integers(0, 20))
def test_replicas_are_the_same_in_whatever_ranges_they_are_computed(
    steps: Steps, one: int, two: int
) -> None:
    low, high = sorted((one, two))
    net = attack(
        steps, [1, 2] * (NODES // 2), alarm={3: 0.5, 7: 0.5}, response=(HOUR, SURE, HOUR)
    )
    whole = attacks(net, 6, range(20))
    late, middle = attacks(net, 6, range(high, 20)), attacks(net, 6, range(low, high))
    again = merged([attacks(net, 6, range(low)), middle, late])
    assert all((left == right).all() for left, right in zip(whole, again, strict=True))


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"laws": [(CONSTANT, 0, 0, 1.5)]}, "succeeds more than always"),
        ({"laws": [(7, 0, 0, 1)]}, "no known shape"),
        ({"laws": [(CONSTANT, 0, 1)]}, "four columns"),
        ({"laws": []}, "four columns"),
        ({"edges": ([0], [1], [4])}, r"laws of edges\[0\] is 4"),
        ({"edges": ([0], [1], [])}, "0 laws do not fit 1 edges"),
        ({"gates": ([1, 0], [0, 0])}, "at least 1 a node"),
        ({"gates": ([1, 1], [0, 2])}, r"alarm\[1\] is above 1"),
        ({"response": (0, 0, 3)}, r"response\[2\] is 3"),
        ({"ends": ([5], [1])}, r"entry\[0\] is 5"),
    ],
)
def test_an_attack_that_cannot_be_is_refused(change: dict[str, object], words: str) -> None:
    sound = {
        "names": [1, 2],
        "edges": ([0], [1], [0]),
        "laws": [(CONSTANT, 0, 0, 1)],
        "gates": ([1, 1], [0, 0]),
        "response": (0, 0, 0),
        "ends": ([0], [1]),
    }
    assert attacks(attack_graph(**sound), 1, range(1)).taken[0] == 2
    with pytest.raises(UnsoundModelError, match=words):
        attack_graph(**(sound | change))
