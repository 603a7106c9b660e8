"""Whole plans: of a small hospital, and of the sample hospital with everything lost."""

from __future__ import annotations

from functools import cache

import msgspec
import pytest
from tests.foresight.restoring.estates import SMALL, map_of, sample

from wardkeep.foresight.restoring.errors import RestoreCycleError
from wardkeep.foresight.restoring.plan import RestorePlan, day_of, restore_plan, usual_steps
from wardkeep.hospital.map.machines import Server

EVERY_SMALL = ("ad1", "ad2", "games", "hv", "lis", "record")


@cache
def whole_sample() -> RestorePlan:
    lost = tuple(each.id for each in sample().of(Server))
    return restore_plan(sample(), lost, crews=4, steps=1_000)


def test_the_small_hospital_brings_its_laboratory_back_before_its_wards() -> None:
    plan = restore_plan(map_of(*SMALL), EVERY_SMALL, crews=1)
    turn = [each.server for each in plan.servers]
    assert turn[:4] == ["hv", "ad1", "lis", "record"]
    lab, wards = plan.services
    assert (lab.name, lab.back, lab.day, lab.work) == ("Laboratory", 13.0, 1, 13.0)
    assert (wards.back, wards.work, wards.servers) == (16.0, 3.0, 4)
    assert lab.why.startswith("before Wards")
    assert wards.why == "the last that work is done for"
    assert (lab.an_hour.low, lab.an_hour.usual, lab.an_hour.high) == (10.0, 12.5, 15.0)
    assert plan.within_percent == 0.0
    by_name = {each.server: each for each in plan.servers}
    assert by_name["record"].guess
    assert not by_name["lis"].guess
    assert "host of 1 lost machine" in by_name["hv"].why
    assert by_name["ad2"].services == ()
    assert "no service on the map needs it" in by_name["games"].why


def test_each_day_tells_what_is_back_and_the_last_one_that_nothing_is_missing() -> None:
    plan = restore_plan(map_of(*SMALL), EVERY_SMALL, crews=1)
    assert [each.day for each in plan.days] == [1, 2][: len(plan.days)]
    assert plan.days[-1].servers == len(EVERY_SMALL)
    assert plan.days[-1].patients_an_hour.high == 0
    assert plan.delay.usual == pytest.approx(12.5 + 10 * 0.3)
    assert [day_of(hour) for hour in (0, 1, 24, 24.5, 48)] == [1, 1, 1, 2, 2]


def test_the_samples_directory_and_hosts_stand_before_its_record_and_it_is_told_why() -> None:
    plan = whole_sample()
    starts = {each.server: each for each in plan.servers}
    record = [each for each in plan.servers if each.server.startswith("dpi")]
    first = min(each.starts for each in record)
    assert starts["annuaire01"].ends <= first
    for each in record:
        assert "annuaire01" in each.after
        hosts = [name for name in each.after if name.startswith("hv")]
        assert hosts
        assert all(starts[host].ends <= each.starts for host in hosts)
        assert "annuaire01" in each.why
        assert hosts[0] in each.why
    assert "servers cannot be restored before it" in starts["annuaire01"].why
    assert "host of" in starts["hv01"].why


def test_every_place_and_every_service_of_the_sample_has_its_reason() -> None:
    plan = whole_sample()
    assert len(plan.servers) == 200
    assert sorted(each.place for each in plan.servers) == list(range(1, 201))
    assert all(each.why for each in plan.servers)
    assert all(each.why for each in plan.services)
    assert len(plan.services) == 26
    assert plan.bound <= plan.patients <= plan.bound * 1.15
    assert plan.within_percent >= 100 * (plan.patients / plan.bound - 1) - 0.01


def test_the_same_map_gives_the_same_plan_byte_for_byte() -> None:
    once, again = (
        restore_plan(map_of(*SMALL), EVERY_SMALL, crews=2, steps=300) for _ in range(2)
    )
    assert msgspec.json.encode(once) == msgspec.json.encode(again)


def test_servers_that_wait_for_each_other_are_named_in_their_circle() -> None:
    one = Server(id="a", restored_after=("b",))
    whole = map_of(one, Server(id="b", host="c"), Server(id="c", restored_after=("a",)))
    with pytest.raises(RestoreCycleError, match="a after b after c after a"):
        restore_plan(whole, ("a", "b", "c"))


def test_a_circle_with_a_server_that_stands_is_none() -> None:
    whole = map_of(Server(id="a", restored_after=("b",)), Server(id="b", restored_after=("a",)))
    assert [each.server for each in restore_plan(whole, ("a",)).servers] == ["a"]


def test_what_no_service_needs_is_planned_all_the_same() -> None:
    plan = restore_plan(map_of(Server(id="a"), Server(id="b")), ("a", "b"), crews=1)
    assert [each.server for each in plan.servers] == ["a", "b"]
    assert (plan.services, plan.patients, plan.within_percent) == ((), 0.0, 0.0)


def test_the_search_is_shorter_the_more_servers_there_are() -> None:
    assert usual_steps(20) == 40_000
    assert usual_steps(200) == 6_000
    assert usual_steps(5_000) == 240
