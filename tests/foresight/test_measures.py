from __future__ import annotations

import numpy as np
import pytest
from tests.hospital.map.test_falls import map_of

from wardkeep.foresight.errors import MeasureError
from wardkeep.foresight.measures import (
    Change,
    Measure,
    Outcome,
    as_one,
    burden,
    effect,
    over_replicas,
    with_measure,
)
from wardkeep.foresight.parameters import ASSUMED
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.places import Reach

MAP = map_of(
    Server(id="a", tier=0),
    Server(id="b", tier=1),
    Reach(id="r", source="x", target="y", ports="any"),
)


def measure(*changes: Change, **assume: float) -> Measure:
    return Measure(id="m", name="M", euros=1_000, hours=8, changes=changes, assume=assume)


def test_a_measure_changes_the_items_of_its_pattern_that_are_as_it_says() -> None:
    change = Change(items="server:*", where={"tier": 0}, set={"watched": True})
    whole, _, changed = with_measure(MAP, ASSUMED, measure(change))
    assert changed == 1
    assert whole.items["server:a"] == Server(id="a", tier=0, watched=True)
    assert whole.items["server:b"] == MAP.items["server:b"]
    assert MAP.items["server:a"] == Server(id="a", tier=0)


def test_a_measure_may_take_things_away_and_change_numbers_of_the_forecast() -> None:
    change = Change(items="reach:*", remove=True)
    whole, assumed, _ = with_measure(MAP, ASSUMED, measure(change, cut_median=0.5))
    assert "reach:r" not in whole.items
    assert assumed.cut_median == 0.5
    crews = with_measure(MAP, ASSUMED, measure(crews=8))[1].crews
    assert (crews, type(crews)) == (8, int)


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (measure(Change(items="server:*", set={"colour": "red"})), "colour"),
        (measure(Change(items="server:*", set={"tier": "zero"})), "Expected `int | null`"),
        (measure(luck=1.0), "assumes luck: no number of a forecast"),
        (measure(horizon_hours=24.0), "changes how loss is counted"),
        (measure(cut_median=-3.0), "assumes cut_median = -3.0"),
        (measure(crews=0), "assumes crews = 0"),
        (measure(backups_reached=1.5), "assumes backups_reached = 1.5"),
        (measure(crews=2.5), "Expected `int`, got `float` - at `$.crews`"),
    ],
)
def test_a_measure_that_sets_what_is_not_there_is_refused(wrong: Measure, says: str) -> None:
    with pytest.raises(MeasureError, match="measure 'm'") as refused:
        with_measure(MAP, ASSUMED, wrong)
    assert says in str(refused.value)


def outcome(waited: list[float], euros: list[float], ways: int = 1) -> Outcome:
    hours = np.array([waited] * ways)
    return Outcome(hours > 0, hours / 10, hours / 20, hours, np.array([euros] * ways))


def test_the_effect_is_taken_pair_by_pair_and_tells_where_it_is_worse() -> None:
    without = outcome([10.0, 20.0, 30.0, 0.0], [100.0, 200.0, 300.0, 0.0])
    with_it = outcome([8.0, 18.0, 28.5, 1.0], [80.0, 180.0, 280.0, 10.0])
    found = effect(measure(), 3, without, with_it)
    assert found.patient_hours == pytest.approx((2 + 2 + 1.5 - 1) / 4)
    assert found.patients == pytest.approx(found.patient_hours / 10)
    assert found.late == pytest.approx(found.patient_hours / 20)
    assert found.euros == pytest.approx((20 + 20 + 20 - 10) / 4)
    assert found.worse == 0.25
    assert found.detonations == -0.25
    assert found.changed == 3


def test_a_measure_whose_effect_is_not_sure_has_no_price_for_a_patient_hour() -> None:
    without = outcome([10.0, 20.0], [1.0, 2.0])
    sure = outcome([5.0, 15.0], [1.0, 2.0])
    unsure = outcome([1.0, 21.0], [1.0, 2.0])
    told = effect(measure(), 1, without, sure)
    assert told.euros_a_patient_hour == told.euros_a_patient_hour_most == 200.0
    assert effect(measure(), 1, without, unsure).euros_a_patient_hour is None


def test_the_same_attack_by_several_ways_in_is_no_news_and_counts_once() -> None:
    """Ways in share their chances: three rows that are alike say no more than one."""
    told = [
        effect(measure(), 1, outcome([10.0, 20.0, 30.0], [0.0] * 3, ways), none)
        for ways in (1, 3)
        for none in [outcome([9.0, 15.0, 29.0], [0.0] * 3, ways)]
    ]
    assert told[0].patient_hours_error == pytest.approx(told[1].patient_hours_error)
    assert told[1].replicas == 3


def test_the_interval_of_a_mean_over_ways_in_holds_it_as_often_as_it_says() -> None:
    """1,000 times 60 attacks by three ways in that are nearly the same attack each."""
    chance, held = np.random.default_rng(5), 0
    for _ in range(1_000):
        shared = chance.exponential(10.0, 60)
        without = np.array([shared + chance.normal(0, 1, 60) for _ in range(3)])
        mean, error = over_replicas(without)
        held += abs(mean - 10.0) <= error
    assert 910 <= held <= 980


def test_what_an_attack_costs_without_any_measure_is_told_with_its_interval() -> None:
    told = burden(outcome([10.0, 20.0, 30.0, 0.0], [1.0, 2.0, 3.0, 0.0], ways=2))
    assert (told.attacks, told.detonates, told.patient_hours) == (8, 0.75, 15.0)
    assert told.patient_hours_error > 0


@pytest.mark.parametrize("cost", [-1.0, float("nan"), float("inf")])
def test_a_cost_that_is_none_is_refused(cost: float) -> None:
    with pytest.raises(MeasureError, match="measure 'm': hours"):
        Measure(id="m", name="M", euros=1.0, hours=cost)


def test_measures_taken_as_one_cost_what_they_cost_together() -> None:
    one = as_one((measure(), measure()))
    assert (one.id, one.euros, one.hours) == ("m + m", 2_000, 16)
    assert as_one((measure(),)) == measure()


def test_a_measure_that_finds_things_as_it_wants_them_changes_only_the_others() -> None:
    change = Change(items="server:*", set={"tier": 1})
    assert with_measure(MAP, ASSUMED, measure(change))[2] == 1


def test_a_measure_that_sets_what_no_hospital_has_is_refused_with_the_thing() -> None:
    wrong = measure(Change(items="server:b", set={"tier": 40}))
    with pytest.raises(MeasureError, match="measure 'm': server:b: tier 40 cannot be"):
        with_measure(MAP, ASSUMED, wrong)
