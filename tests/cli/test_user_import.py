from __future__ import annotations

import json
import stat
from io import BytesIO
from pathlib import Path

import pytest
from pypdf import PdfReader

from wardkeep.app.accounts import SiteAccounts
from wardkeep.app.folder import open_folder
from wardkeep.app.founding import found
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.cli.main import main

HEAD = "name,full_name,roles,badge,language\n"


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    found(folder, default_settings_toml("Val", 2575, 8443), "aegis", 1_772_853_120_000_000)
    return folder


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "people.csv"
    lines = [f"nurse{n},Nurse {n},nurse,{1000 + n},fr\n" for n in range(50)]
    path.write_text(HEAD + "".join(lines))
    return path


def test_a_hospital_imports_its_people_and_each_gets_a_slip(
    hospital: Path, people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slips = tmp_path / "slips.pdf"
    words = ["user", "import", str(hospital), str(people), "--slips", str(slips), "--json"]
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert (len(told["added"]), told["unchanged"], told["dry_run"]) == (50, 0, False)
    assert stat.S_IMODE(slips.stat().st_mode) == 0o600
    assert len(PdfReader(BytesIO(slips.read_bytes())).pages) == 17
    accounts = SiteAccounts(open_folder(hospital)).accounts()
    assert accounts["nurse7"].badge == "1007"
    assert accounts["nurse7"].password_hash == ""
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out)["unchanged"] == 50


def test_a_dry_run_changes_nothing_and_needs_no_slips(
    hospital: Path, people: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["user", "import", str(hospital), str(people), "--dry-run"]) == 0
    assert "50 would be added" in capsys.readouterr().out
    assert set(SiteAccounts(open_folder(hospital)).accounts()) == {"lead"}


def test_people_whose_codes_would_be_written_nowhere_are_not_added(
    hospital: Path, people: Path, tmp_path: Path
) -> None:
    assert main(["user", "import", str(hospital), str(people)]) == 2
    no_place = ["--slips", str(tmp_path / "no folder" / "slips.pdf")]
    assert main(["user", "import", str(hospital), str(people), *no_place]) == 1
    assert set(SiteAccounts(open_folder(hospital)).accounts()) == {"lead"}


def test_one_faulty_line_keeps_the_whole_list_out(
    hospital: Path, people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    people.write_text(people.read_text() + "zoe,Zoe,boss,,\n")
    slips = tmp_path / "slips.pdf"
    assert main(["user", "import", str(hospital), str(people), "--slips", str(slips)]) == 1
    assert "line 52: there is no role 'boss'" in capsys.readouterr().err
    assert set(SiteAccounts(open_folder(hospital)).accounts()) == {"lead"}
    assert not slips.exists()


def test_who_left_the_hospital_is_named_and_disabled_when_that_is_asked(
    hospital: Path, people: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    slips = tmp_path / "slips.pdf"
    main(["user", "import", str(hospital), str(people), "--slips", str(slips)])
    people.write_text("".join(people.read_text().splitlines(keepends=True)[:-1]))
    capsys.readouterr()
    assert main(["user", "import", str(hospital), str(people)]) == 0
    assert "1 are gone from the list and may still log in: nurse49" in capsys.readouterr().out
    assert main(["user", "import", str(hospital), str(people), "--disable-missing"]) == 0
    accounts = SiteAccounts(open_folder(hospital)).accounts()
    assert [a.name for a in accounts.values() if a.disabled] == ["nurse49"]
