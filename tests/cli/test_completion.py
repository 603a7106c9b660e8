"""Completion knows every verb, and the shells can read it."""

from __future__ import annotations

import argparse
import shutil
import subprocess

import pytest

from wardkeep.cli import completion
from wardkeep.cli.verbs import VERBS


def script(shell: str, capsys: pytest.CaptureFixture[str]) -> str:
    assert completion.run(argparse.Namespace(shell=shell)) == 0
    return capsys.readouterr().out


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_every_verb_is_completed(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    text = script(shell, capsys)
    assert all(name in text for name in VERBS)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_the_shell_finds_no_fault_in_it(shell: str, capsys: pytest.CaptureFixture[str]) -> None:
    path = shutil.which(shell)
    if path is None:
        pytest.skip(f"{shell} is not on this machine; nothing else needs it")
    text = script(shell, capsys)
    done = subprocess.run([path, "-n"], input=text, text=True, check=False, capture_output=True)
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("typed", "offered"),
    [
        ("check --j", "--json"),
        ("pack --language d", "de"),
        ("pack --language ''", "fr nl de en"),
        ("init --cipher s", "sqlcipher"),
        ("user pass", "password"),
        ("user add h anna --role le", "lead"),
        ("user password h anna --pass", "--password-stdin"),
        ("recover-key --j", "--json"),
        ("completion z", "zsh"),
    ],
)
def test_bash_completes_options_their_values_and_actions(
    capsys: pytest.CaptureFixture[str], typed: str, offered: str
) -> None:
    words = f"wardkeep {typed}"
    asked = (
        f"COMP_WORDS=({words}); COMP_CWORD=$(( ${{#COMP_WORDS[@]}} - 1 )); _wardkeep;"
        ' echo "${COMPREPLY[@]}"'
    )
    done = subprocess.run(
        ["bash"],
        input=script("bash", capsys) + asked,
        text=True,
        check=False,
        capture_output=True,
    )
    assert done.stdout == f"{offered}\n"
