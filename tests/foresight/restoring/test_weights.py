"""What it costs the wards that a service is not back."""

from __future__ import annotations

import pytest
from tests.foresight.restoring.estates import map_of

from wardkeep.foresight.restoring.numbers import PlanNumbers
from wardkeep.foresight.restoring.weights import LostCare, lost_care
from wardkeep.hospital.map.care import Fallback, HomePatients, Mode, Need, Service
from wardkeep.hospital.map.falls import what_falls
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.machines import Application, Server


def care_of(*items: Item, numbers: PlanNumbers | None = None) -> LostCare:
    """What is lost when the one server of these items is."""
    whole = map_of(Server(id="s"), Application(id="app", servers=("s",)), *items)
    (care,) = lost_care(whole, what_falls(whole, ["server:s"]), numbers or PlanNumbers())
    return care


NEED = Need(id="n", service="x", of=("server:s",))


def test_a_closed_service_loses_all_its_patients_and_nothing_of_it_is_a_guess() -> None:
    care = care_of(Service(id="x", a_day=48), NEED)
    assert (care.an_hour.low, care.an_hour.usual, care.an_hour.high) == (2, 2, 2)
    assert (care.weight, care.guesses) == (2, ())


def test_a_fallback_leaves_its_share_at_first_and_less_later() -> None:
    paper = Fallback(id="f", service="x", share=0.75, share_after=0.5, holds_hours=72)
    care = care_of(Service(id="x", week=(4.0,)), NEED, paper)
    assert care.mode is Mode.PAPER
    assert (care.an_hour.low, care.an_hour.usual, care.an_hour.high) == (1, 1.5, 2)
    assert care.guesses == ()


def test_what_a_fallback_leaves_in_the_end_is_guessed_where_nobody_said() -> None:
    care = care_of(Service(id="x", a_day=24), NEED, Fallback(id="f", service="x", share=0.9))
    assert (care.an_hour.low, care.an_hour.high) == (pytest.approx(0.1), 0.7)
    assert care.guesses


def test_without_a_share_the_number_of_the_mode_stands_and_is_called_a_guess() -> None:
    degraded = Need(id="n", service="x", of=("server:s",), without=Mode.DEGRADED)
    care = care_of(Service(id="x", a_day=240), degraded)
    assert (care.an_hour.low, care.an_hour.usual, care.an_hour.high) == (1, 3, 5)
    assert "numbers of the mode" in care.guesses[0]


def test_an_analysis_is_no_patient_and_an_invoice_less() -> None:
    laboratory = care_of(Service(id="x", a_day=240, sort="support"), NEED)
    office = care_of(Service(id="x", a_day=240, sort="office"), NEED)
    assert (laboratory.an_hour.usual, laboratory.weight) == (10, 2)
    assert office.weight == pytest.approx(0.1)
    assert "counts as 0.2 patients" in laboratory.guesses[0]


def test_a_site_says_which_patients_count_for_more() -> None:
    numbers = PlanNumbers(importance={"x": 20.0})
    care = care_of(Service(id="x", a_day=24), NEED, numbers=numbers)
    assert (care.an_hour.usual, care.weight) == (1, 20)
    assert "counts as 20" in care.guesses[0]


def test_a_service_without_a_volume_is_not_one_without_patients() -> None:
    care = care_of(Service(id="x"), NEED)
    assert care.weight == pytest.approx(10 / 24)
    assert "no volume is recorded" in care.guesses[0]


@pytest.mark.parametrize(("says", "usual"), [("called each day", 0.3), ("", 1.0)])
def test_patients_watched_at_home_are_lost_care_too(says: str, usual: float) -> None:
    home = HomePatients(id="h", patients=24, needs=("application:app",), when_it_fails=says)
    care = care_of(home)
    assert care.an_hour.usual == pytest.approx(usual)
    assert care.needs == ("application:app",)
    assert care_of(HomePatients(id="h", needs=("application:app",))).weight > 0
