"""What is to be scheduled."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.foresight.restoring.problems import random_problem

from wardkeep.foresight.restoring.errors import RestoreCycleError
from wardkeep.foresight.restoring.problem import closed, in_order, restore_problem


def test_a_service_needs_all_that_its_servers_wait_for_and_ends_with_the_last_of_them() -> None:
    problem = restore_problem(
        [("hv", 4.0), ("ad", 6.0), ("lis", 3.0), ("other", 1.0)],
        [(), (0,), (1, 1), (0,)],
        [(2.0, (2,))],
        1,
    )
    assert problem.goals[0].needs == {0, 1, 2}
    assert problem.last == ((2,),)
    assert problem.before[2] == (1,)
    assert problem.after[0] == (1, 3)
    assert problem.chain == (13.0, 9.0, 3.0, 1.0)
    assert problem.work({0, 2}) == 7.0


@pytest.mark.parametrize(
    ("before", "circle"),
    [
        ([(0,), ()], "a after a"),
        ([(1,), (0,)], "a after b after a"),
        ([(), (0, 2), (1,)], "b after c after b"),
    ],
)
def test_servers_that_wait_for_themselves_are_named(
    before: list[tuple[int, ...]], circle: str
) -> None:
    names = [(name, 1.0) for name in "abc"[: len(before)]]
    with pytest.raises(RestoreCycleError, match=f"restored first: {circle}$"):
        restore_problem(names, before, [], 1)


@given(st.integers(0, 2**32), st.integers(1, 30))
def test_an_order_holds_every_server_once_and_none_before_what_it_waits_for(
    seed: int, servers: int
) -> None:
    chance = random.Random(seed)
    problem = random_problem(chance, servers, 3, 2)
    some = closed(problem.before, chance.sample(range(servers), max(1, servers // 2)))
    order = in_order(problem, some, [chance.random() for _ in range(servers)])
    assert sorted(order) == sorted(some)
    place = {server: number for number, server in enumerate(order)}
    assert all(
        place[each] < place[server] for server in order for each in problem.before[server]
    )
