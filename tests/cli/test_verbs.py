"""Every module of cli/ is a verb of the table or part of the house."""

from __future__ import annotations

from pathlib import Path

import pytest

from wardkeep.cli.verbs import VERBS, actions_of, parser_of, verb, with_usual_action

_HOUSE = {"__init__", "main", "verbs"}


def test_no_verb_is_forgotten_in_the_table(project: Path) -> None:
    modules = {path.stem for path in (project / "src" / "wardkeep" / "cli").glob("*.py")}
    named = {module.rsplit(".", maxsplit=1)[1] for module in VERBS.values()}
    assert named - modules == set()
    own = {stem for stem in modules - _HOUSE - named if _has_name(project, stem)}
    assert own == set()


@pytest.mark.parametrize("name", VERBS)
def test_every_action_has_an_example_of_its_own(name: str) -> None:
    for action, parser in actions_of(parser_of(verb(name))).items():
        assert f"example:\n  wardkeep {name} {action} " in parser.format_help()


def test_quarantine_lists_where_no_action_is_named() -> None:
    assert with_usual_action("quarantine", ["DIR", "--json"]) == ["list", "DIR", "--json"]
    assert with_usual_action("quarantine", ["show", "DIR", "7"]) == ["show", "DIR", "7"]
    assert with_usual_action("quarantine", ["--help"]) == ["--help"]
    assert with_usual_action("check", ["DIR"]) == ["DIR"]


def _has_name(project: Path, stem: str) -> bool:
    text = (project / "src" / "wardkeep" / "cli" / f"{stem}.py").read_text()
    return "\nNAME = " in text
