"""Copies that lie on servers which are lost too."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.foresight.restoring.estates import map_of, sample

from wardkeep.foresight.restoring.copies import CopyWaits, copy_waits
from wardkeep.foresight.restoring.plan import RestorePlan, restore_plan
from wardkeep.foresight.restoring.problem import closed, refuse_cycle
from wardkeep.hospital.map.care import Need, Service
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.machines import Application, BackupCopy, Server

HOUSE = (
    Server(id="dc1", restore_hours=6),
    Server(id="lab1", restore_hours=2),
    Server(id="backup1", restore_hours=8, restored_after=("dc1",)),
    Server(id="nas", restore_hours=1),
    Application(id="laboratory", servers=("lab1",)),
    Service(id="lab", name="Laboratory", a_day=240),
    Need(id="n", service="lab", of=("laboratory",)),
)
ITSELF = (
    "backup1's copy lies on backup1 itself: restore backup1 without its copy, or keep one"
    " elsewhere before an attack"
)
CIRCLE = (
    "dc1's copy lies on backup1, which is restored after dc1: restore dc1 without its copy,"
    " or break the circle before an attack"
)


def planned(*items: Item, lost: str = "backup1 dc1 lab1 nas") -> RestorePlan:
    return restore_plan(map_of(*HOUSE, *items), lost.split(), crews=4, steps=100)


def after(plan: RestorePlan, server: str) -> set[str]:
    return {ahead for each in plan.servers if each.server == server for ahead in each.after}


def test_the_backup_server_stands_before_the_laboratory_whose_copy_lies_on_it() -> None:
    plan = planned(BackupCopy(id="nightly", of=("lab1",), on="backup1"))
    ends = {each.server: each.ends for each in plan.servers}
    (laboratory,) = (each for each in plan.servers if each.server == "lab1")
    assert laboratory.starts == ends["backup1"] == 14.0
    assert "its copy lies on backup1" in laboratory.why
    (backup,) = (each for each in plan.servers if each.server == "backup1")
    assert backup.services == ("service:lab",)
    assert plan.warnings == ()


def test_the_copy_of_an_application_is_one_of_its_servers() -> None:
    copy = BackupCopy(id="nightly", of=("application:laboratory",), on="backup1")
    assert after(planned(copy), "lab1") == {"backup1"}


@pytest.mark.parametrize(
    "free",
    [
        BackupCopy(id="tape", of=("lab1",), on="backup1", offline=True),
        BackupCopy(id="cloud", of=("lab1",)),
        BackupCopy(id="far", of=("lab1",), on="standing"),
        BackupCopy(id="gone", of=("lab1",), on="not-on-the-map"),
    ],
)
def test_a_copy_that_the_attack_left_readable_is_not_waited_for(free: BackupCopy) -> None:
    copy = BackupCopy(id="nightly", of=("lab1",), on="backup1")
    assert after(planned(copy, free, Server(id="standing")), "lab1") == set()


def test_of_two_copies_that_is_read_which_is_there_with_less_work() -> None:
    copies = [BackupCopy(id=on, of=("lab1",), on=on) for on in ("backup1", "nas")]
    assert after(planned(*copies), "lab1") == {"nas"}


def test_a_copy_on_a_machine_that_fell_with_its_host_waits_for_the_host() -> None:
    vault = Server(id="vault", host="nas")
    copy = BackupCopy(id="nightly", of=("lab1",), on="vault")
    assert after(planned(copy, vault), "lab1") == {"nas"}


def test_a_copy_on_what_is_restored_after_the_server_it_saves_is_told() -> None:
    copy = BackupCopy(id="nightly", of=("dc1", "lab1", "backup1"), on="backup1")
    plan = planned(copy)
    assert plan.warnings == (
        ITSELF,
        CIRCLE,
    )
    assert after(plan, "dc1") == set()
    assert after(plan, "backup1") == {"dc1"}
    assert after(plan, "lab1") == {"backup1"}
    assert any("WITHOUT ITS COPY" in each.why for each in plan.servers if each.server == "dc1")


def test_a_second_copy_elsewhere_opens_the_circle() -> None:
    copies = [BackupCopy(id=on, of=("dc1",), on=on) for on in ("backup1", "nas")]
    plan = planned(*copies)
    assert plan.warnings == ()
    assert after(plan, "dc1") == {"nas"}


def test_two_servers_that_hold_each_others_copy_are_told_too() -> None:
    copies = (
        BackupCopy(id="a", of=("lab1",), on="nas"),
        BackupCopy(id="b", of=("nas",), on="lab1"),
    )
    assert planned(*copies).warnings[0] == (
        "lab1's copy lies on nas, which is restored, through its own copy, after lab1: restore"
        " lab1 without its copy, or break the circle before an attack"
    )


def test_the_sample_restores_its_backup_server_before_all_that_it_saves() -> None:
    lost = tuple(each.id for each in sample().of(Server))
    plan = restore_plan(sample(), lost, crews=4, steps=50)
    ends = {each.server: each.ends for each in plan.servers}
    saved = {of for copy in sample().of(BackupCopy) for of in copy.of}
    assert len(saved) > 150
    for each in plan.servers:
        if each.server in saved:
            assert each.starts >= ends["sauve01"]
    assert plan.warnings == ()


@st.composite
def estates(
    draw: st.DrawFn,
) -> tuple[list[frozenset[int]], list[list[frozenset[int]]], list[float]]:
    count = draw(st.integers(1, 9))
    turn = draw(st.permutations(range(count)))
    stated = [frozenset[int]()] * count
    for place, server in enumerate(turn):
        ahead = turn[:place]
        drawn = draw(st.frozensets(st.sampled_from(ahead or [server]), max_size=2))
        stated[server] = drawn & frozenset(ahead)
    one = st.frozensets(st.integers(0, count - 1), min_size=1, max_size=2)
    options = [draw(st.lists(one, max_size=3)) for _ in range(count)]
    hours = [float(draw(st.integers(0, 5))) for _ in range(count)]
    return stated, options, hours


@settings(deadline=None)
@given(estates())
def test_who_can_wait_for_a_copy_does_and_nobody_waits_in_a_circle(
    estate: tuple[list[frozenset[int]], list[list[frozenset[int]]], list[float]],
) -> None:
    stated, options, hours = estate
    found: CopyWaits = copy_waits(stated, options, hours)
    refuse_cycle([str(each) for each in range(len(stated))], found.before)
    for server, choices in enumerate(options):
        assert stated[server] <= found.before[server]
        if not choices:
            assert server not in found.held
            assert server not in found.without
        elif server in found.without:
            assert server not in found.held
            # Each copy lies on what waits for the server, or on others in the same need.
            ahead = [stated[each].union(*options[each]) for each in range(len(stated))]
            assert all(server in closed(ahead, each) for each in choices)
        else:
            assert found.held[server] in choices
            assert found.held[server] <= found.before[server]
