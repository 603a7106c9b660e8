import ast
import re
import string
from importlib.resources import files
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

import wardkeep
from wardkeep.paper.coverage import PRINTABLE
from wardkeep.paper.words import LABELS, LANGUAGES

SOURCES = Path(wardkeep.__file__).parent
TEMPLATES = SOURCES / "paper" / "typesetting"
OF_SCREENS = "from wardkeep.kernel.wording import N_"
"""What is marked by it stands in the catalogue of the screens."""
CALLS = {"N_", "say", "_translate"}


def told_by(call: ast.Call) -> list[str]:
    name = getattr(call.func, "id", getattr(call.func, "attr", ""))
    if name not in CALLS or not call.args:
        return []
    first = call.args[0]
    parts = [first.body, first.orelse] if isinstance(first, ast.IfExp) else [first]
    return [part.value for part in parts if isinstance(part, ast.Constant)]


def messages() -> set[str]:
    found: set[str] = set()
    for path in (
        each
        for part in ("paper", "pack", "foresight")
        for each in (SOURCES / part).rglob("*.py")
    ):
        text = path.read_text()
        if OF_SCREENS in text:
            continue
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call):
                found.update(told_by(node))
    return found


def catalogue(language: str) -> dict[str, str]:
    source = files("wardkeep.paper") / "translations" / language / "LC_MESSAGES" / "paper.po"
    with source.open("rb") as lines:
        return {each.id: each.string for each in read_po(lines, locale=language) if each.id}


def places(text: str) -> list[str]:
    return sorted(name for _, name, _, _ in string.Formatter().parse(text) if name is not None)


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_no_word_of_a_sheet_is_missing_or_left_over(language: str) -> None:
    words = catalogue(language)
    assert messages() - words.keys() == set()
    assert words.keys() - messages() == set()
    assert [message for message, told in words.items() if not told.strip()] == []


@pytest.mark.parametrize("language", [each for each in LANGUAGES if each != "en"])
def test_a_translation_fills_the_same_places(language: str) -> None:
    for message, told in catalogue(language).items():
        assert places(message) == places(told), message


def test_no_word_or_template_needs_a_letter_that_is_not_shipped() -> None:
    told = {language: "".join(catalogue(language).values()) for language in ("fr", "nl", "de")}
    for source, text in {**told, "en": "".join(messages())}.items():
        assert set(text) - PRINTABLE - {"\n"} == set(), source
    for path in TEMPLATES.glob("*.typ"):
        assert set(path.read_text()) - PRINTABLE - {"\n"} == set(), path.name


def test_templates_use_every_label_and_no_other() -> None:
    used = set()
    for path in TEMPLATES.glob("*.typ"):
        used |= set(re.findall(r"words\.([a-z0-9_]+)", path.read_text()))
    assert used - {"typ"} == set(LABELS)
