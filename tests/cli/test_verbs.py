"""Every module of cli/ is a verb of the table or part of the house."""

from __future__ import annotations

from pathlib import Path

from wardkeep.cli.verbs import VERBS

_HOUSE = {"__init__", "main", "verbs"}


def test_no_verb_is_forgotten_in_the_table(project: Path) -> None:
    modules = {path.stem for path in (project / "src" / "wardkeep" / "cli").glob("*.py")}
    named = {module.rsplit(".", maxsplit=1)[1] for module in VERBS.values()}
    assert named - modules == set()
    own = {stem for stem in modules - _HOUSE - named if _has_name(project, stem)}
    assert own == set()


def _has_name(project: Path, stem: str) -> bool:
    text = (project / "src" / "wardkeep" / "cli" / f"{stem}.py").read_text()
    return "\nNAME = " in text
