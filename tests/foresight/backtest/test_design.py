from __future__ import annotations

import numpy as np

from wardkeep.foresight.backtest.design import (
    FITTED,
    assumed_at,
    at_shares,
    points,
    to_shares,
)
from wardkeep.foresight.parameters import ASSUMED


def test_each_number_takes_one_value_in_every_slice_of_its_range() -> None:
    tried = points(FITTED, 40, 3)
    for column, each in enumerate(FITTED):
        values = each.share(tried[:, column])
        assert sorted(np.floor(values * 40).astype(int)) == list(range(40)), each.name


def test_two_numbers_do_not_rise_together() -> None:
    ranks = np.argsort(np.argsort(points(FITTED, 400, 3), axis=0), axis=0)
    between = np.corrcoef(ranks.T)
    assert np.abs(between - np.eye(len(FITTED))).max() < 0.25


def test_the_same_seed_tries_the_same_points_and_another_seed_others() -> None:
    assert np.array_equal(points(FITTED, 20, 3), points(FITTED, 20, 3))
    assert not np.array_equal(points(FITTED, 20, 3), points(FITTED, 20, 4))


def test_a_point_replaces_what_is_fitted_and_leaves_the_rest() -> None:
    point = points(FITTED, 1, 5)[0]
    assumed = assumed_at(FITTED, point)
    names = {each.name for each in FITTED}
    for name in type(ASSUMED).__struct_fields__:
        same = getattr(assumed, name) == getattr(ASSUMED, name)
        assert same is (name not in names), name


def test_what_is_in_use_lies_within_what_was_tried() -> None:
    for each in FITTED:
        assert each.low <= getattr(ASSUMED, each.name) <= each.high, each.name


def test_shares_of_the_ranges_and_points_tell_the_same() -> None:
    tried = points(FITTED, 20, 3)
    assert np.allclose(at_shares(FITTED, to_shares(FITTED, tried)), tried)
