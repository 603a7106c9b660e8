from __future__ import annotations

import datetime as dt
import re
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeep.hospital.map.care import Fallback, Mode, Need, Service
from wardkeep.hospital.map.checks import Finding, check_map
from wardkeep.hospital.map.item import Item, reference_to
from wardkeep.hospital.map.machines import Application, BackupCopy, Device, Server
from wardkeep.hospital.map.outside import Exchange, RemoteAccess, Supplier
from wardkeep.hospital.map.people import Policy
from wardkeep.hospital.map.places import Reach, Segment
from wardkeep.hospital.map.whole import HospitalMap, Layer, merged

TODAY = dt.date(2026, 11, 29)


def found(*items: Item) -> dict[tuple[str, str], Finding]:
    whole = HospitalMap({reference_to(each): each for each in items})  # type: ignore[misc]
    return {(each.check, each.item): each for each in check_map(whole, TODAY)}


CARE = (
    Server(id="lis1", owner="an", domain="corp"),
    Server(id="lis2", owner="an", domain="corp"),
    Application(id="lis", owner="an", servers=("lis1", "lis2")),
    Service(id="lab", name="Laboratory", owner="an", a_day=1_000),
    Need(id="n", service="lab", of=("lis",)),
)


def test_what_alone_stops_a_service_is_told_with_its_patients_and_once_for_its_servers() -> (
    None
):
    told = found(*CARE)
    point = told["single-point", "application:lis"]
    assert str(point.why) == (
        "alone it stops Laboratory: the loss of any one of its 2 servers stops it"
    )
    assert (point.rank, point.patients_a_day) == (1, 1_000)
    assert ("single-point", "server:lis1") not in told


def test_a_server_that_carries_others_is_a_single_point_of_its_own() -> None:
    carried = Server(id="lis1", host="hv")
    told = found(*CARE[1:], carried, Server(id="hv"))
    assert ("single-point", "server:hv") in told


def test_a_fallback_makes_it_no_single_point_and_no_lack_of_fallback() -> None:
    told = found(*CARE, Fallback(id="f", service="lab", mode=Mode.PAPER))
    assert ("single-point", "application:lis") not in told
    assert ("no-fallback", "service:lab") not in told
    assert ("no-fallback", "service:lab") in found(*CARE)


def test_a_backup_within_reach_of_the_domain_it_saves_is_told_unless_nobody_can_delete_it() -> (
    None
):
    copy = BackupCopy(id="disk", of=("lis1",), domain="corp", proved="2026-11-01")
    key = ("backup-in-reach", "backup:disk")
    assert key in found(*CARE, copy)
    fixed = BackupCopy(id="disk", of=("lis1",), domain="corp", immutable=True)
    assert key not in found(*CARE, fixed)
    other = BackupCopy(id="disk", of=("lis1",), domain="vault")
    assert key not in found(*CARE, other)


def test_a_server_without_a_copy_is_told_and_one_saved_with_its_application_is_not() -> None:
    copy = BackupCopy(id="disk", of=("application:lis",))
    assert ("no-backup", "server:lis1") in found(*CARE)
    assert ("no-backup", "server:lis1") not in found(*CARE, copy)


def test_a_restore_proved_a_quarter_ago_counts_and_one_before_does_not() -> None:
    key = ("backup-unproved", "backup:disk")
    for day, unproved in (("2026-08-29", False), ("2026-08-28", True), ("", True), ("x", True)):
        copy = BackupCopy(id="disk", of=("lis1",), proved=day)
        assert (key in found(copy)) == unproved, day


def test_an_access_that_nobody_said_is_closed_counts_as_open() -> None:
    told = found(RemoteAccess(id="a", supplier="supplier:s"), Supplier(id="s"))
    assert "NOT RECORDED" in str(told["standing-access", "access:a"].why)
    assert "NOT RECORDED" in str(told["one-factor", "access:a"].why)
    assert ("no-notice", "supplier:s") in told
    closed = RemoteAccess(
        id="a",
        supplier="supplier:s",
        standing=False,
        second_factor=True,
        targets=("device:ct",),
    )
    supplier = Supplier(id="s", notifies_within_hours=24)
    assert not found(closed, supplier, Device(id="ct"))


def test_an_access_of_nobody_is_told_by_its_own_name() -> None:
    told = found(RemoteAccess(id="old-modem", supplier="", standing=True))
    assert "access:old-modem" in str(told["standing-access", "access:old-modem"].why)


def test_what_is_named_and_not_on_the_map_is_told_with_who_names_it() -> None:
    told = found(Application(id="dpi", owner="an", servers=("gone",)))
    assert str(told["not-on-the-map", "server:gone"].why) == "application:dpi names it"


