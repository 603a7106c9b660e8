"""Orders laid on crews."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st
from tests.foresight.restoring.problems import random_problem, sound

from wardkeep.foresight.restoring.problem import in_order, restore_problem
from wardkeep.foresight.restoring.schedule import Timetable, claimed, scheduled


@given(st.integers(0, 2**32), st.integers(1, 40), st.integers(1, 6))
def test_no_server_is_begun_before_what_it_waits_for_nor_two_by_one_crew(
    seed: int, servers: int, crews: int
) -> None:
    chance = random.Random(seed)
    problem = random_problem(chance, servers, 5, crews)
    order = in_order(problem, range(servers), [chance.random() for _ in range(servers)])
    sound(problem, scheduled(problem, order))


def test_a_crew_that_would_wait_longer_is_left_to_who_can_begin() -> None:
    problem = restore_problem(
        [("host", 4.0), ("printer", 1.0), ("on-host", 2.0), ("late", 2.0)],
        [(), (), (0,), ()],
        [(1.0, (2,))],
        2,
    )
    laid = scheduled(problem, [0, 1, 2, 3])
    assert laid.starts == (0.0, 0.0, 4.0, 1.0)
    assert laid.crews == (1, 2, 1, 2)
    assert laid.back == (6.0,)


def test_a_service_is_back_with_its_last_server_and_claims_what_none_before_it_needs() -> None:
    problem = restore_problem(
        [("directory", 2.0), ("lis", 3.0), ("record", 5.0)],
        [(), (0,), (0,)],
        [(1.0, (2,)), (4.0, (1,))],
        1,
    )
    laid = scheduled(problem, [0, 1, 2])
    assert laid.back == (10.0, 5.0)
    assert laid.cost == 1 * 10 + 4 * 5
    assert claimed(problem, laid) == {1: {0, 1}, 0: {2}}


@given(st.integers(0, 2**32))
def test_an_order_changed_from_a_place_on_costs_what_it_costs_laid_anew(seed: int) -> None:
    chance = random.Random(seed)
    problem = random_problem(chance, 20, 5, 3)
    keys = [chance.random() for _ in range(20)]
    table = Timetable(problem, in_order(problem, range(20), keys))
    for _ in range(20):
        keys[chance.randrange(20)] = chance.random()
        order = in_order(problem, range(20), keys)
        differs = [one != other for one, other in zip(order, table.order, strict=True)]
        before = table.order, table.cost
        since = differs.index(True) if True in differs else 0
        if not table.put(order, since, 0.0):
            assert (table.order, table.cost) == before
        assert abs(table.cost - scheduled(problem, table.order).cost) < 1e-6
