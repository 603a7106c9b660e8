from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.engines.returning import Needs, work_again


def needs(*rows: tuple[tuple[int, ...], int]) -> Needs:
    """A row a node: those below it, and how many of them it needs."""
    below = [each for row, _ in rows for each in row]
    return Needs(
        np.cumsum([0, *(len(row) for row, _ in rows)], dtype=np.int64),
        np.array(below, np.int32),
        np.array([wanted for _, wanted in rows], np.int32),
    )


def again(rules: Needs, own: list[float]) -> list[float]:
    hours = np.empty(len(own))
    work_again(rules, np.array(own), hours)
    return hours.tolist()


@pytest.mark.parametrize(("wanted", "hour"), [(1, 2.0), (2, 5.0), (3, 9.0)])
def test_an_application_is_back_with_as_many_servers_as_it_needs(
    wanted: int, hour: float
) -> None:
    rules = needs(((), 0), ((), 0), ((), 0), ((0, 1, 2), wanted))
    assert again(rules, [9.0, 2.0, 5.0, 0.0])[3] == hour


def test_what_was_lost_itself_is_not_back_before_its_own_part() -> None:
    assert again(needs(((), 0), ((0,), 1)), [3.0, 7.0]) == [3.0, 7.0]
    assert again(needs(((), 0), ((0,), 1)), [3.0, float("inf")])[1] == float("inf")


def test_any_order_of_the_nodes_gives_the_same_hours() -> None:
    assert again(needs(((1,), 1), ((2,), 1), ((), 0)), [0.0, 0.0, 4.0]) == [4.0, 4.0, 4.0]


def test_two_that_need_each_other_start_together() -> None:
    assert again(needs(((1,), 1), ((0,), 1)), [2.0, 6.0]) == [6.0, 6.0]


NODES = 7
RULES = st.lists(
    st.tuples(st.lists(st.integers(0, NODES - 1), max_size=4, unique=True), st.integers(0, 4)),
    min_size=NODES,
    max_size=NODES,
)
HOURS = st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0]), min_size=NODES, max_size=NODES)


@given(RULES, HOURS, st.sampled_from([0.0, 0.5, 1.0, 2.5]))
def test_at_each_hour_what_is_back_is_what_can_stand(
    rules: list[tuple[list[int], int]], own: list[float], hour: float
) -> None:
    """Against the falling of what lost too many, over and over."""
    rows = [(tuple(below), min(wanted, len(below))) for below, wanted in rules]
    down = {node for node in range(NODES) if own[node] > hour}
    while more := {
        node
        for node, (below, wanted) in enumerate(rows)
        if node not in down and sum(each not in down for each in below) < wanted
    }:
        down |= more
    hours = again(needs(*rows), own)
    assert {node for node in range(NODES) if hours[node] > hour} == down