def test_orphans_owners_and_overdue_policies_are_told() -> None:
    told = found(Server(id="old"), Policy(id="p", review="2025-01-01"), Policy(id="q"))
    assert ("orphan", "server:old") in told
    assert ("no-owner", "server:old") in told
    assert str(told["policy-overdue", "policy:p"].why) == "review was due on 2025-01-01"
    assert ("policy-overdue", "policy:q") in told
    assert ("orphan", "server:lis1") not in found(*CARE)


def test_two_sources_that_disagree_are_told() -> None:
    one = Layer(
        source="a", part="p", rank=1, at=0, items=(Server(id="s", site="x", owner="o"),)
    )
    two = Layer(source="b", part="p", rank=2, at=0, items=(Server(id="s", site="y"),))
    told = {each.check: each for each in check_map(merged([one, two]), TODAY)}
    assert str(told["disagreement"].why) == "site: 'x' by a, 'y' by b"


def test_the_worst_and_what_concerns_most_patients_come_first() -> None:
    many = (Service(id="many", a_day=9), Need(id="m", service="many", of=("server:x",)))
    few = (Service(id="few", a_day=2), Need(id="f", service="few", of=("server:y",)))
    items = (*few, *many, Server(id="x"), Server(id="y"))
    whole = HospitalMap({reference_to(each): each for each in items})
    told = check_map(whole, TODAY)
    assert [each.rank for each in told] == sorted(each.rank for each in told)
    points = [each.item for each in told if each.check == "single-point"]
    assert points == ["server:x", "server:y"]


@pytest.mark.parametrize(
    ("namer", "wrong", "meant"),
    [
        (Need(id="n", service="lab", of=("dc1",)), "application:dc1", "server:dc1"),
        (Application(id="dpi", servers=("DC1",)), "server:DC1", "server:dc1"),
        (Application(id="dpi", servers=("Directory 1",)), "server:Directory 1", "server:dc1"),
    ],
)
def test_what_may_be_meant_by_a_name_that_is_not_on_the_map_is_told(
    namer: Item, wrong: str, meant: str
) -> None:
    told = found(namer, Service(id="lab"), Server(id="dc1", name="Directory 1"))
    assert f"{meant} is on the map: write {meant}" in str(told["not-on-the-map", wrong].why)


def test_what_a_field_cannot_hold_or_several_are_called_is_not_proposed() -> None:
    told = found(Application(id="dpi", servers=("lis",)), Application(id="lis"))
    assert str(told["not-on-the-map", "server:lis"].why) == "application:dpi names it"
    two = (Server(id="a", name="Directory"), Server(id="b", name="Directory"))
    namers = [Application(id=each, servers=("directory",)) for each in ("x", "y")]
    told = found(*namers, *two)
    why = str(told["not-on-the-map", "server:directory"].why)
    assert why == "application:x and 1 more name it"
    told = found(*namers, two[0])
    why = str(told["not-on-the-map", "server:directory"].why)
    assert why == "application:x and 1 more name it; server:a is on the map: write server:a"


def test_an_access_behind_which_no_machine_is_recorded_is_not_safe_but_unknown() -> None:
    access = RemoteAccess(id="a", supplier="supplier:s", targets=("segment:lab",))
    key = ("leads-nowhere", "access:a")
    told = found(access, Segment(id="lab"))
    assert told[key].rank == 2
    assert "it reads as safe and is only not recorded" in str(told[key].why)
    assert key not in found(access, Segment(id="lab"), Device(id="ct", segment="lab"))
    none = RemoteAccess(id="a", supplier="supplier:s")
    assert str(found(none)[key].why).startswith("no target of it is recorded")
    gone = RemoteAccess(id="a", supplier="supplier:s", targets=("server:gone",))
    assert key in found(gone)


def test_an_exchange_that_ends_at_no_machine_and_a_segment_without_one_are_told() -> None:
    ends = Exchange(id="e", neighbour="chu", ends_at=("application:lis",))
    key = ("leads-nowhere", "exchange:e")
    assert key in found(ends, Application(id="lis", servers=("lis1",)))
    assert key not in found(ends, Application(id="lis", servers=("lis1",)), Server(id="lis1"))
    assert key not in found(Exchange(id="e", neighbour="chu"))
    reach = Reach(id="r", source="office", target="lab")
    key = ("leads-nowhere", "segment:lab")
    told = found(reach, Segment(id="office"), Segment(id="lab"))
    assert str(told[key].why).startswith("reach:r leads there, and no machine of it")
    assert ("leads-nowhere", "segment:office") not in told
    assert key not in found(reach, Segment(id="lab", zone="outside"))
    assert key not in found(reach, Segment(id="lab"), Server(id="s", segment="lab"))


