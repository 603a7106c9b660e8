"""What is drawn before somebody breaks off is told; nothing else is made up."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.sample.test_estate import whole

from wardkeep.app.drawing_attacks import Asked
from wardkeep.app.foreseeing import Foreseen, foresee, read_measures
from wardkeep.foresight.errors import MeasureError
from wardkeep.foresight.portfolio import Budget
from wardkeep.hospital.map.errors import NotOnTheMapError
from wardkeep.hospital.map.whole import HospitalMap

WAYS = ("mail to pc-HR", "access:acces-biologie")
MEASURES = read_measures(
    Path(__file__).parents[2] / "src" / "wardkeep" / "sample" / "measures.toml"
)[:3]


def broken_off_after(attacks: int, *, keep: bool = True) -> Foreseen:
    def progress(done: int, _: int) -> None:
        if done >= attacks:
            raise KeyboardInterrupt

    asked = Asked(replicas=600, seed=1, entries=WAYS, budget=Budget(euros=1e6), keep=keep)
    return foresee(whole(), MEASURES, asked, progress)


@pytest.mark.parametrize(
    ("after", "replicas", "effects"),
    [
        (1, [250], 0),
        (500, [500], 0),
        (850, [600, 250], 0),
        (2_400, [600, 600], 0),
        (2_401, [600, 600], 1),
        (4_801, [600, 600], 3),
    ],
)
def test_what_was_drawn_is_told_and_what_was_not_is_missing(
    after: int, replicas: list[int], effects: int
) -> None:
    found = broken_off_after(after)
    assert not found.complete
    assert [each.replicas for each in found.forecasts] == replicas
    assert len(found.effects) == effects
    assert found.portfolio is None


def test_the_attacks_that_stand_are_those_of_a_run_that_went_to_its_end() -> None:
    asked = Asked(replicas=250, seed=1, entries=WAYS[:1])
    whole_run = foresee(whole(), (), asked, lambda *_: None)
    assert broken_off_after(250).forecasts == whole_run.forecasts


def test_who_needs_all_of_it_gets_the_interruption() -> None:
    for after in (250, 500, 2_400):
        with pytest.raises(KeyboardInterrupt):
            broken_off_after(after, keep=False)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('[[measures]]\nid = "copies"\neuro = 3', "measure 'copies': Object contains unknown"),
        ("[[measures]]\nname = 1", "measure 1: "),
        ("[[measure]]", "[[measures]] is wanted"),
        ("measures = 3", "[[measures]] is wanted"),
        ('[[measures]]\nid = "x"\n' * 201, "up to 200 times"),
        ("# " + "x" * 1_000_000, "has more than 1,000,000 bytes"),
        ("[[measures", "Expected"),
    ],
)
def test_a_file_of_measures_that_is_none_names_the_measure_and_what_is_wrong(
    tmp_path: Path, text: str, says: str
) -> None:
    (tmp_path / "m.toml").write_text(text)
    with pytest.raises(MeasureError) as refused:
        read_measures(tmp_path / "m.toml")
    assert says in str(refused.value)


def test_over_an_empty_map_it_says_that_nothing_is_on_it_and_what_to_import() -> None:
    with pytest.raises(NotOnTheMapError, match="nothing is on the map yet") as said:
        foresee(HospitalMap({}), (), Asked(replicas=1, seed=1), lambda *_: None)
    assert "map import" in said.value.advice
    assert "give-map" in said.value.advice
