"""What an attack would take, from the command line, on the map that comes with the product."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema_rs
import pytest
from tests.cli.test_assess import hospital  # noqa: F401  a fixture

from wardkeep.cli.main import main

MEASURES = """
[[measures]]
id = "fixed"
name = "A copy that nobody can delete"
euros = 90000
hours = 240
[[measures.changes]]
items = "backup:*"
set = { immutable = true }
"""


def test_the_forecast_tells_ways_in_ranges_services_and_what_is_guessed(
    hospital: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "measures.toml").write_text(MEASURES)
    words = ["foresee", str(hospital), "--replicas", "300", "--entry", "mail to pc-HR"]
    assert main([*words, "--measures", str(tmp_path / "measures.toml")]) == 0
    told = capsys.readouterr().out
    assert "WAY IN: mail to pc-HR (300 attacks drawn, seed 1)" in told
    assert "3,109 machines, drawn as 2" in told
    assert "days until all are back:" in told
    assert "Laboratoire" in told
    assert "A copy that nobody can delete: 90,000 euros and 240 h of own people" in told
    assert "Guessed, not measured: foothold" in told


def test_the_same_seed_gives_the_same_forecast_as_json(
    hospital: Path,  # noqa: F811
    project: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = []
    for _ in range(2):
        assert (
            main(["foresee", str(hospital), "--replicas", "50", "--seed", "9", "--json"]) == 0
        )
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1]
    schema = json.loads((project / "docs" / "foresee.schema.json").read_text())
    jsonschema_rs.Draft202012Validator(schema).validate(told[0])
    assert len(told[0]["forecasts"]) == 3
    assert {"p10", "p50", "p90"} == told[0]["forecasts"][0]["patients"].keys()


@pytest.mark.parametrize(
    ("words", "status", "says"),
    [
        (["--replicas", "0"], 2, "--replicas is 10 to"),
        (["--seed", "-1"], 2, "--seed 0 or more"),
        (["--entry", "the roof"], 6, "the roof: no way in of this map"),
        (["--measures", "gone.toml"], 2, "gone.toml cannot be read"),
        (["--budget", "9"], 2, "--budget needs --measures"),
        (["--language", "fr"], 2, "--language is of the texts of --export"),
        (["--own-hours", "9"], 2, "--own-hours needs --budget"),
        (["--measures", "m.toml", "--budget", "-1"], 2, "are 0 or more"),
        (["--measures", "m.toml", "--budget", "nan"], 2, "are 0 or more"),
        (["--measures", "m.toml", "--budget", "inf"], 2, "are 0 or more"),
        (["--export", "{hospital}/out"], 1, "lies in the hospital folder"),
        (["--export", "{hospital}/wardkeep.toml"], 1, "lies in the hospital folder"),
    ],
)
def test_what_cannot_be_drawn_says_why(
    hospital: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
    words: list[str],
    status: int,
    says: str,
) -> None:
    words = [each.format(hospital=hospital) for each in words]
    assert main(["foresee", str(hospital), *words]) == status
    assert says in capsys.readouterr().err


TWO_MORE = """
[[measures]]
id = "more-crews"
name = "Four more crews by contract"
euros = 60000
hours = 40
assume = { crews = 8 }
[[measures]]
id = "golden"
name = "A palace"
euros = 9e8
hours = 1
assume = { crews = 99 }
"""


def test_the_best_set_within_a_budget_is_drawn_itself(
    hospital: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "measures.toml"
    file.write_text(MEASURES + TWO_MORE)
    words = ["foresee", str(hospital), "--replicas", "300", "--entry", "mail to pc-HR"]
    words += ["--measures", str(file), "--budget", "150000"]
    assert main([*words, "--json"]) == 0
    best = json.loads(capsys.readouterr().out)["portfolio"]
    assert set(best["measures"]) == {"fixed", "more-crews"}
    assert (best["cost"], best["hours"], best["pairs"]) == (150_000, 280, 1)
    assert best["effect"]["patient_hours"] > best["effect"]["patient_hours_error"]
    assert main([*words, "--own-hours", "100"]) == 0
    told = capsys.readouterr().out
    assert "THE BEST SET for 150,000 euros and 100 h of own people" in told
    assert "  more-crews: 60,000 euros and 40 h of own people" in told
    assert "without any, in the mean of 300 attacks that are tried" in told
    assert main([*words, "--own-hours", "1"]) == 0
    assert "  none: no measure that can be paid" in capsys.readouterr().out


def test_a_forecast_without_measures_says_which_it_takes_off_the_page_of_the_same_map(
    hospital: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    file = tmp_path / "measures.toml"
    file.write_text(MEASURES + TWO_MORE)
    words = ["foresee", str(hospital), "--replicas", "60", "--entry", "mail to pc-HR"]
    bought = ["--measures", str(file), "--budget", "150000", "--own-hours", "300"]
    assert main([*words, *bought]) == 0
    assert "/map/forecast had" not in capsys.readouterr().err
    assert main([*words, "--measures", str(file), "--json"]) == 0
    told = capsys.readouterr().err
    assert "/map/forecast had the best set for 150,000 euros, of the forecast of" in told
    assert main([*words, *bought]) == 0
    assert main([*words, "--json"]) == 0
    told = capsys.readouterr().err
    assert "/map/forecast had 3 measures and the best set for 150,000 euros" in told
    assert "wardkeep foresee DIR --measures FILE --budget 150000 --own-hours 300\n" in told
    assert main(words) == 0
    assert "/map/forecast had" not in capsys.readouterr().err


def test_the_forecast_is_exported_in_the_language_that_is_asked_for(
    hospital: Path,  # noqa: F811
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    words = ["foresee", str(hospital), "--replicas", "60", "--entry", "mail to pc-HR"]
    assert main([*words, "--export", str(tmp_path / "out"), "--language", "de"]) == 0
    assert f"written: {tmp_path / 'out' / 'ebios-rm.csv'}" in capsys.readouterr().err
    assert "Risikoquelle" in (tmp_path / "out" / "ebios-rm.csv").read_text("utf-8")
    assert main([*words, "--export", "/dev/null/out"]) == 1
    assert "/dev/null/out" in capsys.readouterr().err


def test_neighbours_are_told_by_the_channel_that_reaches_them(
    hospital: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["foresee", str(hospital), "--replicas", "100"]) == 0
    told = capsys.readouterr().out
    assert (
        "Hôpital Sainte-Aldegonde: it is without what it needs of us (dependency) in " in told
    )
    assert " of the attacks, days without " in told
    assert "patient-hours waited: " in told


def test_the_ways_in_are_listed(
    hospital: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["foresee", str(hospital), "--entries"]) == 0
    assert "access:acces-biologie" in capsys.readouterr().out.splitlines()
