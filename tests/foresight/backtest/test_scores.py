from __future__ import annotations

import math

import pytest

from wardkeep.foresight.backtest.incident import Seen
from wardkeep.foresight.backtest.scores import Interval, holds, interval_score, plain_fit

DAYS = Interval(math.e**1, math.e**3)


def seen(low: float, high: float | None = None) -> Seen:
    top = low if high is None else high
    end = None if top == math.inf else top
    return Seen(output="day the records are back", low=low, high=end, source="by hand")


def test_an_interval_that_holds_the_day_costs_its_width_alone() -> None:
    assert interval_score(DAYS, seen(math.e**2)) == pytest.approx(2.0)


def test_half_a_logarithm_beside_the_interval_costs_ten_times_that_half_more() -> None:
    """Gneiting and Raftery 2007, equation 43, at alpha 0.2: 2 + 2/0.2 x 0.5."""
    assert interval_score(DAYS, seen(math.e**3.5)) == pytest.approx(2 + 5)
    assert interval_score(DAYS, seen(math.e**0.5)) == pytest.approx(2 + 5)


def test_of_a_bound_the_nearest_number_that_it_allows_counts() -> None:
    assert interval_score(DAYS, seen(math.e**2, math.inf)) == pytest.approx(2.0)
    assert interval_score(DAYS, seen(math.e**4, math.inf)) == pytest.approx(2 + 10)
    assert interval_score(DAYS, seen(0.0, math.e**0.5)) == pytest.approx(2 + 5)
    assert interval_score(DAYS, seen(math.e**3.5, math.e**5)) == pytest.approx(2 + 5)


@pytest.mark.parametrize(
    ("low", "high", "inside"),
    [
        (math.e**2, math.e**2, True),
        (math.e**4, math.e**4, False),
        (math.e**2, math.inf, True),
        (math.e**4, math.inf, False),
        (0.0, math.e**0.5, False),
        (0.0, math.e**2, True),
    ],
)
def test_an_interval_holds_what_came_if_it_holds_some_of_what_it_may_have_been(
    low: float, high: float, inside: bool
) -> None:
    assert holds(DAYS, seen(low, high)) is inside


def test_a_plain_fit_of_two_houses_is_mean_and_deviation_of_their_logarithms() -> None:
    fit = plain_fit([seen(math.e**1), seen(math.e**3)])
    assert fit is not None
    assert math.log(fit.low) == pytest.approx(2 - 1.2815515655 * math.sqrt(2))
    assert math.log(fit.high) == pytest.approx(2 + 1.2815515655 * math.sqrt(2))


def test_a_fit_that_knows_how_few_it_has_is_wider() -> None:
    """Student's t of one degree: 3.0777, and half more variance for one more house."""
    fit = plain_fit([seen(math.e**1), seen(math.e**3)], wide=True)
    assert fit is not None
    assert math.log(fit.high) == pytest.approx(2 + 3.0777 * math.sqrt(2) * math.sqrt(1.5))


def test_a_plain_fit_takes_a_bound_as_the_number_and_the_middle_of_a_range() -> None:
    ranges = [seen(math.e**1, math.inf), seen(math.e**2, math.e**4)]
    assert plain_fit(ranges) == plain_fit([seen(math.e**1), seen(math.e**3)])
    assert plain_fit([seen(0.0, 5.0), seen(7.0)]) == plain_fit([seen(5.0), seen(7.0)])


def test_there_is_no_plain_fit_to_a_single_house() -> None:
    assert plain_fit([seen(3.0)]) is None
