"""The numbers that no map holds."""

from __future__ import annotations

import pytest

from wardkeep.foresight.restoring.errors import PlanNumbersError
from wardkeep.foresight.restoring.numbers import PlanNumbers, Range
from wardkeep.hospital.map.care import Mode


def test_a_worse_mode_treats_no_more_patients() -> None:
    shares = [PlanNumbers().not_treated(mode) for mode in Mode]
    for name in ("low", "usual", "high"):
        values = [getattr(each, name) for each in shares]
        assert values == sorted(values)
    assert (shares[0].high, shares[-1].low) == (0, 1)


def test_a_tier_that_is_not_said_or_not_known_has_hours_too() -> None:
    hours = [PlanNumbers().hours(tier) for tier in (0, 1, 2, None, 7)]
    assert hours == [6, 3, 1, 4, 4]


@pytest.mark.parametrize("low_usual_high", [(0.5, 0.3, 0.7), (0, 0.5, 1.5), (-0.1, 0, 0)])
def test_a_range_is_in_order(low_usual_high: tuple[float, float, float]) -> None:
    low, usual, high = low_usual_high
    with pytest.raises(PlanNumbersError, match="not in order"):
        Range(low=low, usual=usual, high=high)


def test_no_number_is_below_nothing_or_none() -> None:
    with pytest.raises(PlanNumbersError, match="support is -1"):
        PlanNumbers(support=-1.0)
    with pytest.raises(PlanNumbersError, match="usi is nan"):
        PlanNumbers(importance={"usi": float("nan")})
