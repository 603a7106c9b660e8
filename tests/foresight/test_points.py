from __future__ import annotations

import msgspec
import numpy as np
import pytest
from tests.sample.test_estate import whole

from wardkeep.foresight.backtest import design
from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.parameters import ASSUMED, Assumptions
from wardkeep.foresight.points import ALONE, FITTED, NAMES, at_points, known
from wardkeep.foresight.replicas import assuming, run, study
from wardkeep.foresight.summary import costs

WAY = "mail to pc-HR"
MANY = range(600)


def attacks(assumed: Assumptions = ASSUMED, around: np.ndarray = FITTED) -> Replicas:
    return run(assuming(study(whole(), ASSUMED, WAY, around), assumed), 3, MANY)


def assuming_(**numbers: float) -> Assumptions:
    return msgspec.structs.replace(ASSUMED, **numbers)


def test_the_points_are_of_the_numbers_that_are_fitted_and_within_what_was_tried() -> None:
    assert [each.name for each in design.FITTED] == list(NAMES)
    for each in design.FITTED:
        values = at_points(ASSUMED, FITTED, each.name)
        assert (values >= each.low * 0.99).all()
        assert (values <= each.high * 1.01).all()


def test_no_share_of_a_point_is_more_than_all() -> None:
    sure = assuming_(backups_reached=0.9, push_grows=0.9)
    for name in ("backups_reached", "push_grows"):
        assert at_points(sure, FITTED, name).max() == 1.0


def test_every_point_is_drawn_and_none_much_oftener_than_another() -> None:
    drawn = run(study(whole(), ASSUMED, WAY, FITTED), 3, range(20_000)).point
    often = np.bincount(drawn.astype(int), minlength=len(FITTED))
    fair = 20_000 / len(FITTED)
    assert (np.abs(often - fair) < 5 * np.sqrt(fair)).all()


def test_a_replica_has_its_point_whatever_range_it_is_drawn_in() -> None:
    alone = run(study(whole(), ASSUMED, WAY, FITTED), 3, range(400, 450))
    assert (alone.point == attacks().point[400:450]).all()


def test_how_unsure_the_numbers_are_makes_the_ranges_wider_and_not_the_attacks_more() -> None:
    sure, unsure = attacks(around=ALONE), attacks()
    assert (np.isfinite(sure.detonated) == np.isfinite(unsure.detonated)).all()

    def width(made: Replicas, around: np.ndarray) -> float:
        spent = costs(whole(), study(whole(), ASSUMED, WAY, around), made)["restoring"]
        low, high = np.percentile(np.log(spent[made.servers > 0]), [10, 90])
        return float(high - low)

    assert width(unsure, FITTED) > 1.2 * width(sure, ALONE)


def test_one_point_alone_is_what_is_assumed() -> None:
    twice = np.vstack([ALONE, ALONE])
    once, again = attacks(around=ALONE), attacks(around=twice)
    assert set(again.point) == {0, 1}
    for one, other in zip(once._replace(point=again.point), again, strict=True):
        assert np.array_equal(one, other)


def is_spared_by(**better: float) -> tuple[Replicas, Replicas]:
    plain, bettered = attacks(), attacks(assuming_(**better))
    assert (bettered.point == plain.point).all()
    assert bettered.all_back.sum() < plain.all_back.sum()
    return plain, bettered


@pytest.mark.parametrize("better", [{"restore_hours_factor": 6.0}, {"hold_median": 8.0}])
def test_days_that_a_measure_halves_are_fewer_in_every_replica(
    better: dict[str, float],
) -> None:
    plain, bettered = is_spared_by(**better)
    assert (bettered.all_back <= plain.all_back + 1e-9).all()


@pytest.mark.parametrize("better", [{"cut_median": 1.0}, {"push_machines_an_hour": 700.0}])
def test_no_replica_loses_more_servers_where_the_cut_comes_sooner(
    better: dict[str, float],
) -> None:
    plain, bettered = is_spared_by(**better)
    people = plain.by_worm == 0
    assert (bettered.servers[people] <= plain.servers[people]).all()


@pytest.mark.parametrize("better", [{"without_copy_factor": 2.0}, {"backups_reached": 0.0}])
def test_copies_that_stand_bring_back_sooner_whatever_is_not_known(
    better: dict[str, float],
) -> None:
    plain, bettered = is_spared_by(**better)
    # A list on several crews may end later though a job is shorter (Graham 1969).
    assert (bettered.all_back <= plain.all_back * 1.2).all()


def test_no_point_lets_lost_copies_save_work_where_a_measure_makes_them_matter_little() -> None:
    little = msgspec.structs.replace(ASSUMED, without_copy_factor=1.0)
    assert at_points(little, FITTED, "without_copy_factor").min() == 1.0
    assert at_points(ASSUMED, FITTED, "without_copy_factor").min() > 1.0


def test_what_a_house_knows_is_the_same_at_every_point() -> None:
    sure = known(FITTED, "cut_median", "cut_spread")
    assert at_points(ASSUMED, sure, "cut_median").tolist() == [ASSUMED.cut_median] * len(sure)
    assert len(set(at_points(ASSUMED, sure, "hold_median").tolist())) > 1


def test_an_hour_of_a_crew_costs_what_its_replicas_point_says() -> None:
    given = study(whole(), ASSUMED, WAY, FITTED)
    made = run(given, 3, MANY)
    struck = np.isfinite(made.detonated)
    an_hour = at_points(ASSUMED, FITTED, "euros_a_crew_hour")[made.point[struck].astype(int)]
    spent = costs(whole(), given, made)["restoring"][struck]
    assert spent == pytest.approx(made.all_back[struck] * ASSUMED.crews * an_hour)
