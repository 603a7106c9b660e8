from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.engines.care_lost import WEEK, Care, lost_care, mode_at, summed_up

DEGRADED, PAPER, CLOSED = 1, 2, 4
FOR_EVER = float("inf")


def care(
    needs: list[tuple[int, int]],
    fallbacks: list[tuple[int, tuple[float, ...]]],
    volume: list[float] | None = None,
) -> Care:
    """One service: (node, mode without) a need, (node, row) a fallback."""
    return Care(
        need_offsets=np.array([0, len(needs)]),
        need_nodes=np.array([node for node, _ in needs], np.int32),
        without=np.array([mode for _, mode in needs], np.int32),
        fallback_offsets=np.array([0, len(fallbacks)]),
        fallback_nodes=np.array([node for node, _ in fallbacks], np.int32),
        fallbacks=np.array([row for _, row in fallbacks], np.float64).reshape(-1, 5),
        volume=(by_hour := np.array([volume or [10.0] * WEEK])),
        summed=summed_up(by_hour),
        mode_shares=np.array([1.0, 0.7, 0.5, 0.0, 0.0]),
    )


def test_a_service_that_closes_for_ten_hours_loses_ten_hours_of_patients() -> None:
    lost = lost_care(care([(0, CLOSED)], []), np.array([10.0]), 0.0, 48.0)
    assert lost.hours.tolist() == [[38.0, 0.0, 0.0, 0.0, 10.0]]
    assert lost.patients.tolist() == [100.0]


def test_a_fallback_starts_late_holds_and_wears_off() -> None:
    """Closed for 2 h, on paper at 80 % for 6 h, then at 40 % until the system is back at 10."""
    paper = (0, (PAPER, 2.0, 0.8, 6.0, 0.4))
    rules = care([(1, CLOSED)], [paper])
    lost = lost_care(rules, np.array([0.0, 10.0]), 0.0, 24.0)
    assert lost.hours.tolist() == [[14.0, 0.0, 8.0, 0.0, 2.0]]
    assert lost.patients[0] == pytest.approx(10 * (2 * 1.0 + 6 * 0.2 + 2 * 0.6))


def test_a_fallback_that_lost_what_it_needs_helps_when_that_is_back() -> None:
    paper = (0, (PAPER, 0.0, 0.8, FOR_EVER, 0.8))
    lost = lost_care(care([(1, CLOSED)], [paper]), np.array([4.0, 10.0]), 0.0, 10.0)
    assert lost.hours.tolist() == [[0.0, 0.0, 6.0, 0.0, 4.0]]


def test_a_fallback_of_the_same_mode_says_with_which_share_it_works() -> None:
    """A laboratory without its system works on paper at 40 %, not at what is usual of paper."""
    paper = (0, (PAPER, 0.0, 0.4, FOR_EVER, 0.4))
    assert mode_at(care([(1, PAPER)], [paper]), np.array([0.0, 9.0]), 0, 1.0) == (PAPER, 0.4)


def test_a_fallback_worse_than_the_loss_is_not_used() -> None:
    paper = (0, (PAPER, 0.0, 0.8, FOR_EVER, 0.8))
    assert mode_at(care([(1, DEGRADED)], [paper]), np.array([0.0, 9.0]), 0, 1.0) == (1, 0.7)


def test_patients_are_those_of_the_hours_of_the_week_that_were_lost() -> None:
    volume = [0.0] * WEEK
    volume[24] = 7.0  # Tuesday, 00:00 to 01:00
    rules = care([(0, CLOSED)], [], volume)
    assert lost_care(rules, np.array([1.0]), 24.0, 1.0).patients[0] == 7.0
    assert lost_care(rules, np.array([1.0]), 24.5, 1.0).patients[0] == 3.5
    assert lost_care(rules, np.array([1.0]), 25.0, 1.0).patients[0] == 0.0
    assert lost_care(rules, np.array([900.0]), 0.0, 2 * WEEK).patients[0] == 14.0


ROW = st.tuples(
    st.integers(1, 4),
    st.sampled_from([0.0, 1.5, 4.0]),
    st.sampled_from([0.2, 0.9]),
    st.sampled_from([2.0, 5.0, FOR_EVER]),
    st.sampled_from([0.1, 0.9]),
)


