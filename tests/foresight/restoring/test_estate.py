"""A map and what is lost of it as work."""

from __future__ import annotations

import pytest
from tests.foresight.restoring.estates import SMALL, map_of, sample

from wardkeep.foresight.restoring.estate import LostEstate, lost_estate
from wardkeep.foresight.restoring.numbers import PlanNumbers
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.machines import Server


def waits(estate: LostEstate, server: str) -> set[str]:
    names = estate.problem.servers
    return {names[each] for each in estate.problem.before[names.index(server)]}


def test_a_server_waits_for_its_host_and_for_what_it_is_restored_after() -> None:
    lost = ("ad1", "hv", "lis", "record")
    estate = lost_estate(map_of(*SMALL), lost, 2, PlanNumbers())
    assert waits(estate, "ad1") == {"hv"}
    assert waits(estate, "lis") == {"ad1"}
    assert dict(zip(lost, estate.problem.hours, strict=True)) == {
        "ad1": 6,
        "hv": 4,
        "lis": 3,
        "record": 3,
    }


def test_what_stands_is_not_waited_for() -> None:
    estate = lost_estate(map_of(*SMALL), ("lis",), 2, PlanNumbers())
    assert waits(estate, "lis") == set()
    assert [care.name for care in estate.care] == ["Laboratory", "Wards"]


def test_a_server_restored_after_a_machine_on_a_lost_host_waits_for_the_host() -> None:
    estate = lost_estate(map_of(*SMALL), ("hv", "lis"), 2, PlanNumbers())
    assert waits(estate, "lis") == {"hv"}


def test_services_that_work_in_full_are_no_goals() -> None:
    assert lost_estate(map_of(*SMALL), ("ad2", "games"), 2, PlanNumbers()).care == ()


def test_every_goal_of_the_sample_needs_servers_that_are_lost() -> None:
    lost = tuple(each.id for each in sample().of(Server))
    estate = lost_estate(sample(), lost, 4, PlanNumbers())
    assert all(goal.needs and goal.weight > 0 for goal in estate.problem.goals)
    directory = lost.index("annuaire01")
    assert all(directory in goal.needs for goal in estate.problem.goals)


def test_an_id_that_is_not_on_the_map_is_refused() -> None:
    with pytest.raises(NotOnTheMapError):
        lost_estate(map_of(*SMALL), ("nas",), 2, PlanNumbers())
