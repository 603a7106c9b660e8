"""A ward's word on its paper is refused with what to do, where it cannot be taken."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.stories.site_server import wardkeep

from wardkeep.cli.main import main


def test_neither_a_ward_nor_a_code_says_nothing_and_is_told_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["accept", str(tmp_path)]) == 2
    assert "name the ward with --ward, or give --code" in capsys.readouterr().err


def test_a_code_with_a_generation_beside_it_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = ["--code", "7K3M-Q2XD", "--generation", "3"]
    assert main(["accept", str(tmp_path), *said]) == 2
    assert "--code names the generation already" in capsys.readouterr().err


def test_a_ward_without_any_pack_cannot_have_one_in_hand(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wardkeep("init", tmp_path / "hospital")
    assert main(["accept", str(tmp_path / "hospital"), "--ward", "4B"]) == 6
    assert "no pack is known of ward" in capsys.readouterr().err
