from __future__ import annotations

from tests.foresight.restoring.estates import map_of, sample

from wardkeep.hospital.map.care import HomePatients, Service
from wardkeep.hospital.map.machines import (
    Application,
    BackupCopy,
    Device,
    Server,
    Workstations,
)
from wardkeep.hospital.map.outside import Neighbour
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.places import Place, Segment
from wardkeep.hospital.map.placing import VIEWS, Placing, View, machines, part_of
from wardkeep.hospital.map.whole import HospitalMap


def placed(whole: HospitalMap, view: View) -> dict[str, tuple[str, ...]]:
    return {each.key: each.members for each in Placing(whole).columns(view)}


ESTATE = map_of(
    Place(id="val", name="Val", beds=10),
    Place(id="hr", name="Haute-Rive", beds=300),
    Segment(id="net", site="hr"),
    Segment(id="nowhere"),
    Server(id="a", site="hr", tier=0),
    Server(id="b", segment="net", tier=1),
    Server(id="c", site="val"),
    Server(id="d", segment="nowhere"),
    Workstations(id="pc", site="unknown-site", count=7),
    Device(id="pump", site="val", count=3),
    Application(id="one", servers=("a", "b")),
    Application(id="two", servers=("a", "c")),
    Application(id="bare"),
    BackupCopy(id="disk", of=("c",), on="b"),
    Account(id="admins", tier=0),
    Account(id="users"),
    Neighbour(id="south"),
    Service(id="lab", sort="support"),
    HomePatients(id="hearts"),
)


def test_the_biggest_site_comes_first_and_sites_that_are_only_named_after_the_known() -> None:
    keys = list(placed(ESTATE, "site"))
    assert keys[:3] == ["hr", "val", "unknown-site"]
    assert keys[3:] == [":several", ":outside", ":people", ":none"]


def test_a_thing_without_a_site_stands_at_that_of_its_segment_or_of_its_servers() -> None:
    sites = placed(ESTATE, "site")
    assert sites["hr"] == (
        "application:one",
        "server:a",
        "server:b",
        "segment:net",
        "backup:disk",
    )
    assert sites[":several"] == ("application:two",)
    assert sites[":none"] == (
        "service:lab",
        "application:bare",
        "server:d",
        "segment:nowhere",
    )
    assert sites[":outside"] == ("home:hearts", "neighbour:south")


def test_tiers_are_told_and_who_has_none_is_not_recorded_but_devices_have_none() -> None:
    assert placed(ESTATE, "tier") == {
        "0": ("server:a", "account:admins"),
        "1": ("server:b",),
        "2": ("workstations:pc",),
        ":device": ("device:pump",),
        ":none": ("server:c", "server:d", "account:users"),
    }


def test_machines_stand_in_their_network_and_those_of_none_are_not_recorded() -> None:
    assert placed(ESTATE, "segment") == {
        "net": ("server:b",),
        "nowhere": ("server:d",),
        ":none": ("server:a", "server:c", "workstations:pc", "device:pump"),
    }
    only_named = map_of(
        Segment(id="a", name="Z"), Server(id="s", segment="b"), Server(id="t", segment="a")
    )
    assert list(placed(only_named, "segment")) == ["b", "a"]


def test_services_stand_by_their_sort_and_patients_at_home_with_them() -> None:
    assert placed(ESTATE, "service") == {"support": ("service:lab",), "home": ("home:hearts",)}


def test_things_are_told_apart_by_segment_and_else_by_site() -> None:
    assert part_of(ESTATE.items["server:b"]) == "net"
    assert part_of(ESTATE.items["server:a"]) == "hr"
    assert part_of(None) == ""
    assert [machines(ESTATE.items[each]) for each in ("server:a", "workstations:pc")] == [1, 7]
    assert machines(ESTATE.items["service:lab"]) == 0


def test_an_empty_map_has_no_columns() -> None:
    assert [Placing(map_of()).columns(view) for view in VIEWS] == [()] * len(VIEWS)


def test_of_the_sample_each_thing_stands_once() -> None:
    for view in VIEWS:
        members = [each for found in placed(sample(), view).values() for each in found]
        assert len(members) == len(set(members)) > 20
