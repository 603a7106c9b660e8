"""The road map, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_risk import hospital  # noqa: F401  a fixture

from wardkeep.app.folder import open_folder
from wardkeep.app.recording import record
from wardkeep.app.site_keys import open_keys
from wardkeep.cli.main import main
from wardkeep.foresight.events import PART


def roadmap(action: str, hospital: Path, *words: str) -> int:  # noqa: F811
    return main(["roadmap", action, str(hospital), *words])


def test_a_measure_is_planned_told_of_moved_and_dropped(
    hospital: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert roadmap("plan", hospital, "copies", "--quarter", "2020-Q1", "--owner", "IT") == 0
    capsys.readouterr()
    assert roadmap("list", hospital) == 7
    assert "2020-Q1  copies: IT; OVERDUE, progress NOT RECORDED" in capsys.readouterr().out
    assert roadmap("progress", hospital, "copies", "--percent", "100", "--by", "Wolff") == 0
    assert roadmap("plan", hospital, "mfa", "--quarter", "2099-Q4", "--owner", "An\x1b") == 0
    capsys.readouterr()
    assert roadmap("list", hospital) == 0
    told = capsys.readouterr().out
    assert "copies: IT; DONE, " in told
    assert "2 measures planned, 0 overdue." in told
    assert "\x1b" not in told
    assert roadmap("drop", hospital, "mfa", "--reason", "bought by the group", "--json") == 0
    capsys.readouterr()
    assert roadmap("list", hospital, "--json") == 0
    listed = json.loads(capsys.readouterr().out)
    assert [(each["measure"], each["progress"]) for each in listed] == [("copies", 100)]
    assert main(["verify", str(hospital)]) == 0


def test_what_cannot_be_planned_is_refused(
    hospital: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert roadmap("plan", hospital, "copies", "--quarter", "soon", "--owner", "IT") == 2
    assert "'soon' is no quarter" in capsys.readouterr().err
    assert roadmap("progress", hospital, "copies", "--percent", "1", "--by", "IT") == 2
    assert "does not stand on the road map" in capsys.readouterr().err


def test_a_past_quarter_and_an_unknown_measure_are_recorded_and_doubted(
    hospital: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    measures = tmp_path / "measures.toml"
    measures.write_text('[[measures]]\nid = "copies"\nname = "C"\neuros = 1\nhours = 1\n')
    named = ["--owner", "IT", "--measures", str(measures)]
    assert roadmap("plan", hospital, "copy", "--quarter", "2020-Q1", *named) == 0
    told = capsys.readouterr().err
    assert "2020-Q1 is past: it stands as overdue from the start" in told
    assert "has no measure 'copy': copies" in told
    assert roadmap("plan", hospital, "copies", "--quarter", "2099-Q1", *named) == 0
    assert capsys.readouterr().err == ""
    assert roadmap("plan", hospital, "x", "--quarter", "2099-Q1", "--owner", "IT") == 0
    assert "whether 'x' is a measure was not looked up" in capsys.readouterr().err
    assert roadmap("list", hospital) == 7
    assert "3 measures planned" in capsys.readouterr().out


def test_a_decision_of_a_newer_release_is_named_and_stops_nothing(
    hospital: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert roadmap("plan", hospital, "copies", "--quarter", "2099-Q1", "--owner", "IT") == 0
    folder = open_folder(hospital)
    newer = b'{"type":"MeasurePaid.v1","at":1,"by":"os:an","measure":"copies"}'
    record(folder, open_keys(folder), PART, [newer])
    capsys.readouterr()
    assert roadmap("list", hospital) == 0
    told = capsys.readouterr()
    assert "copies: IT" in told.out
    assert "this release does not know them: MeasurePaid.v1" in told.err
    for verb in (["map", "check"], ["risk", "list"]):
        main([*verb, str(hospital)])
        assert "MeasurePaid.v1" in capsys.readouterr().err
