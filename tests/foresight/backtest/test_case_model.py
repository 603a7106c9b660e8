from __future__ import annotations

import msgspec
import numpy as np
import pytest

from wardkeep.foresight.backtest.case_model import Case, case, outcomes
from wardkeep.foresight.backtest.incident import OUTPUTS, Incident, Known, Output
from wardkeep.foresight.backtest.incidents import INCIDENTS
from wardkeep.foresight.parameters import ASSUMED, Assumptions


def known(value: float) -> Known:
    return Known(value=value, source="of the test")


HOUSE = msgspec.structs.replace(
    INCIDENTS[0],
    sites=3,
    servers=known(200),
    machines=known(3_000),
    cut=known(2.0),
    people=known(12),
    copies="not needed",
)


def drawn(
    output: Output, incident: Incident = HOUSE, assumed: Assumptions = ASSUMED
) -> np.ndarray:
    return outcomes(case(incident), assumed, 3, range(64))[:, OUTPUTS.index(output)]


@pytest.fixture(scope="module")
def house() -> Case:
    return case(HOUSE)


def test_an_incident_that_happened_happens_in_every_replica(house: Case) -> None:
    made = outcomes(house, ASSUMED, 3, range(30))
    asked = [each != "share of activity lost in week 1" for each in OUTPUTS]
    assert np.isfinite(made[:, asked]).all()
    assert (made[:, asked] > 0).all()


def test_replicas_do_not_depend_on_which_others_are_drawn(house: Case) -> None:
    together = outcomes(house, ASSUMED, 3, range(8))
    assert np.array_equal(
        together[5:], outcomes(house, ASSUMED, 3, range(5, 8)), equal_nan=True
    )


def test_a_push_of_450_machines_an_hour_has_less_than_a_third_of_3000_after_two_hours() -> None:
    slow = msgspec.structs.replace(ASSUMED, push_machines_an_hour=450.0)
    shares = drawn("share of servers lost", assumed=slow)
    assert shares.mean() == pytest.approx(0.3, abs=0.03)


def test_in_a_house_ten_times_as_large_a_push_that_grows_with_it_has_the_same_share() -> None:
    large = msgspec.structs.replace(HOUSE, machines=known(30_000))
    for grows, share in ((0.0, 0.06), (1.0, 0.6)):
        push = msgspec.structs.replace(ASSUMED, push_machines_an_hour=900.0, push_grows=grows)
        found = drawn("share of servers lost", large, push).mean()
        assert found == pytest.approx(share, abs=0.03)


def test_the_first_theatre_is_open_before_most_applications_are_back() -> None:
    first = drawn("day of the first theatre")
    assert (first <= drawn("day four in five applications are back")).all()


def test_everything_is_back_four_times_later_where_a_crew_needs_four_times_the_hours() -> None:
    slow = msgspec.structs.replace(ASSUMED, restore_hours_factor=4.0, hold_median=0.01)
    usual = msgspec.structs.replace(slow, restore_hours_factor=1.0)
    late = drawn("day everything is back", assumed=slow)
    assert late / drawn("day everything is back", assumed=usual) == pytest.approx(4, rel=0.01)


def test_copies_that_stood_need_no_more_hours_than_planned() -> None:
    worse = msgspec.structs.replace(ASSUMED, without_copy_factor=20.0)
    without = msgspec.structs.replace(HOUSE, copies="not known")
    day: Output = "day everything is back"
    assert np.array_equal(drawn(day), drawn(day, assumed=worse))
    assert drawn(day, without, worse).mean() > 3 * drawn(day).mean()


def test_who_works_day_and_night_is_done_sooner() -> None:
    never_sleep = msgspec.structs.replace(HOUSE, day_and_night=True)
    day: Output = "day everything is back"
    assert drawn(day, never_sleep).mean() < drawn(day).mean()


def test_the_same_attack_on_twice_the_house_costs_twice() -> None:
    double = msgspec.structs.replace(
        HOUSE, servers=known(400), machines=known(6_000), people=known(24)
    )
    grows = msgspec.structs.replace(ASSUMED, push_grows=1.0)
    cost: Output = "cost in euros"
    ratio = drawn(cost, double, grows) / drawn(cost, HOUSE, grows)
    assert ratio == pytest.approx(2, rel=0.01)


def test_where_no_report_tells_of_encryption_half_of_the_replicas_have_none() -> None:
    unsure = msgspec.structs.replace(HOUSE, encrypted=False)
    lost = drawn("share of servers lost", unsure)
    none = (lost < 1 / 200).mean()
    assert none == pytest.approx(0.5, abs=0.13)


def test_week_1_loses_some_activity_and_never_more_than_half_of_it() -> None:
    cannes = next(each for each in INCIDENTS if each.id == "cannes")
    lost = drawn("share of activity lost in week 1", cannes)
    assert (lost > 0).all()
    assert (lost < 0.5).all()
    assert np.isnan(drawn("share of activity lost in week 1")).all()
