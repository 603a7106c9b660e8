"""The restore plan, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from tests.adapters.ledgers import SATURDAY

from wardkeep.app.founding import found
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.cli.main import main

SERVERS = """id,host,restored_after,restore_hours,tier
hv,,,4,0
ad,hv,,6,0
lis,,ad,3,1
record,,ad,,1
"""
SERVICES = "id,name,a_day\nlab,Labo\x1b[2J,480\nwards,Wards,240\n"


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    folder = tmp_path / "hospital"
    found(folder, default_settings_toml("Site", 2575, 8443), "aegis", SATURDAY)
    (tmp_path / "servers.csv").write_text(SERVERS)
    (tmp_path / "services.csv").write_text(SERVICES)
    (tmp_path / "needs.csv").write_text("service,of\nlab,server:lis\nwards,server:record\n")
    files = [str(tmp_path / name) for name in ("servers.csv", "services.csv", "needs.csv")]
    assert main(["map", "import", str(folder), *files]) == 0
    (tmp_path / "lost.txt").write_text("all  # everything\n")
    return folder


def plan(hospital: Path, *words: str) -> int:
    return main(
        ["restore-plan", str(hospital), "--lost", str(hospital.parent / "lost.txt"), *words]
    )


def test_a_tired_team_reads_hour_crew_server_and_reason(
    hospital: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert plan(hospital, "--crews", "1") == 0
    said = capsys.readouterr().out
    assert (
        "4 servers lost of 4 on the map: 16 hours of work, 1 crew day and night:"
        " all is back in hour 16 (day 1)." in said
    )
    assert "    13    1  Labo" in said
    assert "     4    10     1  ad: Labo" in said
    assert "after hv (up in hour 4)" in said
    assert "\nin no order fewer.\n" in said
    assert "Left out: the time until work may begin" in said
    assert "wardkeep foresee and the board paper count these" in said
    assert "cost" not in said
    assert said.startswith("The map is as of ")
    assert "a clinician reads this order before it is followed" in said
    assert "GUESS: restore_hours of 1 server are not on the map" in said
    assert "\x1b" not in said


def test_a_circle_of_copies_is_told_before_the_order(
    hospital: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    copies = hospital.parent / "backups.csv"
    copies.write_text("id,of,on\nnightly,ad;hv;lis;record,record\n")
    assert main(["map", "import", str(hospital), str(copies)]) == 0
    capsys.readouterr()
    assert plan(hospital) == 0
    said = capsys.readouterr().out
    told = (
        "WARNING: ad's copy lies on record, which is restored after ad: restore ad without its"
        " copy, or break the circle before an attack."
    )
    assert told in said
    assert said.index("WARNING") < said.index("SERVICES")
    assert "WARNING: record's copy lies on record itself" in said
    assert "WARNING: lis" not in said


def test_the_json_is_what_its_schema_says(
    hospital: Path, project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert plan(hospital, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    schema = json.loads((project / "docs" / "restore-plan.schema.json").read_text())
    jsonschema_rs.Draft202012Validator(schema).validate(told)
    assert told["crews"] == 4
    assert [each["server"] for each in told["servers"]][:2] == ["hv", "ad"]


@pytest.mark.parametrize(
    ("lost", "words", "status", "says"),
    [
        ("nas\n", [], 6, "line 1: 'nas' does not stand on the map"),
        ("# none\n", [], 2, "nothing is named as lost"),
        ("all", ["--numbers", "gone.toml"], 2, "cannot be read"),
    ],
)
def test_what_cannot_be_planned_says_why(
    hospital: Path,
    capsys: pytest.CaptureFixture[str],
    lost: str,
    words: list[str],
    status: int,
    says: str,
) -> None:
    (hospital.parent / "lost.txt").write_text(lost)
    assert plan(hospital, *words) == status
    assert says in capsys.readouterr().err


@pytest.mark.parametrize("crews", ["0", "-1", "four", "101"])
def test_crews_are_a_whole_number(
    hospital: Path, capsys: pytest.CaptureFixture[str], crews: str
) -> None:
    with pytest.raises(SystemExit):
        plan(hospital, "--crews", crews)
    assert "a whole number from 1 to 100" in capsys.readouterr().err
