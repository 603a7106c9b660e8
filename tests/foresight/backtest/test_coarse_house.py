from __future__ import annotations

import pytest

from wardkeep.foresight.backtest.coarse_house import SERVERS, coarse_house, theatre
from wardkeep.hospital.map.falls import what_falls
from wardkeep.hospital.map.machines import Application, Server


@pytest.mark.parametrize("sites", [1, 5, 8])
def test_a_house_has_its_servers_each_in_one_application(sites: int) -> None:
    house = coarse_house(sites)
    used = [name for each in house.of(Application) for name in each.servers]
    assert sorted(used) == sorted(each.id for each in house.of(Server))
    assert len(used) == SERVERS


def test_a_theatre_falls_with_its_own_programme_and_no_other_does() -> None:
    house = coarse_house(3)
    programme = next(each for each in house.of(Application) if each.id == "theatre-1")
    fallen = what_falls(house, [f"server:{programme.servers[0]}"]).because
    assert theatre(1) in fallen
    assert theatre(0) not in fallen


def test_without_the_directory_nothing_is_open() -> None:
    house = coarse_house(2)
    base = next(each for each in house.of(Application) if each.id == "base")
    fallen = what_falls(house, [f"server:{each}" for each in base.servers]).because
    assert {theatre(0), theatre(1), "service:records", "service:most"} <= set(fallen)
