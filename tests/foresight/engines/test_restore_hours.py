from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.engines.restore_hours import Jobs, restore


def jobs(
    *rows: tuple[float, tuple[int, ...]], held: Sequence[tuple[int, ...]] | None = None
) -> Jobs:
    """Hours of each job, which jobs come before it, and who holds its copies, a node each."""
    before = [each for _, waits in rows for each in waits]
    holders = held or [()] * len(rows)
    return Jobs(
        np.arange(len(rows), dtype=np.int32),
        np.array([hours for hours, _ in rows], np.float64),
        np.cumsum([0, *(len(waits) for _, waits in rows)], dtype=np.int64),
        np.array(before, np.int32),
        np.cumsum([0, *map(len, holders)], dtype=np.int64),
        np.array([each for row in holders for each in row], np.int32),
    )


def done(all_of: Jobs, lost: list[float], crews: int, begins: float = 0.0) -> list[float]:
    own = np.zeros(len(lost))
    restore(all_of, np.array(lost), crews, begins, own)
    return own.tolist()


def test_one_crew_restores_one_after_the_other_from_when_it_begins() -> None:
    assert done(jobs((2.0, ()), (3.0, ())), [1.0, 1.0], 1, begins=10.0) == [12.0, 15.0]


def test_two_crews_work_beside_each_other_and_wait_for_what_comes_first() -> None:
    assert done(jobs((4.0, ()), (1.0, ()), (1.0, (0, 1))), [1.0] * 3, 2) == [4.0, 1.0, 5.0]


def test_what_stands_takes_no_time_and_nobody_waits_for_it() -> None:
    assert done(jobs((4.0, ()), (1.0, (0,))), [0.0, 1.0], 1) == [0.0, 1.0]


def test_without_its_copy_a_server_takes_a_multiple_of_its_hours() -> None:
    assert done(jobs((2.0, ())), [4.0], 1) == [8.0]


def test_of_several_copies_that_is_read_which_can_be_read_first_in_this_attack() -> None:
    house = jobs((5.0, ()), (2.0, ()), (1.0, ()), held=[(), (), (0, 1)])
    assert done(house, [1.0, 1.0, 1.0], 3) == [5.0, 2.0, 3.0]
    assert done(house, [1.0, 0.0, 1.0], 3) == [5.0, 0.0, 1.0]
    assert done(house, [0.0, 1.0, 1.0], 3) == [0.0, 2.0, 1.0]


def test_a_copy_on_what_is_restored_later_is_not_waited_for_where_another_is_there() -> None:
    house = jobs((2.0, ()), (1.0, ()), (9.0, ()), held=[(), (0, 2), ()])
    assert done(house, [1.0, 1.0, 1.0], 1) == [2.0, 3.0, 12.0]
    assert done(house, [1.0, 1.0, 0.0], 2) == [2.0, 1.0, 0.0]


@given(
    st.lists(st.tuples(st.floats(0.1, 9.0), st.sets(st.integers(0, 9))), max_size=10),
    st.integers(1, 4),
)
def test_crews_and_forerunners_are_never_broken(
    rows: list[tuple[float, set[int]]], crews: int
) -> None:
    plan = jobs(
        *(
            (hours, tuple(w for w in waits if w < job))
            for job, (hours, waits) in enumerate(rows)
        )
    )
    ends = done(plan, [1.0] * len(rows), crews)
    starts = [end - hours for end, (hours, _) in zip(ends, rows, strict=True)]
    for job, (_, waits) in enumerate(rows):
        assert all(starts[job] >= ends[wait] - 1e-9 for wait in waits if wait < job)
        at_once = sum(
            s <= starts[job] + 1e-9 < e - 1e-9 for s, e in zip(starts, ends, strict=True)
        )
        assert at_once <= crews
    assert sum(hours for hours, _ in rows) <= crews * max(ends, default=0.0) + 1e-6
