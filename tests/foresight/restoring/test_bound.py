"""What no order can beat."""

from __future__ import annotations

import random
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foresight.restoring.problems import proved_best, random_problem

from wardkeep.foresight.restoring.bound import lower_bound
from wardkeep.foresight.restoring.problem import RestoreProblem, in_order, restore_problem
from wardkeep.foresight.restoring.schedule import scheduled


def cheapest(problem: RestoreProblem) -> float:
    """The least cost of all orders there are."""
    found = []
    for keys in permutations(range(len(problem.servers))):
        order = in_order(problem, range(len(keys)), list(map(float, keys)))
        found.append(scheduled(problem, order).cost)
    return min(found)


@given(st.integers(0, 2**32), st.integers(1, 6), st.integers(1, 3), st.integers(0, 5))
def test_no_order_of_few_servers_is_below_the_bound(
    seed: int, servers: int, crews: int, rounds: int
) -> None:
    problem = random_problem(random.Random(seed), servers, 4, crews, links=0.5)
    assert lower_bound(problem, rounds) <= cheapest(problem)


@given(st.integers(0, 2**32), st.integers(1, 60), st.integers(1, 6))
def test_no_order_by_chance_is_below_the_bound(seed: int, servers: int, crews: int) -> None:
    chance = random.Random(seed)
    problem = random_problem(chance, servers, 8, crews)
    order = in_order(problem, range(servers), [chance.random() for _ in range(servers)])
    assert 0 <= lower_bound(problem, 10) <= scheduled(problem, order).cost


def test_services_that_share_nothing_on_one_crew_are_bounded_by_what_is_best() -> None:
    problem = restore_problem([("a", 3.0), ("b", 1.0)], [(), ()], [(1.0, (0,)), (1.0, (1,))], 1)
    assert lower_bound(problem) == pytest.approx(1 + 4)


def test_with_a_crew_for_each_server_the_longest_chains_are_the_bound() -> None:
    problem = restore_problem(
        [("a", 3.0), ("b", 2.0), ("c", 9.0)], [(), (0,), ()], [(2.0, (1,)), (1.0, (2,))], 9
    )
    assert lower_bound(problem) == pytest.approx(2 * 5 + 9)


@pytest.mark.parametrize("seed", range(3))
def test_the_bound_is_not_above_what_is_proved_to_be_best(seed: int) -> None:
    problem = random_problem(random.Random(seed), 14, 5, 1 + seed % 3)
    assert lower_bound(problem) <= proved_best(problem)


def test_nothing_lost_or_nothing_that_care_needs_costs_nothing() -> None:
    assert lower_bound(restore_problem([], [], [], 4)) == 0
    assert lower_bound(restore_problem([("a", 1.0)], [()], [(0.0, (0,))], 4)) == 0
