"""The files of a restore plan."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.foresight.restoring.estates import SMALL, map_of

from wardkeep.app.restore_planning import read_lost, read_numbers
from wardkeep.foresight.restoring.errors import LostFileError, PlanNumbersError
from wardkeep.foresight.restoring.lost import LONGEST_FILE
from wardkeep.foresight.restoring.numbers import PlanNumbers, Range
from wardkeep.hospital.map.errors import NotOnTheMapError

WHOLE = map_of(*SMALL)


def test_what_is_wrong_with_a_file_of_what_is_lost_names_the_file(tmp_path: Path) -> None:
    path = tmp_path / "lost.txt"
    with pytest.raises(LostFileError, match=r"lost\.txt cannot be read: No such file"):
        read_lost(WHOLE, path)
    path.write_bytes(b"lis\n\xe9t\xe9\n")
    with pytest.raises(LostFileError, match=r"lost\.txt is not UTF-8 \(byte 4\)") as told:
        read_lost(WHOLE, path)
    assert told.value.advice == "Save it as UTF-8."
    path.write_text("nas\n")
    with pytest.raises(NotOnTheMapError, match=r"lost\.txt: line 1: 'nas'"):
        read_lost(WHOLE, path)
    path.write_bytes(b"#" * (LONGEST_FILE + 1))
    with pytest.raises(LostFileError, match="more than 1,000,000 bytes"):
        read_lost(WHOLE, path)
    path.write_text("lis\n")
    assert read_lost(WHOLE, path) == ("lis",)


def test_a_site_replaces_the_numbers_it_knows_better(tmp_path: Path) -> None:
    path = tmp_path / "numbers.toml"
    path.write_text(
        "support = 1\npaper = {low = 0.1, usual = 0.2, high = 0.3}\n[importance]\nusi = 9"
    )
    numbers = read_numbers(path)
    assert numbers.support == 1.0
    assert numbers.paper == Range(low=0.1, usual=0.2, high=0.3)
    assert numbers.importance == {"usi": 9.0}
    assert numbers.degraded == PlanNumbers().degraded


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("supprt = 1", "unknown field `supprt`"),
        ("support = 'much'", "float"),
        ("support = -1", "support is -1"),
        ("paper = {low = 1, usual = 0, high = 0}", "not in order"),
        ("= 3", "numbers.toml"),
    ],
)
def test_numbers_that_cannot_be_used_are_told(tmp_path: Path, text: str, says: str) -> None:
    path = tmp_path / "numbers.toml"
    path.write_text(text)
    with pytest.raises(PlanNumbersError, match=says):
        read_numbers(path)
