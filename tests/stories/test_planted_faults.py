"""Whatever is done to a store while nobody looks is found by `wardkeep verify`, and named."""

from __future__ import annotations

import pytest
from benchmarks.planted_faults import PLANTS, Hospital, Plant, plant_and_verify, sound


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Hospital:
    return Hospital(tmp_path_factory.mktemp("planted"))


def test_sound_folders_give_no_false_alarm(hospital: Hospital) -> None:
    assert sound(hospital) == []


@pytest.mark.parametrize("plant", PLANTS, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found_and_named(hospital: Hospital, plant: Plant) -> None:
    outcome = plant_and_verify(hospital, plant, seed=7)
    assert outcome.why == "", outcome


@pytest.mark.long
def test_two_hundred_planted_faults_are_found_and_named(hospital: Hospital) -> None:
    outcomes = [
        plant_and_verify(hospital, PLANTS[n % len(PLANTS)], seed=100 + n) for n in range(200)
    ]
    assert [each for each in outcomes if each.why] == []
