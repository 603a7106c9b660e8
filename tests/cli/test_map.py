"""The map of the hospital, from the command line."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from tests.adapters.ledgers import SATURDAY

from wardkeep.app.founding import found
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.cli.main import main


@pytest.fixture
def hospital(tmp_path: Path) -> Path:
    found(tmp_path / "hospital", default_settings_toml("Site", 2575, 8443), "aegis", SATURDAY)
    return tmp_path / "hospital"


def said_by(capsys: pytest.CaptureFixture[str], *words: object) -> str:
    """Run the verb in this process; return what it said."""
    assert main(["map", *map(str, words)]) == 0
    return capsys.readouterr().out


def test_three_files_become_a_map_that_tells_what_falls(
    hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "servers.csv").write_text("id;owner\nlis1;an\n")
    (tmp_path / "services.csv").write_text("id;name;a_day\nlab;Laboratory;1000\n")
    (tmp_path / "needs.csv").write_text("service;of\nlab;server:lis1\n")
    files = [tmp_path / name for name in ("servers.csv", "services.csv", "needs.csv")]
    dry = json.loads(said_by(capsys, "import", hospital, *files, "--dry-run", "--json"))
    assert (dry["dry_run"], [each["items"] for each in dry["files"]]) == (True, [1, 1, 1])
    assert said_by(capsys, "show", hospital).startswith("Nothing is on the map yet")
    said = said_by(capsys, "import", hospital, *files)
    assert "1 rows, 1 of kind server, source servers" in said
    told = said_by(capsys, "show", hospital, "lis1", "--falls")
    assert (
        "Laboratory: CLOSED, nothing to fall back on, 1000 patients a day; lacks server:lis1"
        in told
    )
    assert "site                   NOT RECORDED" in told
    assert told.startswith("The map is as of ")
    shown = json.loads(said_by(capsys, "show", hospital, "server:lis1", "--falls", "--json"))
    assert shown["falls"]["services"][0]["mode"] == "closed"
    everything = json.loads(said_by(capsys, "show", hospital, "--json"))
    assert everything["counts"] == {"server": 1, "service": 1, "need": 1}


def test_findings_end_with_7_and_an_empty_map_says_what_to_do(
    hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["map", "check", str(hospital)]) == 0
    assert "wardkeep map import" in capsys.readouterr().out
    (tmp_path / "servers.csv").write_text("id\nold\n")
    assert main(["map", "import", str(hospital), str(tmp_path / "servers.csv")]) == 0
    capsys.readouterr()
    assert main(["map", "check", str(hospital)]) == 7
    assert "3  orphan           server:old" in capsys.readouterr().out
    assert main(["map", "check", str(hospital), "--json"]) == 7
    told = json.loads(capsys.readouterr().out)
    assert {each["check"] for each in told["findings"]} == {"no-backup", "orphan", "no-owner"}


def test_rows_and_columns_that_were_not_understood_are_told(
    hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "servers.csv").write_text("id,tier,colour\ndb1,first,red\ndb2,1,red\n")
    said = said_by(capsys, "import", hospital, tmp_path / "servers.csv")
    assert "columns that were not understood: colour" in said
    assert "line 2 was not taken: tier: 'first' is no number" in said


def test_what_a_scan_tells_and_what_was_not_taken_of_it_is_told(
    hospital: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan = Path(__file__).parent.parent / "adapters" / "map_samples" / "nmap.xml"
    said = said_by(capsys, "import", hospital, scan, "--dry-run")
    assert "3 rows, 1 server, 1 device by nmap, source nmap" in said
    assert "2 would be added" in said
    assert "not taken: 1 machines of which nothing tells what they are" in said
    told = json.loads(said_by(capsys, "import", hospital, scan, "--json"))["files"][0]
    assert told["counts"] == {"server": 1, "device": 1}
    assert told["not_taken"][0]["named"] == ["198.18.0.13"]


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["import", "{h}", "export.csv", "--kind", "host"], 2, "there is no kind 'host'"),
        (["import", "{h}", "gone.csv", "--kind", "server"], 2, "No such file"),
        (["import", "{h}", "servers.csv", "--source", "../x"], 2, "no name of a source"),
        (["import", "{h}", "servers.csv", "--mapping", "gone.toml"], 2, "cannot be read"),
        (["show", "{h}", "db9"], 6, "does not stand on the map"),
    ],
)
def test_what_cannot_be_done_says_why(
    hospital: Path,
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    says: str,
) -> None:
    assert main(["map", *(each.format(h=hospital) for each in words)]) == status
    assert says in capsys.readouterr().err


def test_the_sample_hospitals_map_comes_with_the_product(
    hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    written = said_by(capsys, "sample", tmp_path / "sample").split()
    files = [each for each in written if each.endswith(".csv")]
    said_by(capsys, "import", hospital, *files)
    counts = json.loads(said_by(capsys, "show", hospital, "--json"))["counts"]
    assert counts["server"] == 200
    told = said_by(capsys, "show", hospital, "application:annuaire", "--falls")
    assert "Laboratoire: DEGRADED, by fallback:laboratoire" in told


def test_a_sheet_that_was_deleted_is_told_and_forgotten_on_demand(
    hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "servers.csv").write_text("id\nlis1\n")
    (tmp_path / "fallbacks.csv").write_text("service,share\nlab,0.4\n")
    files = [tmp_path / "servers.csv", tmp_path / "fallbacks.csv"]
    said_by(capsys, "import", hospital, *files, "--source", "care")
    said = said_by(capsys, "import", hospital, files[0], "--source", "care")
    assert "of source care stand also: fallback (1), from " in said
    assert "`wardkeep map forget DIR --source care --kind fallback` takes it out" in said
    told = json.loads(
        said_by(capsys, "import", hospital, files[0], "--source", "care", "--json")
    )
    assert [(each["source"], each["kind"]) for each in told["still_said"]] == [
        ("care", "fallback")
    ]
    which = ("--source", "care", "--kind", "fallback")
    said = said_by(capsys, "forget", hospital, *which, "--dry-run")
    assert said == "1 of fallback by source care: would be forgotten\n"
    shown = said_by(capsys, "show", hospital)
    assert re.search(r"source care, read [^,:]+:\d\d \w+: 1 fallback\n", shown)
    gone = json.loads(said_by(capsys, "forget", hospital, *which, "--json"))["forgotten"]
    assert [(each["source"], each["items"]) for each in gone] == [("care", 1)]
    shown = json.loads(said_by(capsys, "show", hospital, "--json"))
    assert [each["kind"] for each in shown["sources"]] == ["server"]
    assert main(["map", "forget", str(hospital), *which]) == 6
    assert "no source 'care' said anything of fallback" in capsys.readouterr().err
    assert main(["map", "check", str(hospital)]) == 7  # the ledger of decisions reads on
    capsys.readouterr()
    said_by(capsys, "forget", hospital, "--source", "care")
    assert "Nothing is on the map yet" in said_by(capsys, "show", hospital)


def test_how_many_lines_were_not_taken_is_told_at_the_end_and_by_the_map(
    hospital: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "servers.csv").write_text("id,tier\ndb1,first\ndb2,1\n")
    (tmp_path / "sites.csv").write_text("id,beds\na,many\nb,1\nc,few\n")
    files = [tmp_path / "servers.csv", tmp_path / "sites.csv"]
    said = said_by(capsys, "import", hospital, *files)
    assert said.splitlines()[-1] == (
        "3 lines of 2 files were not taken: servers.csv line 2, sites.csv line 2,"
        " sites.csv line 4; mend them and import again"
    )
    assert "  1 added: server:db2" in said
    shown = said_by(capsys, "show", hospital)
    assert "3 lines of its files were not taken." in shown
    assert re.search(r"source sites, read .+, 2 lines not taken: 1 site\n", shown)
    (tmp_path / "sites.csv").write_text("id,beds\na,1\nb,2\nc,3\n")
    said = said_by(capsys, "import", hospital, files[1])
    assert "  1 changed: site:b" in said
    main(["map", "check", str(hospital)])
    assert "1 line of its files was not taken." in capsys.readouterr().out
