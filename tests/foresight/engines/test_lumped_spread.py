import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.foresight.engines.small_studies import complete

from wardkeep.foresight.engines import percolation
from wardkeep.foresight.engines.lumped_spread import (
    Groups,
    LumpedSpread,
    groups,
    in_cells,
    spread,
)
from wardkeep.foresight.errors import UnsoundModelError

RUNS = 4_000
RATES = st.lists(st.floats(0, 3), min_size=9, max_size=9)
EVERYWHERE = np.nonzero(np.ones((3, 3)))


def flat(hosts: int, rate: float = 1, first: int = 1) -> Groups:
    return groups([5], ([0], [0]), [rate], [hosts], [first])


def three(rates: list[float]) -> Groups:
    return groups([4, 5, 6], EVERYWHERE, rates, [7, 5, 9], [1, 0, 0])


def errors_off(sample: np.ndarray, expected: np.ndarray) -> np.ndarray:
    """How many standard errors the mean of each column is away."""
    return np.abs(sample.mean(0) - expected) / (sample.std(0) / math.sqrt(len(sample)))


def birth_chain(hosts: int, rate: float, hour: float) -> np.ndarray:
    """P(k infected at `hour`), exactly: the matrix exponential by uniformisation.

    Jensen: Markoff chains as an aid in the study of Markoff processes, 1953: with steps at a
    rate above all others, the chain is a Poisson number of steps of a stochastic matrix. All
    terms are positive, so nothing cancels.
    """
    counts = np.arange(1, hosts + 1)
    births = rate * counts * (hosts - counts)
    pace = births.max() * 1.01
    now = np.zeros(hosts)
    now[0] = 1.0
    weight, result = -pace * hour, np.zeros(hosts)  # the logarithm of the Poisson weight
    for step in range(int(pace * hour + 12 * math.sqrt(pace * hour) + 40)):
        result += math.exp(weight) * now
        moved = now * births / pace
        now = now - moved
        now[1:] += moved[:-1]
        weight += math.log(pace * hour) - math.log(step + 1)
    return result


def test_one_flat_segment_of_125_follows_the_exact_birth_chain() -> None:
    # A host infects one other an hour; 13 hours of the whole course.
    hours = np.linspace(2, 10, 13)
    found = spread(flat(125, 1 / 124), 1, range(RUNS), hours)
    for place, hour in enumerate(hours):
        exact = birth_chain(125, 1 / 124, float(hour))
        assert exact.sum() == pytest.approx(1, abs=1e-9)
        mean = float(exact @ np.arange(1, 126))
        assert errors_off(found.curve[:, [place]], np.array([mean])) < 4
        # And not the mean alone: the share of replicas in which half the segment has fallen.
        half = float(exact[62:].sum())
        share = (found.curve[:, place] >= 63).mean()
        assert abs(share - half) <= 4 * math.sqrt(half * (1 - half) / RUNS) + 1e-12
    # The logistic curve would say 69.3 at five hours.
    assert float(birth_chain(125, 1 / 124, 5) @ np.arange(1, 126)) == pytest.approx(
        56.1, abs=0.1
    )


