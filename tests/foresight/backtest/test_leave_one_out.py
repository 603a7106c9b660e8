from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
import pytest

from wardkeep.foresight.backtest.design import FITTED, assumed_at, points
from wardkeep.foresight.backtest.generations import Generation, first_generation
from wardkeep.foresight.backtest.incident import OUTPUTS, Incident, Output, exactly
from wardkeep.foresight.backtest.incidents import INCIDENTS
from wardkeep.foresight.backtest.leave_one_out import BackTest, at_points, back_test, simulated

POINTS, REPLICAS = 60, 8
COST: Output = "cost in euros"


def small(incidents: Sequence[Incident]) -> BackTest:
    """The back-test at points that do not hang on the incidents."""
    return at_points(incidents, first_generation(FITTED, POINTS, 2), REPLICAS, seed=2)


def with_outcome(incident: Incident, output: Output, value: float) -> Incident:
    """The incident as if its outcome had been another."""
    seen = tuple(
        msgspec.structs.replace(each, low=value, high=value) if each.output == output else each
        for each in incident.seen
    )
    return msgspec.structs.replace(incident, seen=seen)


FEW = tuple(
    each for each in INCIDENTS if each.id in {"dax", "scripps", "hse", "wannacry", "maersk"}
)


@pytest.fixture(scope="module")
def found() -> BackTest:
    return small(FEW)


def test_every_outcome_is_foretold_once_and_a_range_is_one(found: BackTest) -> None:
    told = [(each.incident, each.seen.output) for each in found.foretold]
    assert told == [(each.id, seen.output) for each in FEW for seen in each.seen]
    assert all(0 < each.interval.low < each.interval.high for each in found.foretold)
    assert all(each.low <= each.middle <= each.high for each in found.fitted)


def test_what_came_of_a_hospital_says_nothing_of_what_is_foretold_for_it(
    found: BackTest,
) -> None:
    dearer = [with_outcome(each, COST, 9e8) if each.id == "dax" else each for each in FEW]
    again = small(dearer)
    for one, other in zip(found.foretold, again.foretold, strict=True):
        if one.seen.output == COST:
            same = one.interval == other.interval and one.plain == other.plain
            assert same is (one.incident == "dax"), one.incident


def test_what_came_of_no_hospital_weighs_nothing(found: BackTest) -> None:
    cheaper = [with_outcome(each, COST, 1e3) if each.id == "maersk" else each for each in FEW]
    again = small(cheaper)
    assert again.fitted == found.fitted
    for one, other in zip(found.foretold, again.foretold, strict=True):
        assert one.interval == other.interval


def test_the_same_seed_gives_the_same_back_test(found: BackTest) -> None:
    assert small(FEW) == found
    assert back_test(FEW, 6, 4, seed=2) == back_test(FEW, 6, 4, seed=2)


def test_an_outcome_that_one_other_house_reports_has_no_plain_fit(found: BackTest) -> None:
    rows = [each for each in found.foretold if each.seen.output == "day the records are back"]
    assert [each.plain for each in rows] == [None]
    assert rows[0].plain_score is None


def test_a_known_truth_is_found_again() -> None:
    """Houses that were struck by known numbers tell three of them; the others stay known."""
    sought = ("push_machines_an_hour", "hold_median", "restore_hours_factor")
    columns = [number for number, each in enumerate(FITTED) if each.name in sought]
    truth = np.array([[float(each.at(np.array(0.5))) for each in FITTED]])
    tried = np.repeat(truth, 120, axis=0)
    tried[:, columns] = first_generation(FITTED, 120, 2).points[:, columns]
    houses = []
    for number, incident in enumerate(INCIDENTS[:13]):
        output = OUTPUTS[(0, 2, 4)[number % 3]]
        made = simulated(incident, truth, 1, 300 + number)[0, 0]
        seen = exactly(output, float(made[OUTPUTS.index(output)]), "simulated")
        houses.append(msgspec.structs.replace(incident, seen=(seen,)))
    fit = at_points(houses, Generation(tried, np.zeros(len(tried))), 16, seed=2)
    for column in columns:
        found = fit.fitted[column]
        shares = FITTED[column].share(np.array([found.low, found.middle, found.high]))
        assert abs(shares[1] - 0.5) < 0.25, found
        assert shares[0] - 0.1 < 0.5 < shares[2] + 0.1, found
    assert sum(each.inside for each in fit.foretold) >= 9


def test_points_are_told_apart_by_their_numbers_alone() -> None:
    """Twice the same point is twice the same, whatever stands between."""
    two = np.vstack([points(FITTED, 2, 9), points(FITTED, 2, 9)])
    made = simulated(FEW[0], two, 4, 1)
    assert np.array_equal(made[:2], made[2:], equal_nan=True)
    assert assumed_at(FITTED, two[0]) == assumed_at(FITTED, two[2])
