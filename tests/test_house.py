"""Rules of the house that no linter keeps: sizes, mirrors, and nothing of this machine."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from pathlib import Path

import pytest

import wardkeep

_LONGEST_FUNCTION = 40
_LONGEST_MODULE = 400
_STORIES = {"stories", "contract", "browser", "benchmarks", "reading"}
# Hosts that serve packages and folders of one machine: neither belongs in a checkout.
_STRANGERS = re.compile(
    r"(?:pypi|pythonhosted|npmjs|debian|github|docker)\.(?:org|com|io)/"
    r"|(?<![\w./~-])/(?:work|root|tmp|home)/[\w.]"
)


def tracked(project: Path) -> list[Path]:
    done = subprocess.run(
        ["git", "-c", "safe.directory=*", "ls-files", "-z"],
        cwd=project,
        capture_output=True,
        check=True,
        text=True,
    )
    return [
        path for name in done.stdout.split("\0") if name and (path := project / name).is_file()
    ]


def modules(project: Path) -> list[Path]:
    return sorted((project / "src" / "wardkeep").rglob("*.py"))


def test_no_tracked_file_names_a_server_of_packages_or_a_place_on_one_machine(
    project: Path,
) -> None:
    found = []
    for path in tracked(project):
        try:
            text = path.read_text()
        except UnicodeDecodeError:
            continue
        found += [
            f"{path.relative_to(project)}:{number}: {line.strip()[:80]}"
            for number, line in enumerate(text.splitlines(), start=1)
            if _STRANGERS.search(line) and path.name != "test_house.py"
        ]
    assert found == []


def test_no_tracked_file_holds_a_merge_that_was_not_finished(project: Path) -> None:
    marks = tuple(sign * 7 + " " for sign in "<>|")
    found = []
    for path in tracked(project):
        lines = path.read_bytes().decode("utf-8", "replace").splitlines()
        found += [f"{path.relative_to(project)}" for line in lines if line.startswith(marks)]
    assert found == []


def test_the_locks_hold_hashes_and_no_address(project: Path) -> None:
    for path in (project / "requirements").iterdir():
        assert "://" not in path.read_text(), path.name
    for lock in (project / "requirements").glob("*.txt"):
        pins = re.findall(r"^\S+==\S+ \\$", lock.read_text(), re.MULTILINE)
        names = re.findall(r"^[A-Za-z].*$", lock.read_text(), re.MULTILINE)
        assert len(pins) == len(names) > (2 if lock.name == "foresight.txt" else 20), lock.name


def test_the_product_runs_on_a_part_of_what_the_tests_run_on(project: Path) -> None:
    base, foresight, test = (
        set(
            re.findall(
                r"^(\S+==\S+) ", (project / "requirements" / name).read_text(), re.MULTILINE
            )
        )
        for name in ("base.txt", "foresight.txt", "test.txt")
    )
    assert base | foresight <= test
    assert not base & foresight


def test_modules_and_functions_stay_readable(project: Path) -> None:
    long = []
    for path in modules(project):
        text = path.read_text()
        name = path.relative_to(project / "src" / "wardkeep")
        if (length := text.count("\n")) > _LONGEST_MODULE:
            long.append(f"{name}: {length} lines")
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                length = (node.end_lineno or 0) - node.lineno + 1
                if length > _LONGEST_FUNCTION:
                    long.append(f"{name}: {node.name} has {length} lines")
    assert long == []


def test_every_test_file_stands_where_its_module_stands(project: Path) -> None:
    lost = []
    for path in (project / "tests").rglob("test_*.py"):
        relative = path.relative_to(project / "tests")
        if relative.parts[0] in _STORIES or len(relative.parts) == 1:
            continue
        module = relative.with_name(path.name.removeprefix("test_"))
        if not (project / "src" / "wardkeep" / module).exists():
            lost.append(str(relative))
    assert lost == []


@pytest.mark.parametrize("word", ["utils", "helpers", "common", "manager"])
def test_no_module_has_a_name_that_says_nothing(project: Path, word: str) -> None:
    assert [path for path in modules(project) if word in path.stem] == []


def test_the_version_is_told_once(project: Path) -> None:
    told = tomllib.loads((project / "pyproject.toml").read_text())["project"]["version"]
    assert told == wardkeep.__version__
    assert f"## {told}" in (project / "CHANGELOG.md").read_text()
