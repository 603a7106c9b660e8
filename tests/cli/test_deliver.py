"""Packs are carried to a place that is there."""

from pathlib import Path

import pytest
from tests.stories.site_server import wardkeep

from wardkeep.cli.main import main


def test_a_stick_that_is_not_mounted_is_said_so_with_what_to_do(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wardkeep("init", tmp_path / "hospital")
    assert main(["deliver", str(tmp_path / "hospital"), "--to", str(tmp_path / "stick")]) == 3
    said = capsys.readouterr().err
    assert f"--to {tmp_path / 'stick'}: there is no such folder" in said
    assert "Mount the stick" in said
