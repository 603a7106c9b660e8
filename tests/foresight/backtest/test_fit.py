from __future__ import annotations

import math

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.backtest.fit import (
    ERRORS,
    Weights,
    foretold,
    likelihood,
    normal_cdf,
    of_equal_weight,
    quantiles,
    weights,
)
from wardkeep.foresight.backtest.incident import OUTPUTS, Incident, Output, Seen
from wardkeep.foresight.backtest.incidents import INCIDENTS

DAY: Output = "day everything is back"
TRIED = np.geomspace(1, 100, 41)


def house(low: float, high: float | None = None, *, output: Output = DAY) -> Incident:
    top = low if high is None else high
    end = None if top == math.inf else top
    seen = Seen(output=output, low=low, high=end, source="of the test")
    return msgspec.structs.replace(INCIDENTS[0], seen=(seen,))


def made(values: np.ndarray, replicas: int = 4) -> np.ndarray:
    """What each point gives: every replica and outcome the same number."""
    return np.broadcast_to(values[:, None, None], (len(values), replicas, len(OUTPUTS)))


def weighed(likelihoods: list[np.ndarray]) -> Weights:
    return weights(likelihoods, np.zeros(len(likelihoods[0])))


def test_a_point_that_was_tried_more_often_counts_for_less() -> None:
    given = [likelihood(house(10), made(np.array([9.0, 10.0, 10.0])))]
    spread = weights(given, np.log([1.0, 0.5, 0.5])).of_points()
    assert spread[1] + spread[2] == pytest.approx(
        weighed([each[:2] for each in given]).of_points()[1]
    )


def test_of_points_of_equal_weight_each_is_there_as_often_as_it_weighs() -> None:
    rows = np.array([[1.0, 10.0], [2.0, 20.0], [3.0, 30.0], [4.0, 40.0]])
    kept = of_equal_weight(rows, np.array([0.5, 0.25, 0.0, 0.25]), 8)
    assert kept[:, 0].tolist() == [1, 1, 1, 1, 2, 2, 4, 4]
    assert (kept[:, 1] == 10 * kept[:, 0]).all()


@given(st.lists(st.floats(0, 1), min_size=1, max_size=40).filter(any), st.integers(1, 200))
def test_no_point_is_kept_more_than_once_oftener_than_it_weighs(
    weight: list[float], count: int
) -> None:
    kept = of_equal_weight(np.arange(len(weight))[:, None], np.array(weight), count)
    times = np.bincount(kept[:, 0], minlength=len(weight))
    assert times.sum() == count
    assert (np.abs(times - np.array(weight) / sum(weight) * count) < 1 + 1e-6).all()


def test_the_normal_distribution_is_that_of_the_tables() -> None:
    at = np.array([-8.0, -1.2815515655, 0.0, 1.0, 2.5, 40.0])
    known = [0.5 * math.erfc(-each / math.sqrt(2)) for each in at.tolist()]
    assert normal_cdf(at) == pytest.approx(known, abs=2e-7)


def test_the_weight_lies_where_the_model_gives_what_was_seen() -> None:
    given = weighed([likelihood(house(10), made(TRIED)) for _ in range(5)])
    assert given.shares.sum() == pytest.approx(1)
    assert TRIED[given.of_points().argmax()] == pytest.approx(10, rel=0.13)
    low, middle, high = quantiles(TRIED, given.of_points(), [0.1, 0.5, 0.9])
    assert low < middle == pytest.approx(10, rel=0.13)
    assert middle < high


def test_houses_that_scatter_tell_of_a_larger_error_of_the_model() -> None:
    alike = weighed([likelihood(house(10), made(TRIED)) for _ in range(6)])
    apart = weighed([likelihood(house(each), made(TRIED)) for each in (2, 4, 10, 25, 50)])
    mean = [
        float((given.with_error(1).sum(axis=0) * ERRORS[1]).sum()) for given in (alike, apart)
    ]
    assert mean[1] > 2 * mean[0]
    assert alike.effective() < len(TRIED)


def test_at_least_a_month_weighs_all_longer_times_alike() -> None:
    given = likelihood(house(30, math.inf), made(np.array([3.0, 30.0, 80.0, 90.0])))
    row = given[:, 0, 0, 0, 0] if given.shape[2] == 1 else given[:, 0, 0]
    row = row.ravel()[:: max(row.size // 4, 1)][:4] if row.size > 4 else row
    assert row[0] < row[1] < row[2]
    assert row[3] - row[2] < 0.1


def test_at_most_a_week_weighs_all_shorter_times_alike() -> None:
    given = likelihood(house(0.0, 7), made(np.array([0.5, 2.0, 80.0]))).reshape(3, -1)[:, 0]
    assert given[0] == pytest.approx(given[1], abs=0.01)
    assert given[2] < given[1] - 5


def test_a_weak_outcome_tells_points_less_sharply_apart() -> None:
    sure = house(10)
    weak = msgspec.structs.replace(
        sure, seen=(msgspec.structs.replace(sure.seen[0], weak=True),)
    )
    values = np.array([10.0, 15.0])
    between = [
        np.ptp(likelihood(each, made(values)).reshape(2, -1)[:, 0]) for each in (sure, weak)
    ]
    assert between[1] < between[0]


def test_what_is_foretold_is_the_mixture_of_points_and_error_by_their_weight() -> None:
    given = weighed([likelihood(house(10), made(TRIED)) for _ in range(3)])
    interval = foretold(given, made(TRIED), DAY)
    rng = np.random.default_rng(5)
    share = given.with_error(1)
    cells = rng.choice(share.size, 200_000, p=share.ravel() / share.sum())
    point, error = np.unravel_index(cells, share.shape)
    sampled = np.log(TRIED[point]) + rng.normal(size=len(cells)) * np.array(ERRORS[1])[error]
    wanted = np.quantile(sampled, [0.1, 0.9])
    assert np.log(interval) == pytest.approx(wanted, abs=0.02)


def test_no_more_than_all_servers_can_be_foretold() -> None:
    share: Output = "share of servers lost"
    values = np.array([0.8, 0.95])
    given = weighed([likelihood(house(0.9, output=share), made(values))])
    assert foretold(given, made(values), share).high == 1.0
