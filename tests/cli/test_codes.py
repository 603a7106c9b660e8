from __future__ import annotations

import json
import stat
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from wardkeep.app.founding import found
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.cli.main import main


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    found(folder, default_settings_toml("Val", 2575, 8443), "aegis", 1_772_853_120_000_000)
    return folder


def printed(hospital: Path, out: Path, *more: str) -> list[str]:
    return ["codes", "print", str(hospital), "--role", "nurse", "--out", str(out), *more]


def test_a_sheet_is_printed_listed_and_revoked(
    hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "codes.pdf"
    assert main(printed(hospital, out, "--count", "4", "--language", "de", "--json")) == 0
    said = capsys.readouterr()
    sheet = json.loads(said.out)["sheet"]
    assert "no ward PC" in said.err
    assert stat.S_IMODE(out.stat().st_mode) == 0o600
    pages = PdfReader(BytesIO(out.read_bytes())).pages
    assert len(pages) == 2
    assert f"{sheet}-01" in pages[0].extract_text()
    assert main(["codes", "revoke", str(hospital), sheet.lower(), "2"]) == 0
    assert "1 codes" in capsys.readouterr().out
    assert main(["codes", "list", str(hospital), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [bool(code["revoked"]) for code in told] == [False, True, False, False]
    assert main(["codes", "revoke", str(hospital), sheet]) == 0
    assert "3 codes" in capsys.readouterr().out
    main(["codes", "list", str(hospital)])
    assert capsys.readouterr().out.count("revoked") == 4


@pytest.mark.parametrize("words", [["XXXX"], ["XXXX", "1"]])
def test_a_sheet_that_was_never_printed_is_named(
    hospital: Path, words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["codes", "revoke", str(hospital), *words]) == 6
    assert "XXXX" in capsys.readouterr().err


def test_codes_that_would_stand_on_no_paper_are_not_made(
    hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(printed(hospital, tmp_path / "no folder" / "codes.pdf")) == 1
    capsys.readouterr()
    main(["codes", "list", str(hospital), "--json"])
    assert json.loads(capsys.readouterr().out) == []
