"""The order in which a forecast restores, over copies that an attack spares or not."""

from __future__ import annotations

import numpy as np
from tests.foresight.restoring.estates import map_of

from wardkeep.foresight.engines.restore_hours import restore
from wardkeep.foresight.restore_order import restore_jobs
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.machines import Application, BackupCopy, Server

HOUSE = (
    Server(id="dc", restore_hours=3),
    Server(id="near", restore_hours=2, restored_after=("dc",)),
    Server(id="far", restore_hours=9),
    Server(id="lab", restore_hours=1),
)


def back(lost: str, *items: Item) -> dict[str, float]:
    """The hour at which each lost server is back, with four crews."""
    names = [f"server:{each.id}" for each in HOUSE]
    jobs, servers = restore_jobs(
        map_of(*HOUSE, *items), {name: number for number, name in enumerate(names)}, 4
    )
    own = np.zeros(len(names))
    struck = np.array([1.0 if each.id in lost.split() else 0.0 for each in servers])
    restore(jobs, struck, 4, 0.0, own)
    return {each.id: own[number] for number, each in enumerate(HOUSE) if own[number]}


def copies(*on: str) -> list[BackupCopy]:
    return [BackupCopy(id=each, of=("lab",), on=each) for each in on]


def test_a_server_waits_for_who_holds_its_copy_and_what_that_waits_for() -> None:
    assert back("dc near lab", *copies("near")) == {"dc": 3.0, "near": 5.0, "lab": 6.0}


def test_of_two_copies_each_attack_leaves_the_one_that_it_spares() -> None:
    both = copies("near", "far")
    assert back("dc near far lab", *both)["lab"] == 6.0
    assert back("dc near lab", *both)["lab"] == 1.0
    assert back("far lab", *both)["lab"] == 1.0


def test_a_server_that_no_copy_can_wait_for_is_begun_without_one() -> None:
    circle = BackupCopy(id="c", of=("dc",), on="near")
    assert back("dc near", circle) == {"dc": 3.0, "near": 5.0}


def test_a_copy_in_an_application_waits_for_all_of_its_servers() -> None:
    vault = Application(id="vault", servers=("near", "far"))
    copy = BackupCopy(id="c", of=("lab",), on="application:vault")
    assert back("dc near far lab", vault, copy)["lab"] == 10.0