def circles(*items: Item) -> dict[str, str]:
    told = found(*items).items()
    return {item: str(each.why) for (check, item), each in told if check == "restore-circle"}


def test_a_copy_on_what_is_restored_after_the_server_it_saves_is_told_with_the_circle() -> None:
    copy = BackupCopy(id="nightly", of=("dc",), on="vault")
    vault = Server(id="vault", name="Backup server", restored_after=("hv",))
    told = circles(Server(id="dc"), Server(id="hv", restored_after=("dc",)), vault, copy)
    assert told == {
        "server:dc": "its copies can be read only after it: server:dc > Backup server >"
        " server:hv > server:dc, each waits for the next; if all are lost, it comes back"
        " without a copy"
    }


def test_a_copy_on_the_server_it_saves_is_told() -> None:
    copy = BackupCopy(id="nightly", of=("vault",), on="vault")
    assert circles(Server(id="vault"), copy) == {
        "server:vault": "its copies lie on itself: if it is lost, it comes back without them"
    }


@pytest.mark.parametrize(
    "second",
    [
        BackupCopy(id="tape", of=("dc",), on="vault", offline=True),
        BackupCopy(id="cloud", of=("dc",)),
        BackupCopy(id="far", of=("dc",), on="nas"),
        BackupCopy(id="gone", of=("dc",), on="not-on-the-map"),
    ],
)
def test_a_second_copy_that_can_be_read_first_opens_the_circle(second: BackupCopy) -> None:
    copy = BackupCopy(id="nightly", of=("dc",), on="vault")
    house = (Server(id="dc"), Server(id="vault", host="dc"), Server(id="nas"))
    assert set(circles(*house, copy)) == {"server:dc"}
    assert circles(*house, copy, second) == {}


def test_two_applications_that_hold_each_others_copies_are_told_at_each() -> None:
    one = BackupCopy(id="a", of=("application:lis",), on="ris1")
    other = BackupCopy(id="b", of=("ris1",), on="lis1")
    house = (Server(id="ris1"), Server(id="lis1"), Application(id="lis", servers=("lis1",)))
    told = circles(*house, one, other)
    assert set(told) == {"server:lis1", "server:ris1"}
    assert "server:lis1 > server:ris1 > server:lis1" in told["server:lis1"]


def test_servers_that_the_map_says_wait_for_each_other_are_told_once() -> None:
    told = circles(
        Server(id="ad", restored_after=("dns",)), Server(id="dns", host="ad"), Server(id="pc")
    )
    assert told == {
        "server:ad": "each of these waits for the next, as the map says: server:ad > server:dns"
        " > server:ad; none of them can be restored first"
    }
    assert found(Server(id="ad", restored_after=("ad",)))["restore-circle", "server:ad"]


NAMES = "abcdefg"


@st.composite
def waiting(draw: st.DrawFn) -> tuple[list[Server], list[BackupCopy]]:
    some = st.lists(st.sampled_from(NAMES), max_size=2).map(tuple)
    servers = [
        Server(id=each, restored_after=draw(some) if draw(st.booleans()) else ())
        for each in NAMES
    ]
    pairs = draw(st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))))
    copies = [BackupCopy(id=f"{n}", of=(of,), on=on) for n, (of, on) in enumerate(pairs)]
    return servers, copies


@settings(deadline=None)
@given(waiting())
def test_a_circle_is_told_if_and_only_if_some_server_can_never_be_brought_back_with_its_copy(
    estate: tuple[list[Server], list[BackupCopy]],
) -> None:
    servers, copies = estate
    holders = {each: {copy.on for copy in copies if copy.of == (each,)} for each in NAMES}
    back: set[str] = set()
    for _ in NAMES:  # as somebody would try by hand, again and again
        back |= {
            each.id
            for each in servers
            if back.issuperset(each.restored_after)
            and (not holders[each.id] or holders[each.id] & back)
        }
    told = circles(*servers, *copies)
    assert bool(told) == (len(back) < len(NAMES))
    assert back.isdisjoint(each.partition(":")[2] for each in told)
    links = {(f"server:{a.id}", f"server:{b}") for a in servers for b in a.restored_after}
    links |= {(f"server:{copy.of[0]}", f"server:{copy.on}") for copy in copies}
    for item, why in told.items():
        way = re.findall(r"server:\w", why) or [item, item]
        assert way[0] == way[-1] == item
        assert set(pairwise(way)) <= links
