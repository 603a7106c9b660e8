"""What must stand before a thing works again."""

from __future__ import annotations

from collections.abc import Sequence

from tests.foresight.restoring.estates import map_of

from wardkeep.foresight.restoring.reach import Reach
from wardkeep.hospital.map.care import Need, Service
from wardkeep.hospital.map.falls import what_falls
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.machines import Application, Device, Server
from wardkeep.hospital.map.outside import Exchange
from wardkeep.hospital.map.places import BuildingService


def reached(items: Sequence[Item], lost: dict[str, float], *asked: str) -> set[str]:
    """The ids of the lost servers (id: hours) that something needs."""
    whole = map_of(*items)
    places = {f"server:{name}": number for number, name in enumerate(lost)}
    falls = what_falls(whole, places)
    reach = Reach(whole, falls.because, places, list(lost.values()))
    return {list(lost)[each] for each in reach.servers(asked)}


TWO = (
    Server(id="a", restored_after=("ad",)),
    Server(id="b"),
    Server(id="ad"),
    Application(id="app", servers=("a", "b"), servers_needed=1),
    Service(id="lab"),
    Need(id="n", service="lab", of=("app",)),
)


def test_of_two_that_will_do_the_one_with_less_work_is_restored_first() -> None:
    assert reached(TWO, {"a": 1, "b": 9, "ad": 2}, "service:lab") == {"a", "ad"}
    assert reached(TWO, {"a": 1, "b": 2, "ad": 2}, "service:lab") == {"b"}


def test_what_is_needed_anyway_counts_as_no_more_work() -> None:
    more = (*TWO, Application(id="log-in", servers=("ad",)))
    need = Need(id="m", service="lab", of=("log-in",))
    assert reached((*more, need), {"a": 1, "b": 2, "ad": 2}, "service:lab") == {"a", "ad"}


def test_one_that_stands_is_enough_where_one_is_needed() -> None:
    assert reached(TWO, {"b": 1}, "application:app") == set()


def test_a_machine_that_fell_with_its_host_is_no_work_and_needs_the_host() -> None:
    items = (
        Server(id="hv"),
        Server(id="vm", host="hv"),
        Server(id="x", restored_after=("vm",)),
    )
    app = Application(id="app", servers=("vm",))
    assert reached((*items, app), {"hv": 4}, "application:app") == {"hv"}
    assert reached((*items, app), {"hv": 4, "x": 1}, "server:x") == {"hv", "x"}


def test_needs_that_go_round_in_a_circle_of_applications_end() -> None:
    items = (
        Server(id="a"),
        Server(id="b"),
        Application(id="one", servers=("a",), needs=("two",)),
        Application(id="two", servers=("b",), needs=("one",)),
    )
    assert reached(items, {"a": 1, "b": 1}, "application:one") == {"a", "b"}


def test_exchanges_doors_and_services_are_followed_and_devices_are_not() -> None:
    items = (
        Server(id="gate"),
        Server(id="doors1"),
        Server(id="doors2"),
        Server(id="lis"),
        Exchange(id="hub", neighbour="n", ends_at=("server:gate",)),
        BuildingService(id="doors", controllers=("server:doors1", "server:doors2")),
        Device(id="scanner", stands_alone=True),
        Service(id="lab"),
        Need(id="l", service="lab", of=("server:lis",)),
        Service(id="wards"),
        Need(id="w", service="wards", of=("service:lab", "exchange:hub", "building:doors")),
        Need(id="d", service="wards", of=("device:scanner",)),
    )
    lost = {"gate": 1.0, "doors1": 3.0, "doors2": 2.0, "lis": 1.0}
    assert reached(items, lost, "service:wards") == {"gate", "doors2", "lis"}


def test_a_need_of_two_out_of_three_takes_two() -> None:
    items = [Server(id=name) for name in "abc"]
    need = Need(id="n", service="s", of=("server:a", "server:b", "server:c"), at_least=2)
    lost = {"a": 3.0, "b": 1.0, "c": 2.0}
    assert reached((*items, Service(id="s"), need), lost, "service:s") == {"b", "c"}
