from __future__ import annotations

from pathlib import Path

import msgspec
import numpy as np
import pytest

from wardkeep.foresight.backtest.design import FITTED
from wardkeep.foresight.backtest.incident import Output, Seen
from wardkeep.foresight.backtest.incidents import INCIDENTS
from wardkeep.foresight.backtest.leave_one_out import BackTest, Foretold
from wardkeep.foresight.backtest.scores import Interval
from wardkeep.foresight.backtest.tables import BEGIN, END, as_module, coverage, number, told
from wardkeep.foresight.parameters import ASSUMED, GUESS, SOURCES

DAY: Output = "day everything is back"
WEEK = Interval(5, 10)


def row(incident: str, day: float, plain: Interval | None = None, to: float = 0) -> Foretold:
    seen = Seen(output=DAY, low=day, high=to or day, source="of the test")
    return Foretold(incident=incident, seen=seen, interval=WEEK, plain=plain, wide=plain)


def test_a_hospital_with_one_outcome_of_three_outside_has_most_inside_and_not_all() -> None:
    found = coverage([row("a", 6), row("a", 7), row("a", 20), row("b", 8), row("c", 30)])
    assert (found.hospitals, found.with_all, found.with_most) == (3, 1, 2)
    assert (found.outcomes, found.inside) == (5, 3)


def test_half_of_two_is_not_most() -> None:
    assert coverage([row("a", 6), row("a", 20)]).with_most == 0


def test_scores_are_compared_where_there_is_a_plain_fit_only() -> None:
    found = coverage([row("a", 6), row("b", 6, Interval(1, 20)), row("c", 2, to=6)])
    assert found.compared == 1
    assert found.score == pytest.approx(0.693, abs=1e-3)
    assert found.plain_score == pytest.approx(2.996, abs=1e-3)
    assert (found.exact, found.exact_inside, found.plain_inside) == (2, 2, 1)


@pytest.mark.parametrize(
    ("value", "text"),
    [(2.4e6, "2.4 M"), (4891, "4,891"), (300, "300"), (16, "16.0"), (0.666, "0.67")],
)
def test_a_number_is_told_by_three_digits(value: float, text: str) -> None:
    assert number(value) == text


def test_the_published_tables_are_those_of_the_committed_numbers(project: Path) -> None:
    page = (project / "docs" / "backtest.md").read_text()
    found = msgspec.json.decode(
        (project / "docs" / "backtest.json").read_bytes(), type=BackTest
    )
    between = page.partition(BEGIN)[2].partition(END)[0].strip()
    assert between == told(found, INCIDENTS)


def test_the_forecast_draws_from_the_points_that_the_committed_fit_kept(project: Path) -> None:
    found = msgspec.json.decode(
        (project / "docs" / "backtest.json").read_bytes(), type=BackTest
    )
    module = project / "src" / "wardkeep" / "foresight" / "fitted_points.py"
    assert module.read_text() == as_module(found.kept)
    middles = np.median(np.array(found.kept), axis=0)
    assert middles == pytest.approx([each.middle for each in found.fitted], rel=0.1)


def test_the_committed_numbers_are_of_the_incidents_as_they_stand(project: Path) -> None:
    found = msgspec.json.decode(
        (project / "docs" / "backtest.json").read_bytes(), type=BackTest
    )
    seen = [(each.incident, each.seen) for each in found.foretold]
    assert seen == [(each.id, seen) for each in INCIDENTS for seen in each.seen]


def test_the_forecast_uses_what_the_incidents_tell_and_calls_the_rest_a_guess(
    project: Path,
) -> None:
    """Told: where four fifths of the weight lie within six tenths of what was tried."""
    found = msgspec.json.decode(
        (project / "docs" / "backtest.json").read_bytes(), type=BackTest
    )
    for each, tried in zip(found.fitted, FITTED, strict=True):
        low, high = tried.share(np.array([each.low, each.high])).tolist()
        source = SOURCES[each.name]
        assert getattr(ASSUMED, each.name) == pytest.approx(each.middle, rel=0.02)
        assert source.endswith(f"between {number(each.low)} and {number(each.high)}")
        assert source.startswith(GUESS) is (high - low >= 0.6), each.name
        assert "docs/backtest.md" in source
