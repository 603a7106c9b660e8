"""A proof is of a ward that there is."""

from pathlib import Path

import pytest
from tests.stories.site_server import message, wardkeep

from wardkeep.cli.main import main


def test_the_proof_of_a_ward_that_does_not_exist_names_the_nearest(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hospital, fill = tmp_path / "hospital", tmp_path / "fill.hl7"
    wardkeep("init", hospital)
    fill.write_bytes(message(1))
    wardkeep("load", hospital, fill)
    assert main(["proof", str(hospital), "--ward", "A9"]) == 6
    assert "no ward has the code 'A9'; the nearest: A2" in capsys.readouterr().err
    assert main(["streams", str(hospital), "--ward", "A9"]) == 6
    assert "the nearest: A2" in capsys.readouterr().err
