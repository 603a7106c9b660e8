"""A neighbour is struck: the page that is wanted within a minute."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY

from wardkeep.app.founding import found
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.cli.main import main


@pytest.fixture(scope="module")
def hospital(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("site")
    found(folder / "hospital", default_settings_toml("Site", 2575, 8443), "aegis", SATURDAY)
    assert main(["map", "sample", str(folder / "sample")]) == 0
    files = map(str, (folder / "sample").glob("*.csv"))
    assert main(["map", "import", str(folder / "hospital"), *files]) == 0
    return folder / "hospital"


def test_the_page_tells_what_to_cut_first_what_to_keep_and_how_old_the_map_is(
    hospital: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", str(hospital), "--struck", "Sainte-Aldegonde"]) == 0
    told = capsys.readouterr().out
    assert "is struck. The map is as of " in told
    first, _, kept = told.partition("SAID TO CARRY NONE OF IT")
    assert "1. account:medecins-deux-hopitaux" in first
    assert "machines within reach, 28 of them tier 0" in first
    assert "without it: what care loses is NOT RECORDED" in first
    assert "1. exchange:labo-commun" in kept
    assert "care then: résultats par téléphone et coursier" in kept


def test_a_program_reads_the_same_as_json(
    hospital: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", str(hospital), "--struck", "supplier:biologie", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["struck"] == "supplier:biologie"
    assert told["links"][0]["item"] == "access:acces-biologie"
    assert told["map_as_of"].endswith("Z")


def test_a_name_that_is_not_on_the_map_ends_with_6(
    hospital: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assess", str(hospital), "--struck", "nobody"]) == 6
    assert "is no neighbour and no supplier on the map" in capsys.readouterr().err
