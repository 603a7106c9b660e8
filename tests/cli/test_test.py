"""The test command runs every gate to its end and never passes over what is missing."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from pathlib import Path

import pytest

from wardkeep.cli import test as gate
from wardkeep.cli.verbs import parser_of, verb


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with one test that passes."""
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "test_one.py").write_text("def test_one():\n    assert True\n")
    monkeypatch.setattr(gate, "_PROJECT", tmp_path)
    monkeypatch.setattr(gate, "_gates", dict)
    monkeypatch.setattr(gate, "_SYSTEM_TOOLS", {})
    return tmp_path


def options(*words: str) -> argparse.Namespace:
    return parser_of(verb("test")).parse_args(words)


def test_the_summary_of_pytest_is_the_last_line(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert gate.run(options("tests")) == 0
    assert "1 passed in " in capsys.readouterr().out.splitlines()[-1]


def test_a_failing_test_fails_the_command(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "tests" / "test_two.py").write_text("def test_two():\n    assert False\n")
    assert gate.run(options("tests")) == 1
    said = capsys.readouterr()
    assert "1 failed, 1 passed" in said.out.splitlines()[-1]
    assert "failed: pytest" in said.err


def test_a_failing_gate_is_shown_and_the_others_still_run(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    broken = [sys.executable, "-c", "print('line 3 is wrong'); raise SystemExit(1)"]
    monkeypatch.setattr(gate, "_gates", lambda: {"style": broken, "types": ["true"]})
    assert gate.run(options("--only", "gates")) == 1
    said = capsys.readouterr().err
    assert "line 3 is wrong" in said
    assert "wardkeep test: types" in said
    assert said.rstrip().endswith("failed: style")


def test_a_missing_browser_is_a_failure_and_no_skip(
    checkout: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(gate, "_SYSTEM_TOOLS", {"no-such-browser": "chromium"})
    assert gate.run(options("tests")) == 1
    assert "no-such-browser is missing (package chromium)" in capsys.readouterr().err


def test_long_runs_are_left_out_until_they_are_asked_for(
    checkout: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (checkout / "tests" / "test_soak.py").write_text(
        "import pytest\nfrom hypothesis import settings\n\n@pytest.mark.long\n"
        "def test_soak():\n    assert settings.default.max_examples == 7\n"
    )
    (checkout / "conftest.py").write_text(
        "from hypothesis import settings\nsettings.register_profile('long', max_examples=7)\n"
    )
    (checkout / "pytest.ini").write_text("[pytest]\nmarkers = long: takes hours\n")
    gate.run(options("tests"))
    assert "1 passed, 1 deselected" in capsys.readouterr().out
    gate.run(options("--long", "tests"))
    assert "2 passed" in capsys.readouterr().out


def test_every_tool_that_is_asked_for_is_installed_by_the_launcher(project: Path) -> None:
    packages = (project / "packages.txt").read_text()
    for tool, package in gate._SYSTEM_TOOLS.items():
        assert f"test {package}" in packages
        assert f"command:{tool}" in packages


@pytest.mark.long
def test_two_launchers_at_once_make_one_environment(project: Path, tmp_path: Path) -> None:
    env = dict(os.environ) | {"WARDKEEP_VENV": str(tmp_path / "venv")}
    words = [project / "wardkeep", "--version"]
    both = [
        subprocess.Popen(
            words, env=env, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        for _ in range(2)
    ]
    said = [each.communicate()[1] for each in both]
    assert [each.returncode for each in both] == [0, 0], said
    assert sum("installing the locked wheels" in each for each in said) == 1
