from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.care import Fallback, HomePatients, Mode, Need, Service
from wardkeep.hospital.map.falls import what_falls
from wardkeep.hospital.map.item import Item, reference_to
from wardkeep.hospital.map.machines import Application, Device, Server
from wardkeep.hospital.map.outside import Exchange
from wardkeep.hospital.map.places import BuildingService, Place, Segment
from wardkeep.hospital.map.whole import HospitalMap


def map_of(*items: Item) -> HospitalMap:
    return HospitalMap({reference_to(each): each for each in items})  # type: ignore[misc]


LABORATORY = (
    Segment(id="room"),
    Server(id="hv", segment="room"),
    Server(id="lis1", host="hv"),
    Server(id="lis2"),
    Application(id="lis", servers=("lis1", "lis2"), servers_needed=1),
    Service(id="lab", a_day=1_000),
    Need(id="n", service="lab", of=("lis",)),
    Device(id="analysers", segment="room", stands_alone=True),
    Fallback(id="f", service="lab", needs=("device:analysers",), mode=Mode.PAPER, share=0.4),
)


def test_one_of_two_servers_leaves_the_application_up() -> None:
    falls = what_falls(map_of(*LABORATORY), ["server:lis1"])
    assert set(falls.because) == {"server:lis1"}
    assert not falls.services


def test_without_both_the_laboratory_goes_on_by_its_fallback() -> None:
    falls = what_falls(map_of(*LABORATORY), ["segment:room", "server:lis2"])
    assert falls.because["server:lis1"] == "server:hv"
    assert falls.because["application:lis"] in {"server:lis1", "server:lis2"}
    (lab,) = falls.services
    assert (lab.mode, lab.fallback, lab.share) == (Mode.PAPER, "fallback:f", 0.4)
    assert lab.lacks == ("application:lis",)
    assert lab.patients_a_day == 1_000


def test_a_fallback_of_the_mode_that_the_need_names_says_with_which_share() -> None:
    house = [each for each in LABORATORY if not isinstance(each, Need)]
    on_paper = Need(id="n", service="lab", of=("lis",), without=Mode.PAPER)
    (lab,) = what_falls(map_of(*house, on_paper), ["segment:room", "server:lis2"]).services
    assert (lab.mode, lab.fallback, lab.share) == (Mode.PAPER, "fallback:f", 0.4)


def test_a_fallback_that_lost_what_it_needs_is_none() -> None:
    first = ["server:lis1", "server:lis2", "device:analysers"]
    (lab,) = what_falls(map_of(*LABORATORY), first).services
    assert (lab.mode, lab.fallback) == (Mode.CLOSED, "")


def test_a_service_that_needs_a_closed_one_falls_with_it_and_not_one_on_paper() -> None:
    theatre = (Service(id="theatre"), Need(id="t", service="theatre", of=("service:lab",)))
    items = (*LABORATORY, *theatre)
    paper = what_falls(map_of(*items), ["application:lis"])
    assert [each.service for each in paper.services] == ["service:lab"]
    closed = what_falls(map_of(*items), ["application:lis", "device:analysers"])
    assert {each.service for each in closed.services} == {"service:lab", "service:theatre"}


def test_a_device_falls_with_its_segment_unless_it_is_said_to_stand_alone() -> None:
    unsaid, alone = Device(id="a", segment="s"), Device(id="b", segment="s", stands_alone=True)
    falls = what_falls(map_of(Segment(id="s"), unsaid, alone), ["segment:s"])
    assert "device:a" in falls.because
    assert "device:b" not in falls.because


def test_building_services_fall_with_their_last_controller_unless_worked_by_hand() -> None:
    doors = BuildingService(id="doors", controllers=("server:c1", "server:c2"), by_hand=False)
    lift = BuildingService(id="lift", controllers=("server:c1",), by_hand=True)
    whole = map_of(Server(id="c1"), Server(id="c2"), doors, lift)
    assert set(what_falls(whole, ["server:c1"]).because) == {"server:c1"}
    both = what_falls(whole, ["server:c1", "server:c2"]).because
    assert "building:doors" in both
    assert "building:lift" not in both


def test_an_exchange_falls_with_the_neighbour_and_patients_at_home_are_named() -> None:
    exchange = Exchange(id="x", neighbour="south")
    home = HomePatients(id="hearts", patients=140, needs=("exchange:x",))
    falls = what_falls(map_of(exchange, home), ["neighbour:south"])
    assert "exchange:x" in falls.because
    assert falls.home == ("home:hearts",)


@pytest.mark.parametrize("at_least", [None, 1, 2])
def test_a_need_of_several_is_met_by_as_many_as_it_says(at_least: int | None) -> None:
    need = Need(id="n", service="s", of=("server:a", "server:b"), at_least=at_least)
    whole = map_of(Server(id="a"), Server(id="b"), Service(id="s"), need)
    assert bool(what_falls(whole, ["server:a"]).services) == (at_least != 1)


def test_a_service_closes_with_its_site_unless_it_has_something_to_fall_back_on() -> None:
    service = Service(id="ward", site="north")
    (fall,) = what_falls(map_of(Place(id="north"), service), ["site:north"]).services
    assert (fall.mode, fall.lacks) == (Mode.CLOSED, ("site:north",))
    elsewhere = Fallback(id="f", service="ward", mode=Mode.DIVERTED)
    (fall,) = what_falls(map_of(Place(id="north"), service, elsewhere), ["site:north"]).services
    assert fall.mode is Mode.DIVERTED


ITEMS = ["segment:room", "server:hv", "server:lis1", "server:lis2", "device:analysers"]


@given(st.sets(st.sampled_from(ITEMS)), st.sets(st.sampled_from(ITEMS)))
def test_more_that_falls_first_never_makes_anything_better(
    few: set[str], more: set[str]
) -> None:
    whole = map_of(*LABORATORY)
    small, large = what_falls(whole, sorted(few)), what_falls(whole, sorted(few | more))
    assert set(small.because) <= set(large.because)
    worse = {each.service: each.mode.depth for each in large.services}
    assert all(each.mode.depth <= worse[each.service] for each in small.services)
