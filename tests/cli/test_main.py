"""Whoever types a command is told what happened and what to do, in words and exit statuses."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable

import pytest

import wardkeep
from wardkeep.app.errors import NotAHospitalFolderError
from wardkeep.cli import main as top
from wardkeep.cli import verbs


class Spoken:
    """A verb that does what the test wants."""

    NAME = "check"
    SUMMARY = "Spoken."
    EXAMPLE = "wardkeep check"

    def __init__(self, act: Callable[[], int]) -> None:
        self.act = act

    def arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true")

    def run(self, options: argparse.Namespace) -> int:  # noqa: ARG002
        return self.act()


@pytest.fixture
def acts(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[], int]], None]:
    def install(act: Callable[[], int]) -> None:
        monkeypatch.setattr(top, "verb", lambda _: Spoken(act))

    return install


def raises(error: BaseException) -> Callable[[], int]:
    def act() -> int:
        raise error

    return act


def test_the_version_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    assert top.main(["--version"]) == 0
    assert capsys.readouterr().out == f"wardkeep {wardkeep.__version__}\n"


@pytest.mark.parametrize("name", verbs.VERBS)
def test_every_verb_has_a_summary_an_example_and_help(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    each = verbs.verb(name)
    assert name == each.NAME
    assert each.SUMMARY.endswith(".")
    assert each.EXAMPLE.startswith((f"wardkeep {name}", "./wardkeep "))
    assert top.main(["help", name]) == 0
    assert each.EXAMPLE in capsys.readouterr().out


def test_help_names_every_verb(capsys: pytest.CaptureFixture[str]) -> None:
    assert top.main([]) == 0
    out = capsys.readouterr().out
    assert all(f"  {name} " in out for name in verbs.VERBS)


def test_a_mistyped_verb_is_a_usage_error_with_a_guess(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert top.main(["chek"]) == 2
    assert "Did you mean 'check'?" in capsys.readouterr().err
    assert top.main(["help", "zzz"]) == 2


def test_a_mistyped_option_is_a_usage_error(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        top.main(["check", "DIR", "--jsn"])
    assert left.value.code == 2
    assert "usage: wardkeep check" in capsys.readouterr().err


def test_an_error_is_said_with_its_remedy_and_its_status(
    acts: Callable[[Callable[[], int]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    acts(raises(NotAHospitalFolderError("x is no hospital folder.")))
    assert top.main(["check"]) == 6
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.startswith("wardkeep: x is no hospital folder.\n  What to do: ")


def test_a_script_gets_the_error_as_json_too(
    acts: Callable[[Callable[[], int]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    acts(raises(NotAHospitalFolderError("x is no hospital folder.")))
    assert top.main(["check", "--json"]) == 6
    answer = json.loads(capsys.readouterr().out)
    assert answer["ok"] is False
    assert answer["error"]["code"] == "not-a-hospital-folder"


def test_an_error_nobody_foresaw_never_quotes_a_patient(
    acts: Callable[[Callable[[], int]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    acts(raises(ValueError("PID|1||12345^^^H||Peeters^Marie")))
    assert top.main(["check"]) == 1
    said = capsys.readouterr().err
    assert "not foreseen: ValueError" in said
    assert "Peeters" not in said
    assert "test_main.py" in said


def test_a_file_that_is_not_there_is_named(
    acts: Callable[[Callable[[], int]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    acts(raises(FileNotFoundError(2, "No such file or directory", "adt.hl7")))
    assert top.main(["check"]) == 1
    assert "adt.hl7: No such file or directory." in capsys.readouterr().err


def test_ctrl_c_ends_with_a_sentence(
    acts: Callable[[Callable[[], int]], None], capsys: pytest.CaptureFixture[str]
) -> None:
    acts(raises(KeyboardInterrupt()))
    assert top.main(["check"]) == 130
    assert capsys.readouterr().err == "wardkeep: interrupted; nothing is half-written.\n"


@pytest.mark.parametrize("words", [["--help"], ["load", "--help"], ["help", "ca"]])
def test_help_that_nobody_reads_to_its_end_ends_quietly(words: list[str]) -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "wardkeep", *words],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
            # Unbuffered, argparse itself overlooks that nobody reads.
            env={k: v for k, v in os.environ.items() if k != "PYTHONUNBUFFERED"},
        )
    assert (done.returncode, done.stderr) == (141, b"")


def test_output_that_nobody_reads_any_more_ends_quietly() -> None:
    read, write = os.pipe()
    os.close(read)
    with os.fdopen(write, "wb") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "wardkeep", "completion", "bash"],
            stdout=closed,
            stderr=subprocess.PIPE,
            check=False,
        )
    assert (done.returncode, done.stderr) == (141, b"")
