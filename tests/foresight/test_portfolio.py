from __future__ import annotations

import math
from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.measures import Effect, Measure
from wardkeep.foresight.portfolio import (
    MOST_MEASURES,
    MOST_PAIRED,
    MOST_SETS,
    Budget,
    best_sets,
    candidates,
    pairs_to_draw,
)

ALL = Budget(euros=1e9)
NOTHING = Effect(
    measure="m",
    name="M",
    cost=0,
    hours=0,
    changed=1,
    replicas=100,
    counted=True,
    detonations=0,
    detonations_error=0,
    patients=0,
    patients_error=0,
    late=0,
    late_error=0,
    patient_hours=0,
    patient_hours_error=0,
    euros=0,
    euros_error=0,
    worse=0,
    euros_a_patient_hour=None,
    euros_a_patient_hour_least=None,
    euros_a_patient_hour_most=None,
)


def avoids(hours: float, error: float) -> Effect:
    return msgspec.structs.replace(NOTHING, patient_hours=hours, patient_hours_error=error)


def measure(euros: float, hours: float = 1.0) -> Measure:
    return Measure(id=f"m{euros}", name="M", euros=euros, hours=hours)


def test_two_measures_that_guard_the_same_way_are_not_bought_twice() -> None:
    """Two leave half each and both together no less; a third leaves 0.7 on another way."""
    left, costs = [0.5, 0.5, 0.7], [(10.0, 1.0)] * 3
    best = best_sets(left, {(0, 1): 0.5, (0, 2): 0.35}, costs, Budget(euros=20))
    assert best[0] == ((0, 2), pytest.approx(0.35))
    assert best[1] == ((1, 2), pytest.approx(0.35))


def test_what_one_measure_leaves_is_all_that_another_can_meet() -> None:
    assert best_sets([0.4, 0.5], {}, [(1.0, 1.0)] * 2, ALL)[0] == ((0, 1), pytest.approx(0.2))


def test_hours_of_the_own_people_are_a_limit_like_euros() -> None:
    costs = [(1.0, 90.0), (1.0, 20.0)]
    assert best_sets([0.1, 0.5], {}, costs, Budget(euros=10, hours=100))[0][0] == (0,)
    assert best_sets([0.1, 0.5], {}, costs, Budget(euros=10, hours=50))[0][0] == (1,)


def test_of_sets_that_leave_the_same_the_cheapest_is_first() -> None:
    best = best_sets([0.5, 0.5], {(0, 1): 0.5}, [(9.0, 1.0), (3.0, 1.0)], ALL)
    assert [each[0] for each in best] == [(1,), (0,), (0, 1), ()]


def test_sums_that_differ_behind_the_comma_alone_are_alike_and_the_cheaper_is_first() -> None:
    """0.437 twice and 0.437 once with its pair: the logarithms do not cancel exactly."""
    best = best_sets([0.437, 0.437], {(0, 1): 0.437}, [(50.0, 1.0), (30.0, 1.0)], ALL)
    assert [each[0] for each in best[:3]] == [(1,), (0,), (0, 1)]


def test_where_nothing_can_be_paid_nothing_is_named() -> None:
    assert best_sets([0.5], {}, [(9.0, 1.0)], Budget(euros=1)) == [((), 1.0)]
    assert best_sets([], {}, [], ALL) == [((), 1.0)]


def test_a_measure_that_leaves_nothing_does_not_end_the_search() -> None:
    assert best_sets([0.0, 0.9], {}, [(1.0, 1.0)] * 2, Budget(euros=1))[0][0] == (0,)


MONEY = st.integers(1, 9).map(float)
SHARE = st.integers(1, 99).map(lambda each: each / 100)


@given(
    st.lists(st.tuples(SHARE, MONEY, MONEY), max_size=6),
    st.dictionaries(st.tuples(st.integers(0, 2), st.integers(3, 5)), SHARE),
    MONEY.map(lambda each: 2 * each),
)
def test_no_set_within_the_budget_leaves_less(
    given_: list[tuple[float, float, float]],
    pairs: dict[tuple[int, int], float],
    money: float,
) -> None:
    left = [each[0] for each in given_]
    costs = [each[1:] for each in given_]
    found = best_sets(left, pairs, costs, Budget(euros=money, hours=money))
    numbers = range(len(left))

    def leaves(some: tuple[int, ...]) -> float:
        told = math.prod(left[each] for each in some)
        for one, other in combinations(some, 2):
            told *= pairs.get((one, other), left[one] * left[other]) / left[one] / left[other]
        return told

    paid = [
        each
        for size in range(len(left) + 1)
        for each in combinations(numbers, size)
        if sum(costs[n][0] for n in each) <= money and sum(costs[n][1] for n in each) <= money
    ]
    assert [each[1] for each in found] == pytest.approx(sorted(map(leaves, paid))[:MOST_SETS])
    assert all(leaves(some) == pytest.approx(share) for some, share in found)


def test_only_what_surely_helps_and_can_be_paid_is_looked_at() -> None:
    measures = [measure(5), measure(50), measure(5), measure(5, hours=99)]
    effects = [avoids(10, 3), avoids(90, 3), avoids(2, 3), avoids(90, 3)]
    assert candidates(measures, effects, Budget(euros=20, hours=40)) == (0,)
    assert candidates(measures, effects, ALL) == (1, 3, 0)


def test_of_many_measures_the_foremost_are_paired() -> None:
    measures = [measure(1)] * 40
    places = candidates(measures, [avoids(9, 1)] * 40, ALL)
    assert len(places) == MOST_MEASURES
    pairs = pairs_to_draw(places, measures, ALL)
    assert len(pairs) == MOST_PAIRED * (MOST_PAIRED - 1) // 2
    assert pairs_to_draw(places, measures, Budget(euros=1)) == ()
