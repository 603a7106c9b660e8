"""Risks accepted, from the command line, into the signed ledger."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY

from wardkeep.adapters.clock import now
from wardkeep.app.folder import open_folder
from wardkeep.app.founding import found
from wardkeep.app.governance import write
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.app.site_keys import open_keys
from wardkeep.cli.main import main
from wardkeep.foresight.events import RiskAccepted
from wardkeep.kernel.wall_clock import local

REVIEW = f"{local(now(), dt.UTC).date() + dt.timedelta(days=100)}"
SERVERS = "id,owner\nlis,it\nold,it\n"
WHO = ["--reason", "until the\x1b[2J contract ends", "--by", "Dr A. Lambert"]


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    found(folder, default_settings_toml("Site", 2575, 8443), "aegis", SATURDAY)
    (tmp_path / "servers.csv").write_text(SERVERS)
    assert main(["map", "import", str(folder), str(tmp_path / "servers.csv")]) == 0
    return folder


def accept(hospital: Path, *words: str) -> int:
    return main(["risk", "accept", str(hospital), *words, *WHO, "--review", REVIEW])


def overdue(hospital: Path) -> None:
    folder = open_folder(hospital)
    event = RiskAccepted(
        at=now(),
        by="os:an",
        check="no-backup",
        item="server:old",
        reason="gone soon",
        accepted_by="B. Wolff",
        review="2020-01-31",
    )
    write(folder, open_keys(folder), [event])


def test_an_acceptance_is_signed_listed_and_told_beside_what_it_covers(
    hospital: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept(hospital, "--check", "no-backup", "--item", "lis") == 0
    assert f"accepted by Dr A. Lambert until {REVIEW}" in capsys.readouterr().out
    assert main(["risk", "list", str(hospital)]) == 0
    listed = capsys.readouterr().out
    assert "1 risks accepted, 0 reviews overdue." in listed
    assert "\x1b" not in listed
    assert main(["map", "check", str(hospital)]) == 7
    told = capsys.readouterr().out
    assert "no-backup        server:lis: no copy of it" in told
    assert f"accepted by Dr A. Lambert until {REVIEW} (no-backup of server:lis" in told
    assert "\x1b" not in told
    assert main(["verify", str(hospital)]) == 0


def test_a_map_of_which_everything_is_accepted_is_in_order_and_says_by_whom(
    hospital: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert accept(hospital, "--check", "no-backup") == 0
    assert accept(hospital, "--item", "server:lis") == 0
    assert accept(hospital, "--item", "server:old") == 0
    assert accept(hospital, "--check", "not-on-the-map") in {0, 2}
    capsys.readouterr()
    status = main(["map", "check", str(hospital), "--json"])
    told = json.loads(capsys.readouterr().out)["findings"]
    assert {each["accepted"]["by"] for each in told if each["accepted"]} == {"Dr A. Lambert"}
    assert status == (0 if all(each["accepted"] for each in told) else 7)


def test_a_review_that_is_overdue_is_told_everywhere(
    hospital: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overdue(hospital)
    capsys.readouterr()
    assert main(["risk", "list", str(hospital), "--json"]) == 7
    assert [each["overdue"] for each in json.loads(capsys.readouterr().out)] == [True]
    assert main(["risk", "list", str(hospital)]) == 7
    assert "REVIEW OVERDUE: 2020-01-31" in capsys.readouterr().out
    assert main(["map", "check", str(hospital)]) == 7
    told = capsys.readouterr().out
    assert "accepted by B. Wolff until 2020-01-31; ITS REVIEW IS OVERDUE" in told
    assert "REVIEW OVERDUE: accepted by B. Wolff" in told


def test_an_acceptance_is_withdrawn_also_when_its_thing_left_the_map(
    hospital: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    overdue(hospital)
    (hospital.parent / "servers.csv").write_text("id,owner\nlis,it\n")
    assert main(["map", "import", str(hospital), str(hospital.parent / "servers.csv")]) == 0
    words = ["--check", "no-backup", "--item", "server:old"]
    assert main(["risk", "withdraw", str(hospital), *words, *WHO]) == 0
    capsys.readouterr()
    assert main(["risk", "list", str(hospital), "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == []


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        ([], 2, "must be named"),
        (["--check", "orphans"], 2, "there is no check"),
        (["--item", "nas"], 6, "'nas' does not stand on the map"),
    ],
)
def test_what_cannot_be_accepted_is_refused(
    hospital: Path,
    words: list[str],
    status: int,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert accept(hospital, *words) == status
    assert says in capsys.readouterr().err


def test_an_altered_acceptance_is_found(hospital: Path) -> None:
    assert accept(hospital, "--check", "no-backup", "--json") == 0
    file = max((hospital / "operations").glob("*.db"))
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 0xFF
    file.write_bytes(bytes(content))
    assert main(["verify", str(hospital)]) != 0
