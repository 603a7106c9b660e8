"""Orders that are found, beside those that are proved."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foresight.restoring.problems import oracle, proved_best, random_problem, sound

from wardkeep.foresight.restoring.plan import usual_steps
from wardkeep.foresight.restoring.problem import RestoreProblem, restore_problem
from wardkeep.foresight.restoring.schedule import scheduled
from wardkeep.foresight.restoring.search import greedy_order, improved_order, turned_order


def test_the_service_with_most_patients_for_an_hour_of_work_comes_first() -> None:
    problem = restore_problem(
        [("directory", 2.0), ("lis", 4.0), ("record", 4.0), ("stock", 1.0)],
        [(), (0,), (0,), ()],
        [(10.0, (1,)), (30.0, (2,)), (1.0, (3,))],
        1,
    )
    assert greedy_order(problem) == [0, 2, 1, 3]


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 5))
def test_a_search_gives_an_order_that_can_be_worked_and_costs_no_more(
    seed: int, servers: int, crews: int
) -> None:
    problem = random_problem(random.Random(seed), servers, 6, crews)
    greedy = greedy_order(problem)
    found = improved_order(problem, greedy, 200, random.Random(1))
    turned = turned_order(problem, found, 50)
    laid = [scheduled(problem, each) for each in (greedy, found, turned)]
    for each in laid:
        sound(problem, each)
    assert sorted(turned) == list(range(servers))
    assert laid[0].cost + 1e-6 >= laid[1].cost >= laid[2].cost


def test_the_same_chance_finds_the_same_order() -> None:
    problem = random_problem(random.Random(5), 60, 10, 4)
    once, again = (
        improved_order(problem, greedy_order(problem), 2_000, random.Random(1))
        for _ in range(2)
    )
    assert once == again


def found(problem: RestoreProblem) -> float:
    """The cost of the order that a plan would have."""
    steps = usual_steps(len(problem.servers))
    order = improved_order(problem, greedy_order(problem), steps, random.Random(1))
    return scheduled(problem, order).cost


@pytest.mark.parametrize(
    ("seed", "servers", "services", "crews"),
    [
        (1, 12, 6, 1),
        (3, 20, 5, 3),
        (5, 30, 5, 4),
        pytest.param(2, 16, 6, 2, marks=pytest.mark.long),
        pytest.param(4, 24, 5, 2, marks=pytest.mark.long),
        pytest.param(6, 30, 6, 1, marks=pytest.mark.long),
    ],
)
def test_up_to_30_servers_the_order_is_the_best_there_is(
    seed: int, servers: int, services: int, crews: int
) -> None:
    problem = random_problem(random.Random(seed), servers, services, crews)
    assert found(problem) == pytest.approx(proved_best(problem), abs=1e-6)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 130))
def test_of_many_small_estates_no_order_is_found_that_is_better(seed: int) -> None:
    chance = random.Random(seed)
    servers, services = chance.randint(3, 30), chance.randint(1, 6)
    problem = random_problem(random.Random(seed), servers, services, chance.randint(1, 4))
    # The same number where CP-SAT proves its best, which it does in time for nearly all.
    best, bound = oracle(problem, 60.0)
    assert bound - 1e-6 <= found(problem) <= best + 1e-6
