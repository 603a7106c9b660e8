from __future__ import annotations

import pytest

from wardkeep.foresight.board.certainty import mean_with, share_of
from wardkeep.foresight.board.paper import Mean, Share


def test_of_no_attack_everything_is_open() -> None:
    assert share_of(0.0, 0) == Share(0.0, 0.0, 1.0)


@pytest.mark.parametrize(
    ("share", "count", "low", "high"),
    [(0.0, 10, 0.0, 0.2775), (1.0, 10, 0.7225, 1.0), (0.5, 100, 0.4038, 0.5962)],
)
def test_wilsons_interval_holds_for_none_and_all(
    share: float, count: int, low: float, high: float
) -> None:
    found = share_of(share, count)
    assert (found.low, found.high) == pytest.approx((low, high), abs=5e-4)


def test_a_mean_has_as_much_to_both_sides() -> None:
    assert mean_with(5.0, 2.0) == Mean(5.0, 3.0, 7.0)
