import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.foresight.engines.small_studies import chain, complete

from wardkeep.foresight.engines.chance import exponential, replica_key, uniform
from wardkeep.foresight.engines.percolation import (
    Contacts,
    bench_for,
    contacts,
    first_passage,
    infection_hours,
    spread,
)
from wardkeep.foresight.errors import UnsoundModelError

RUNS = 4_000
EDGES = st.lists(
    st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda edge: edge[0] != edge[1]),
    max_size=40,
    unique=True,
)


def net(edges: tuple[np.ndarray, np.ndarray], hosts: int, rate: float = 1) -> Contacts:
    return contacts(range(hosts), edges, np.full(len(edges[0]), rate), [0])


def off(sample: np.ndarray, expected: float) -> float:
    """How many standard errors a sample's mean is away."""
    return abs(float(sample.mean()) - expected) / (float(sample.std()) / math.sqrt(len(sample)))


def test_everybody_reaches_everybody_the_last_falls_when_the_sum_of_waits_says() -> None:
    exact = sum(1 / (k * (100 - k)) for k in range(1, 100))
    assert exact == pytest.approx(0.10355, abs=1e-5)
    found = spread(net(complete(100), 100), 1, range(RUNS))
    assert off(found.last, exact) < 4
    assert (found.infected == 100).all()


def test_down_a_chain_the_waits_add_up() -> None:
    last = spread(net(chain(50), 50), 2, range(RUNS)).last
    assert off(last, 49) < 4
    # The variance of a gamma variable of 49 steps is 49; that of its estimate from the fourth
    # moment, 3 * 49^2 + 6 * 49.
    error = math.sqrt((3 * 49**2 + 6 * 49 - 49**2) / RUNS)
    assert abs(last.var() - 49) < 4 * error


def test_from_the_middle_of_a_star_the_last_of_199_falls_at_their_harmonic_sum() -> None:
    star = (np.zeros(199, int), np.arange(1, 200))
    exact = sum(1 / k for k in range(1, 200))
    assert exact == pytest.approx(5.873, abs=1e-3)
    assert off(spread(net(star, 200), 3, range(RUNS)).last, exact) < 4


def test_a_rate_twice_as_high_halves_every_hour() -> None:
    slow = infection_hours(net(complete(30), 30), 4, 0)
    fast = infection_hours(net(complete(30), 30, rate=2), 4, 0)
    assert np.allclose(slow, 2 * fast)


@given(EDGES, st.integers(0, 2**31))
def test_a_host_falls_at_the_end_of_its_shortest_way(
    edges: list[tuple[int, int]], seed: int
) -> None:
    key = np.uint64(replica_key(seed, 3))
    words = [np.uint64(n) for n in range(10)]
    lengths = {(a, b): exponential(uniform(key, words[a], words[b], 0)) for a, b in edges}
    expected = [0.0] + [math.inf] * 9
    for _ in range(10):  # Bellman and Ford: relax everything as often as there are hosts
        for (a, b), length in lengths.items():
            expected[b] = min(expected[b], expected[a] + length)
    sources, targets = np.array(edges, int).reshape(-1, 2).T
    given_net = net((sources, targets), 10)
    assert infection_hours(given_net, seed, 3).tolist() == pytest.approx(expected)


@given(EDGES, st.data())
def test_a_cut_link_or_a_slower_one_never_makes_a_host_fall_earlier(
    edges: list[tuple[int, int]], data: st.DataObject
) -> None:
    rates = np.array([data.draw(st.floats(0.1, 5)) for _ in edges])
    slower = np.array([data.draw(st.sampled_from([0.0, 0.5, 1.0])) for _ in edges])
    sources, targets = np.array(edges, int).reshape(-1, 2).T
    kept = np.flatnonzero(slower > 0)
    before = contacts(range(10), (sources, targets), rates, [0])
    after = contacts(range(10), (sources[kept], targets[kept]), (rates * slower)[kept], [0])
    assert (infection_hours(after, 9, 0) >= infection_hours(before, 9, 0)).all()


@given(EDGES, st.sampled_from([1e-3, 0.3, 40.0, 1e6]), st.integers(0, 3))
def test_how_time_is_cut_into_buckets_and_how_much_room_there_is_changes_no_hour(
    edges: list[tuple[int, int]], pace: float, spare: int
) -> None:
    sources, targets = np.array(edges, int).reshape(-1, 2).T
    rates = 10.0 ** -(np.arange(len(edges)) % 7)
    usual = contacts(range(10), (sources, targets), rates, [0, 4])
    bench = bench_for(usual)
    # Room for all hosts and the contacts of one: what more there is must be put in anew.
    room = 10 + int(np.bincount(sources, minlength=1).max()) + spare
    bench = bench._replace(todo=bench.todo._replace(entries=bench.todo.entries[:room]))
    first_passage(usual._replace(pace=pace), bench, np.uint64(replica_key(5, 1)), math.inf)
    assert (bench.taken == infection_hours(usual, 5, 1)).all()


def test_who_is_cut_off_stands_and_nobody_else_changes() -> None:
    whole = infection_hours(net(complete(40), 40), 6, 0)
    cut = infection_hours(net(complete(40), 40), 6, 0, until=0.1)
    assert cut.tolist() == [hour if hour <= 0.1 else math.inf for hour in whole]
    found = spread(net(complete(40), 40), 6, range(1), [0.05, 0.1, 9], 0.1)
    counts = [int((whole <= hour).sum()) for hour in (0.05, 0.1, 0.1)]
    assert found.curve[0].tolist() == counts
    assert found.infected[0] == counts[1] < 40


@settings(max_examples=20)
@given(st.integers(0, 30), st.integers(0, 30))
def test_replicas_are_the_same_in_whatever_ranges_they_are_computed(one: int, two: int) -> None:
    first, second = sorted((one, two))
    given_net = net(complete(8), 8)
    whole = spread(given_net, 11, range(30), [0.1, 0.5])
    parts = [range(second, 30), range(first), range(first, second)]  # in another order
    last, start, middle = (spread(given_net, 11, part, [0.1, 0.5]) for part in parts)
    for name in whole._fields:
        merged = np.concatenate([getattr(each, name) for each in (start, middle, last)])
        assert (merged == getattr(whole, name)).all()


def test_contacts_that_contradict_each_other_are_refused() -> None:
    with pytest.raises(UnsoundModelError, match=r"rates\[0\] is -1"):
        contacts([1, 2], ([0], [1]), [-1], [0])
    with pytest.raises(UnsoundModelError, match=r"first\[0\] is 2"):
        contacts([1, 2], ([0], [1]), [1], [2])