@pytest.mark.parametrize("parts", [1, 4])
def test_everybody_reaches_everybody_in_one_group_or_in_four(parts: int) -> None:
    edges = np.nonzero(np.ones((parts, parts)))
    first = [1] + [0] * (parts - 1)
    net = groups(range(parts), edges, np.ones(parts**2), [100 // parts] * parts, first)
    exact = sum(1 / (k * (100 - k)) for k in range(1, 100))
    found = spread(net, parts, range(RUNS))
    assert errors_off(found.last[:, None], np.array([exact])) < 4
    assert (found.infected == 100).all()


def test_groups_spread_as_the_same_hosts_one_by_one() -> None:
    sizes, hours = [7, 5, 9], [0.1, 0.2, 0.4, 0.8]
    rates = np.array([0.5, 0.2, 0, 0.3, 0.8, 0.4, 0, 0.1, 0.6])
    lumped = spread(three(rates.tolist()), 3, range(RUNS), hours)
    group = np.repeat([0, 1, 2], sizes)
    sources, targets = complete(21)
    each = rates.reshape(3, 3)[group[sources], group[targets]]
    explicit = percolation.spread(
        percolation.contacts(range(21), (sources, targets), each, [0]), 4, range(RUNS), hours
    )
    for left, right in ((lumped.curve, explicit.curve), (lumped.curve**2, explicit.curve**2)):
        error = np.sqrt((left.var(0) + right.var(0)) / RUNS)
        assert (np.abs(left.mean(0) - right.mean(0)) < 4 * error).all()
    assert 1 < lumped.curve[:, 0].mean() < lumped.curve[:, 3].mean() < 21


def test_groups_that_share_a_cell_spread_as_each_in_a_cell_of_its_own() -> None:
    """Two kinds of host in one segment, one of them hit half as easily, and a third outside."""
    hours = [0.1, 0.2, 0.4, 0.8]
    ease, sizes = np.array([1.0, 0.5, 1.0]), [7, 5, 9]
    pairs = np.array([[0.6, 0.6, 0.2], [0.6, 0.6, 0.2], [0.3, 0.3, 0.5]]) * ease
    apart = spread(three(pairs.ravel().tolist()), 3, range(RUNS), hours)
    edges = ([0, 0, 1, 1, 2, 2], [0, 1, 0, 1, 0, 1], [0.6, 0.2, 0.6, 0.2, 0.3, 0.5])
    net = in_cells([4, 5, 6], ([0, 0, 1], ease), edges, sizes, [1, 0, 0])
    shared = spread(net, 9, range(RUNS), hours)
    for left, right in ((apart.curve, shared.curve), (apart.curve**2, shared.curve**2)):
        error = np.sqrt((left.var(0) + right.var(0)) / RUNS)
        assert (np.abs(left.mean(0) - right.mean(0)) < 4 * error).all()
    assert (shared.by_group <= sizes).all()


def test_whom_nothing_can_hit_stands_whatever_the_pressure() -> None:
    edges = ([0, 1], [0, 0], [1.0, 1.0])
    net = in_cells([1, 2], ([0, 0], [1.0, 0.0]), edges, [5, 5], [1, 0])
    assert spread(net, 1, range(20)).by_group.tolist() == [[5, 0]] * 20


@given(
    RATES,
    st.lists(st.floats(0, 1), min_size=9, max_size=9),
    st.lists(st.floats(0, 1), min_size=3, max_size=3),
)
def test_less_reach_or_harder_machines_never_cost_a_host_more(
    rates: list[float], factors: list[float], eases: list[float]
) -> None:
    before = three(rates)
    after = three([rate * factor for rate, factor in zip(rates, factors, strict=True)])
    after = after._replace(ease=np.array(eases))
    hours = [0.05, 0.2, 0.8]
    worse, better = (spread(each, 7, range(5), hours, 2.0) for each in (before, after))
    assert (better.curve <= worse.curve).all()
    assert (better.by_group <= worse.by_group).all()


@given(st.floats(0, 1))
def test_a_cut_freezes_what_stands_at_that_hour(until: float) -> None:
    net = three([0.4] * 9)
    whole = spread(net, 8, range(4), [until, 2.0])
    cut = spread(net, 8, range(4), [until, 2.0], until)
    assert (cut.curve == whole.curve[:, [0, 0]]).all()
    assert (cut.infected == whole.curve[:, 0]).all()
    assert (cut.last <= until).all()


def merged(parts: list[LumpedSpread]) -> LumpedSpread:
    return LumpedSpread(*(np.concatenate(each) for each in zip(*parts, strict=True)))


@settings(max_examples=20)
@given(st.integers(0, 20), st.integers(0, 20))
def test_replicas_are_the_same_in_whatever_ranges_they_are_computed(one: int, two: int) -> None:
    low, high = sorted((one, two))
    net = three([0.4] * 9)
    whole = spread(net, 2, range(20), [0.3])
    backwards = [spread(net, 2, part, [0.3]) for part in (range(high, 20), range(low, high))]
    again = merged([spread(net, 2, range(low), [0.3]), *reversed(backwards)])
    assert all((left == right).all() for left, right in zip(whole, again, strict=True))


def test_nobody_infected_leaves_all_standing() -> None:
    found = spread(groups([1, 2], ([0], [1]), [1], [3, 0], [0, 0]), 1, range(3), [1])
    assert found.infected.tolist() == [0, 0, 0]
    assert found.curve.tolist() == [[0], [0], [0]]


@pytest.mark.parametrize(
    ("sizes", "first", "words"),
    [
        ([3, 2], [1, 3], r"first\[1\] is more"),
        ([3, 2.5], [1, 0], r"sizes\[1\] is 2.5"),
        ([3, 3e9], [1, 0], "more than an engine can count"),
        ([3], [1, 0], "shape"),
    ],
)
def test_groups_that_cannot_be_are_refused(
    sizes: list[float], first: list[float], words: str
) -> None:
    with pytest.raises(UnsoundModelError, match=words):
        groups([1, 2], ([0], [1]), [1], sizes, first)


def test_cells_that_do_not_fit_are_refused() -> None:
    edges = ([0], [1], [1.0])
    with pytest.raises(UnsoundModelError, match="1 cells do not fit 2 groups"):
        in_cells([1, 2], ([0], [1, 1]), edges, [1, 1], [0, 0])
    with pytest.raises(UnsoundModelError, match=r"cells\[1\] is 2"):
        in_cells([1, 2], ([0, 2], [1, 1]), edges, [1, 1], [0, 0])
