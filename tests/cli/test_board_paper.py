"""The board paper, from the command line, on the map that comes with the product."""

from __future__ import annotations

import json
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import jsonschema_rs
import pytest
from pypdf import PdfReader
from tests.cli.test_assess import hospital  # noqa: F401  a fixture
from tests.cli.test_foresee import MEASURES

from wardkeep.cli.main import main


def paper_of(hospital: Path, *words: str) -> int:  # noqa: F811
    usual = ["--replicas", "60", "--entry", "mail to pc-HR"]
    return main(["board-paper", str(hospital), *usual, *words])


def test_a_director_gets_two_pages_and_a_program_the_same_as_json(
    hospital: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "measures.toml").write_text(MEASURES)
    out = tmp_path / "paper.pdf"
    measures = ["--measures", str(tmp_path / "measures.toml"), "--budget", "100000"]
    assert paper_of(hospital, "--out", str(out), "--json", *measures) == 0
    told = json.loads(capsys.readouterr().out)
    pages = [each.extract_text() for each in PdfReader(BytesIO(out.read_bytes())).pages]
    assert len(pages) == 2
    assert "Patients treated more than 24 h late" in pages[0]
    assert "A copy that nobody can delete" in pages[1]
    for page in pages:
        assert told["source"]["fingerprint"][:16] in page
        assert "Map as of " in page
        assert "60 attacks drawn by each way in, seed 1." in page
    assert {"p10", "p50", "p90"} == told["taken"]["late"].keys()
    assert out.stat().st_mode & 0o077 == 0


def test_a_paper_without_measures_says_which_it_takes_off_the_page_of_the_forecast(
    hospital: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "measures.toml").write_text(MEASURES)
    assert paper_of(hospital, "--json", "--measures", str(tmp_path / "measures.toml")) == 0
    capsys.readouterr()
    assert paper_of(hospital, "--json") == 0
    assert "/map/forecast had 1 measure, of the forecast of" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ([], "name a file with --out"),
        (["--out", "/nowhere/paper.pdf"], "there is no folder /nowhere"),
        (["--json", "--replicas", "0"], "--replicas is 10 to"),
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_drawn(
    hospital: Path,  # noqa: F811
    words: list[str],
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert paper_of(hospital, *words) == 2
    assert says in capsys.readouterr().err


def test_a_paper_that_is_broken_off_leaves_nothing(
    hospital: Path,  # noqa: F811
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def broken_off(_shown: bool) -> Callable[[int, int], None]:
        def tell(done: int, whole: int) -> None:
            if done > whole // 2:
                raise KeyboardInterrupt

        return tell

    kept = hospital / "foresight" / "kept.age"
    before = kept.read_bytes() if kept.exists() else None
    monkeypatch.setattr("wardkeep.cli.board_paper.progress", broken_off)
    assert paper_of(hospital, "--out", str(tmp_path / "paper.pdf")) == 130
    assert list(tmp_path.iterdir()) == []
    assert (kept.read_bytes() if kept.exists() else None) == before


def test_a_map_that_changed_is_told_at_import_in_the_forecast_and_on_the_paper(
    hospital: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert paper_of(hospital, "--json") == 0
    first = json.loads(capsys.readouterr().out)["source"]
    access = hospital.parent / "sample" / "access.csv"
    changed = tmp_path / "access.csv"
    changed.write_text(access.read_text("utf-8-sig").replace(",yes,no", ",no,yes"))
    assert main(["map", "import", str(hospital), str(changed)]) == 0
    assert f"The last forecast, of {first['made']}, is older" in capsys.readouterr().out
    words = ["--replicas", "60", "--entry", "mail to pc-HR"]
    assert main(["foresee", str(hospital), *words]) == 0
    assert f"THE MAP CHANGED since the forecast of {first['made']}" in capsys.readouterr().out
    assert paper_of(hospital, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert told["before"]["fingerprint"] == first["fingerprint"]
    assert told["source"]["fingerprint"] != first["fingerprint"]
    assert main(["map", "import", str(hospital), str(access)]) == 0
    assert "is older than this map" in capsys.readouterr().out


def test_the_json_is_what_its_schema_says(
    hospital: Path,  # noqa: F811
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    assert paper_of(hospital, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    schema = json.loads((project / "docs" / "board-paper.schema.json").read_text())
    jsonschema_rs.Draft202012Validator(schema).validate(told)
