"""docs/hazards.md cannot promise what is not tested: every control names a test that exists."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

_ROW = re.compile(r"^\| (H[0-9]+) \| (.+) \|$", re.MULTILINE)
_TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")
_FEWEST = 30


@pytest.fixture(scope="module")
def rows(project: Path) -> dict[str, list[str]]:
    text = (project / "docs" / "hazards.md").read_text()
    found = _ROW.findall(text)
    numbers = [number for number, _ in found]
    assert numbers == [f"H{n}" for n in range(1, len(numbers) + 1)], "none twice, none left out"
    return {number: [cell.strip() for cell in rest.split(" | ")] for number, rest in found}


def test_the_log_holds_thirty_hazards_each_with_cause_control_and_test(
    rows: dict[str, list[str]],
) -> None:
    assert len(rows) >= _FEWEST
    assert [n for n, cells in rows.items() if len(cells) != 4 or not all(cells)] == []


def test_every_test_that_the_log_names_is_there(
    rows: dict[str, list[str]], project: Path
) -> None:
    lost = []
    for number, cells in rows.items():
        named = _TEST.findall(cells[-1])
        if not named:
            lost.append(f"{number} names no test")
        for path, name in named:
            file = project / path
            known = named_in(file) if file.is_file() else set()
            if name not in known:
                lost.append(f"{number}: {path}::{name}")
    assert lost == []


def named_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text())
    kinds = ast.FunctionDef | ast.AsyncFunctionDef
    return {node.name for node in ast.walk(tree) if isinstance(node, kinds)}
