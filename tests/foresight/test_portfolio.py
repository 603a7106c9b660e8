from __future__ import annotations

from itertools import combinations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.measures import Effect, Measure
from wardkeep.foresight.portfolio import (
    MOST_MEASURES,
    MOST_PAIRED,
    Budget,
    best_set,
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
    detonations=0,
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
)


def avoids(hours: float, error: float) -> Effect:
    return msgspec.structs.replace(NOTHING, patient_hours=hours, patient_hours_error=error)


def measure(euros: float, hours: float = 1.0) -> Measure:
    return Measure(id=f"m{euros}", name="M", euros=euros, hours=hours)


def test_two_measures_that_guard_the_same_way_are_not_bought_twice() -> None:
    """Each avoids 100 alone and both together 101; a third avoids 60 on another way."""
    singles, costs = [100.0, 100.0, 60.0], [(10.0, 1.0)] * 3
    pairs = {(0, 1): 101.0, (0, 2): 160.0, (1, 2): 160.0}
    assert best_set(singles, pairs, costs, Budget(euros=20)) == ((0, 2), 160.0)


def test_hours_of_the_own_people_are_a_limit_like_euros() -> None:
    costs = [(1.0, 90.0), (1.0, 20.0)]
    assert best_set([9.0, 5.0], {}, costs, Budget(euros=10, hours=100))[0] == (0,)
    assert best_set([9.0, 5.0], {}, costs, Budget(euros=10, hours=50))[0] == (1,)


def test_of_sets_that_avoid_the_same_the_cheapest_is_named() -> None:
    assert best_set([5.0, 5.0], {(0, 1): 5.0}, [(9.0, 1.0), (3.0, 1.0)], ALL)[0] == (1,)


def test_where_nothing_can_be_paid_nothing_is_named() -> None:
    assert best_set([5.0], {}, [(9.0, 1.0)], Budget(euros=1)) == ((), 0.0)
    assert best_set([], {}, [], ALL) == ((), 0.0)


MONEY = st.integers(1, 9).map(float)


@given(
    st.lists(st.tuples(st.integers(0, 50).map(float), MONEY, MONEY), max_size=6),
    st.dictionaries(
        st.tuples(st.integers(0, 2), st.integers(3, 5)), st.integers(0, 90).map(float)
    ),
    MONEY.map(lambda each: 2 * each),
)
def test_no_set_within_the_budget_is_worth_more(
    given_: list[tuple[float, float, float]],
    pairs: dict[tuple[int, int], float],
    money: float,
) -> None:
    singles = [each[0] for each in given_]
    costs = [each[1:] for each in given_]
    budget = Budget(euros=money, hours=money)
    found, worth = best_set(singles, pairs, costs, budget)
    numbers = range(len(singles))
    every = [each for size in range(len(singles) + 1) for each in combinations(numbers, size)]

    def worth_of(some: tuple[int, ...]) -> float:
        more = sum(
            pairs[each] - singles[each[0]] - singles[each[1]]
            for each in combinations(some, 2)
            if each in pairs
        )
        return sum(singles[each] for each in some) + more

    paid = [
        each
        for each in every
        if sum(costs[n][0] for n in each) <= money and sum(costs[n][1] for n in each) <= money
    ]
    assert worth == pytest.approx(max(map(worth_of, paid)))
    assert worth_of(found) == pytest.approx(worth)


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
