from __future__ import annotations

import numpy as np
import pytest

from wardkeep.foresight.backtest.design import FITTED, to_shares
from wardkeep.foresight.backtest.generations import first_generation, next_generation

SOME = FITTED[:3]


def bell(tried: np.ndarray) -> np.ndarray:
    """A weight that is known: a bell around a fifth and four fifths of the first two ranges."""
    away = to_shares(SOME, tried)[:, :2] - np.array([0.2, 0.8])
    return np.exp(-0.5 * (away**2).sum(axis=1) / 0.05**2)


def test_the_first_points_all_weigh_the_same() -> None:
    first = first_generation(SOME, 30, 1)
    assert not first.prior.any()
    assert first.points.shape == (30, 3)


def test_later_points_lie_where_the_weight_is_and_find_the_same() -> None:
    given = first_generation(SOME, 800, 1)
    effective = []
    for number in (1, 2, 3):
        weight = bell(given.points) * np.exp(given.prior)
        weight /= weight.sum()
        effective.append(1 / (weight**2).sum())
        mean = weight @ to_shares(SOME, given.points)
        assert mean == pytest.approx([0.2, 0.8, 0.5], abs=0.06)
        spread = np.sqrt(weight @ (to_shares(SOME, given.points) - mean) ** 2)
        assert spread == pytest.approx([0.05, 0.05, 1 / np.sqrt(12)], abs=0.03)
        given = next_generation(SOME, given.points, weight, 800, 1 + number)
    assert effective[2] > 4 * effective[0]


def test_points_stay_within_what_is_tried_and_some_go_everywhere() -> None:
    given = first_generation(SOME, 400, 1)
    corner = (to_shares(SOME, given.points) < 0.3).all(axis=1).astype(float)
    near = next_generation(SOME, given.points, corner / corner.sum(), 400, 2)
    shares = to_shares(SOME, near.points)
    assert (shares >= -1e-9).all()
    assert (shares <= 1 + 1e-9).all()
    assert 0.08 < (shares > 0.7).any(axis=1).mean() < 0.25


def test_what_was_tried_more_often_counts_for_as_much_less() -> None:
    """Whatever the weights were, all points together stand for the whole of the ranges."""
    given = first_generation(SOME, 500, 1)
    weight = bell(given.points) ** 0.1
    near = next_generation(SOME, given.points, weight / weight.sum(), 4000, 2)
    assert np.exp(near.prior).mean() == pytest.approx(1.0, abs=0.1)
