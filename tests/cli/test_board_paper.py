"""The board paper, from the command line, on the map that comes with the product."""

from __future__ import annotations

import json
from io import BytesIO
from pathlib import Path

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
        assert told["source"]["map_as_of"] in page
    assert {"p10", "p50", "p90"} == told["taken"]["late"].keys()
    assert out.stat().st_mode & 0o077 == 0


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
