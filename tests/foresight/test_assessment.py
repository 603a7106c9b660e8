from __future__ import annotations

import pytest
from tests.hospital.map.test_falls import map_of
from tests.sample.test_estate import whole

from wardkeep.foresight.assessment import Link, assess, struck_one
from wardkeep.hospital.map.care import HomePatients, Mode, Need, Service
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.machines import Application, Server, Workstations
from wardkeep.hospital.map.outside import Exchange, Neighbour, RemoteAccess, Supplier
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.places import Reach, Segment

SOUTH = (
    Neighbour(id="south", name="Hôpital du Sud"),
    Segment(id="room"),
    Segment(id="office"),
    Segment(id="far"),
    Server(id="dc", segment="room", tier=0),
    Workstations(id="pcs", segment="office", count=40),
    Workstations(id="others", segment="far", count=500),
    Reach(id="r", source="room", target="office", ports="file"),
    Reach(id="web", source="room", target="far", ports="web"),
)
TUNNEL = Exchange(id="tunnel", neighbour="south", channels=("infection",), ends_at=("dc",))
RESULTS = Exchange(
    id="results",
    neighbour="south",
    channels=("dependency",),
    can_be_cut=True,
    when_cut="telephone",
)
LAB = (Service(id="lab", a_day=200), Need(id="n", service="lab", of=("exchange:results",)))


def links(*items: object, struck: str = "south") -> dict[str, Link]:
    return {each.item: each for each in assess(map_of(*items), struck).links}  # type: ignore[arg-type]


def test_a_way_in_tells_what_could_be_taken_from_where_it_ends() -> None:
    tunnel = links(*SOUTH, TUNNEL)["exchange:tunnel"]
    assert (tunnel.machines, tunnel.first_tier) == (41, 1)
    assert tunnel.may_carry_the_attack
    assert tunnel.can_be_cut is None


def test_what_may_carry_the_attack_comes_first_and_then_what_costs_least_care() -> None:
    needed = Exchange(id="a-needed", neighbour="south", channels=("infection",))
    need = Need(id="m", service="lab", of=("exchange:a-needed",))
    found = assess(map_of(*SOUTH, *LAB, need, needed, TUNNEL, RESULTS), "south")
    assert [each.item for each in found.links] == [
        "exchange:tunnel",
        "exchange:a-needed",
        "exchange:results",
    ]
    assert found.links[1].patients_a_day == 200


def test_cutting_an_exchange_tells_the_services_and_the_patients_at_home_that_lose_by_it() -> (
    None
):
    home = HomePatients(id="hearts", needs=("exchange:results",))
    results = links(*SOUTH, *LAB, home, RESULTS)["exchange:results"]
    assert [(each.service, each.mode) for each in results.services] == [
        ("service:lab", Mode.CLOSED)
    ]
    assert results.home == ("home:hearts",)
    assert not results.may_carry_the_attack


def test_an_exchange_of_which_nobody_said_how_harm_crosses_counts_as_a_way_in() -> None:
    found = assess(map_of(*SOUTH, Exchange(id="x", neighbour="south")), "south")
    assert found.links[0].may_carry_the_attack
    assert found.not_recorded == (
        "exchange:x: how harm may cross it",
        "exchange:x: whether it can be cut by us",
        "exchange:x: what care does when it is cut",
        "exchange:x: where it comes in",
    )


def test_people_who_work_in_both_hospitals_are_a_link_by_their_password() -> None:
    doctors = Account(id="both", also_in=("south",), sessions=("workstations:pcs",))
    link = links(*SOUTH, doctors)["account:both"]
    assert link.channels == ("credentials",)
    assert link.machines == 40


def test_a_supplier_is_linked_by_its_access_and_by_what_it_keeps_running() -> None:
    items = (
        Supplier(id="firm", name="Firm"),
        Server(id="dpi1", supplier="firm", segment="room"),
        Server(id="alone", supplier="firm"),
        Application(id="dpi", servers=("dpi1",), supplier="firm"),
        RemoteAccess(id="vpn", supplier="firm", targets=("dpi1",)),
    )
    assert list(links(*SOUTH, *items, struck="Firm")) == [
        "access:vpn",
        "application:dpi",
        "server:alone",
    ]


@pytest.mark.parametrize(
    "name", ["south", "neighbour:south", "HOPITAL DU SUD", "hôpital du sud", "du sud"]
)
def test_who_is_struck_is_found_by_any_of_its_names(name: str) -> None:
    assert struck_one(map_of(*SOUTH), name) == SOUTH[0]


def test_a_name_that_is_not_known_or_of_several_is_answered_with_those_that_are() -> None:
    with pytest.raises(NotOnTheMapError, match="no neighbour") as unknown:
        struck_one(map_of(*SOUTH), "north")
    assert "neighbour:south" in unknown.value.advice
    both = map_of(*SOUTH, Supplier(id="south", name="South Ltd"))
    with pytest.raises(NotOnTheMapError, match="supplier:south"):
        struck_one(both, "south")
    assert struck_one(both, "supplier:south") == Supplier(id="south", name="South Ltd")


def test_the_sample_hospital_is_linked_to_every_neighbour_it_names() -> None:
    linked = {
        each.id: assess(whole(), f"neighbour:{each.id}") for each in whole().of(Neighbour)
    }
    assert len(linked) == 5
    assert all(found.links for found in linked.values())


def test_what_a_supplier_keeps_running_tells_the_services_that_stop_with_it() -> None:
    firm = Supplier(id="firm")
    system = Application(id="lis", supplier="firm")
    need = Need(id="n", service="lab", of=("lis",))
    link = links(firm, system, LAB[0], need, struck="firm")["application:lis"]
    assert [each.service for each in link.services] == ["service:lab"]


def test_without_all_that_is_a_suppliers_the_systems_that_it_keeps_running_are_gone_too() -> (
    None
):
    found = assess(
        map_of(
            Supplier(id="acme"),
            Application(id="lis", supplier="acme"),
            RemoteAccess(id="vpn", supplier="supplier:acme"),
            Service(id="lab", a_day=200),
            Need(id="n", service="lab", of=("application:lis",)),
        ),
        "acme",
    )
    assert [(each.service, each.mode) for each in found.without_them] == [
        ("service:lab", Mode.CLOSED)
    ]
    assert {each.item: each.is_way_in_alone for each in found.links} == {
        "access:vpn": True,
        "application:lis": False,
    }
