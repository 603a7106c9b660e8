import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.engines.graph import amounts, graph, node_numbers, whole_amounts
from wardkeep.foresight.errors import UnsoundModelError

EDGES = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=30)


@given(EDGES)
def test_every_edge_leaves_where_it_started_and_says_where_it_stood(
    edges: list[tuple[int, int]],
) -> None:
    sources, targets = [a for a, _ in edges], [b for _, b in edges]
    net, order = graph(range(10, 17), sources, targets)
    found = [
        (node, int(net.targets[place]), int(order[place]))
        for node in range(7)
        for place in range(net.offsets[node], net.offsets[node + 1])
    ]
    assert sorted(found, key=lambda each: each[2]) == [
        (a, b, place) for place, (a, b) in enumerate(edges)
    ]


@pytest.mark.parametrize(
    ("names", "sources", "targets", "words"),
    [
        ([1, 2], [0, 2], [1, 1], r"sources\[1\] is 2, and there are 2 nodes"),
        ([1, 2], [0], [-1], r"targets\[0\] is -1"),
        ([1, 2], [0, 1], [1], "2 sources do not fit 1 targets"),
        ([1, 1], [0], [1], "same name"),
        ([1.5, 2], [0], [1], "whole numbers"),
        ([1, 2], [0.0], [1], "sources is not one row of whole numbers"),
    ],
)
def test_edges_that_lead_nowhere_are_named_before_anything_runs(
    names: list[float], sources: list[int], targets: list[int], words: str
) -> None:
    with pytest.raises(UnsoundModelError, match=words):
        graph(names, sources, targets)


def test_amounts_that_cannot_be_are_named_with_their_place() -> None:
    with pytest.raises(UnsoundModelError, match=r"rates\[1\] is nan"):
        amounts("rates", [1, np.nan], 2)
    with pytest.raises(UnsoundModelError, match=r"rates\[0\] is -1"):
        amounts("rates", [-1, 1], 2)
    with pytest.raises(UnsoundModelError, match="shape"):
        amounts("rates", [1], 2)
    with pytest.raises(UnsoundModelError, match=r"sizes\[1\] is 2.5"):
        whole_amounts("sizes", [1, 2.5], 2)


def test_no_edges_are_no_fault() -> None:
    net, order = graph([4, 5, 6], [], [])
    assert net.offsets.tolist() == [0, 0, 0, 0]
    assert len(order) == 0
    assert node_numbers("first", [], 3).tolist() == []
