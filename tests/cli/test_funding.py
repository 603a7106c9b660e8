"""Funding calls, from the command line."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.cli.test_risk import hospital  # noqa: F401  a fixture

from wardkeep.cli.main import main


def test_the_calls_that_come_along_become_the_sites_own(
    hospital: Path,  # noqa: F811
    capsys: pytest.CaptureFixture[str],
) -> None:
    capsys.readouterr()
    assert main(["funding", "list", str(hospital)]) == 0
    told = capsys.readouterr().out
    assert "calls of the list that comes along" in told
    assert "opens NOT KNOWN, closes NOT KNOWN; pays at most NOT KNOWN" in told
    assert main(["funding", "sample"]) == 0
    sample = capsys.readouterr().out
    (hospital / "funding.toml").write_text(sample.replace('programme = "', 'programme = "Our '))
    assert main(["funding", "list", str(hospital), "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert listed["calls_from"] == "site"
    assert all(each["programme"].startswith("Our ") for each in listed["calls"])
    assert {"open", "not yet open", "closed", "NOT KNOWN"} >= {
        each["state"] for each in listed["calls"]
    }


@pytest.mark.parametrize(
    ("content", "says"),
    [(b"calls = 1", "funding.toml: "), (b"\xff", "is not UTF-8 (byte 0)")],
)
def test_a_file_that_is_none_is_named(
    hospital: Path,  # noqa: F811
    content: bytes,
    says: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (hospital / "funding.toml").write_bytes(content)
    assert main(["funding", "list", str(hospital)]) == 2
    assert says in capsys.readouterr().err