@given(
    st.lists(st.tuples(st.integers(0, 4), st.integers(1, 4)), max_size=4),
    st.lists(st.tuples(st.integers(0, 4), ROW), max_size=3),
    st.lists(st.sampled_from([0.0, 2.0, 3.5, 30.0, FOR_EVER]), min_size=5, max_size=5),
)
def test_the_sums_are_those_of_looking_at_every_half_hour(
    needs: list[tuple[int, int]],
    fallbacks: list[tuple[int, tuple[float, ...]]],
    again: list[float],
) -> None:
    """All hours of the cases lie on half hours, so that looking between them misses nothing."""
    rules, back = care(needs, fallbacks), np.array(again)
    lost = lost_care(rules, back, 0.0, 20.0)
    hours, patients = [0.0] * 5, 0.0
    for half in range(40):
        mode, share = mode_at(rules, back, 0, half / 2)
        hours[mode] += 0.5
        patients += (1 - share) * 5.0
    assert lost.hours[0].tolist() == pytest.approx(hours)
    assert lost.patients[0] == pytest.approx(patients)


@given(
    st.lists(st.sampled_from([0.0, 2.0, 30.0]), min_size=3, max_size=3),
    st.lists(st.sampled_from([0.0, 1.0, 9.0]), min_size=3, max_size=3),
)
def test_what_is_back_later_never_loses_fewer_patients(
    again: list[float], delay: list[float]
) -> None:
    """Where a fallback treats no more than the better modes do; else worse may treat more."""
    rules = care([(0, CLOSED), (1, DEGRADED)], [(2, (PAPER, 1.0, 0.6, FOR_EVER, 0.6))])
    sooner, later = np.array(again), np.array(again) + np.array(delay)
    less = lost_care(rules, sooner, 0.0, 40.0).patients[0]
    assert less <= lost_care(rules, later, 0.0, 40.0).patients[0] + 1e-9


def test_who_was_due_more_than_a_day_before_full_work_is_late_and_all_wait_until_then() -> None:
    """On paper for 34 h, 5 an hour left: those of the first ten hours wait over a day."""
    half = lost_care(care([(0, PAPER)], []), np.array([34.0]), 50.0, 400.0)
    assert half.late[0] == pytest.approx(50)
    assert half.elsewhere[0] == 0.0
    lost = lost_care(care([(0, CLOSED)], []), np.array([34.0]), 50.0, 400.0)
    assert lost.full_again.tolist() == [34.0]
    assert lost.patients[0] == pytest.approx(340)
    assert lost.late[0] == pytest.approx(340), "who went elsewhere was not treated here at all"
    assert lost.waited[0] == pytest.approx(340 * 17)


def test_a_service_that_never_stopped_is_in_full_from_the_first_hour() -> None:
    lost = lost_care(care([(0, CLOSED)], []), np.array([0.0]), 50.0, 400.0)
    assert lost.full_again.tolist() == lost.waited.tolist() == lost.late.tolist() == [0.0]


@given(
    st.lists(st.sampled_from([0.0, 1.0, 6.0]), min_size=WEEK, max_size=WEEK),
    st.floats(0, WEEK - 1),
    st.floats(0, 3 * WEEK),
)
def test_waiting_is_the_sum_over_all_minutes_of_whoever_is_due(
    volume: list[float], start: float, again: float
) -> None:
    rules = care([(0, CLOSED)], [], volume)
    lost = lost_care(rules, np.array([again]), start, 4 * WEEK)
    steps = 20_000
    at = (np.arange(steps) + 0.5) * again / steps
    due = np.array(volume)[((start + at) // 1 % WEEK).astype(int)] * again / steps
    assert lost.patients[0] == pytest.approx(due.sum(), rel=0.01, abs=0.5)
    assert lost.waited[0] == pytest.approx((due * (again - at)).sum(), rel=0.01, abs=2.0)
    assert lost.late[0] == lost.elsewhere[0] == pytest.approx(lost.patients[0])
    slow = lost_care(care([(0, PAPER)], [], volume), np.array([again]), start, 4 * WEEK)
    late = due[at < again - 24].sum() / 2
    assert slow.late[0] == pytest.approx(late, rel=0.01, abs=0.5)
