import json
from pathlib import Path

import pytest

from wardkeep.cli.main import main


def test_a_bundle_is_never_unsigned(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bundle", "--out", str(tmp_path / "out")]) == 1
    assert "--new-key KEY" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_a_key_is_made_and_its_fingerprint_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(tmp_path / "release.key")
    assert main(["bundle", "--new-key", key, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert main(["bundle", "--sign", key]) == 0
    assert told["fingerprint"] in capsys.readouterr().out
    assert "PRIVATE" not in json.dumps(told)


def test_a_place_that_is_taken_is_refused_before_anything_is_fetched(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    key = str(tmp_path / "release.key")
    assert main(["bundle", "--new-key", key, "--out", str(tmp_path)]) == 1
    assert "already there" in capsys.readouterr().err
