from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir, extract_from_file

from wardkeep.web.language import LANGUAGES, catalogue, choose_language

_METHODS = [("**.py", "python"), ("**/templates/**.html", "jinja2.ext.babel_extract")]
_OPTIONS = {"**/templates/**.html": {"trimmed": "true"}}
_KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2)}
_HOLES = re.compile(r"%\(\w+\)s")
# Rules of chart and paper say these in the language of their own catalogue.
_TRANSLATED = sorted(set(LANGUAGES) - {"en"})


# Modules below the web whose sentences `wardkeep check` prints and a page says.
_TOLD_HERE_TOO = (
    "app/inspection.py",
    "app/gaps.py",
    "hospital/reach.py",
    "hospital/map/checks.py",
    "foresight/assessment.py",
)


def messages(project: Path) -> Iterator[str | tuple[str, str]]:
    source = project / "src" / "wardkeep"
    found = extract_from_dir(str(source / "web"), _METHODS, _OPTIONS, keywords=_KEYWORDS)
    for _file, _line, message, _comments, _context in found:
        yield message if isinstance(message, str) else (message[0], message[1])
    for name in _TOLD_HERE_TOO:
        for _line, message, _comments, _context in extract_from_file(
            "python", str(source / name), keywords=_KEYWORDS
        ):
            yield message if isinstance(message, str) else (message[0], message[1])


@pytest.mark.parametrize("language", _TRANSLATED)
def test_every_word_on_every_screen_is_translated_and_no_translation_is_left_over(
    project: Path, language: str
) -> None:
    said = set(messages(project))
    words = catalogue(language)
    single = {message for message in said if isinstance(message, str)}
    double = {message[0] for message in said if isinstance(message, tuple)}
    assert single == set(words._words) - {""}
    assert double == set(words._plurals)


@pytest.mark.parametrize("language", _TRANSLATED)
def test_a_translation_keeps_the_places_where_values_go(language: str) -> None:
    words = catalogue(language)
    for source, target in words._words.items():
        assert sorted(_HOLES.findall(source)) == sorted(_HOLES.findall(target)), source
    for source, forms in words._plurals.items():
        assert len(forms) == 2
        assert {tuple(_HOLES.findall(form)) for form in forms} == {
            tuple(_HOLES.findall(source))
        }


@pytest.mark.parametrize("language", _TRANSLATED)
def test_a_term_of_the_glossary_has_the_glossarys_translation(
    project: Path, language: str
) -> None:
    words = catalogue(language)._words
    with (project / "docs" / "terms.csv").open() as lines:
        checked = [row for row in csv.DictReader(lines) if row["en"] in words]
    assert len(checked) > 25
    assert [
        (row["en"], words[row["en"]], row[language])
        for row in checked
        if words[row["en"]] != row[language]
    ] == []


def test_french_counts_zero_as_one_and_the_others_do_not() -> None:
    pair = ("%(num)s patient", "%(num)s patients")
    assert catalogue("fr").ngettext(*pair, 0) == "%(num)s patient"
    assert catalogue("nl").ngettext(*pair, 0) == "%(num)s patiënten"
    assert catalogue("en").ngettext(*pair, 0) == "%(num)s patients"


@pytest.mark.parametrize(
    ("asked", "kept", "accepted", "chosen"),
    [
        ("nl", "fr", "de", "nl"),
        ("xx", "fr", "de", "fr"),
        ("", "", "de-BE,de;q=0.9", "de"),
        ("", "", "pt,nl-BE;q=0.8", "nl"),
        ("", "", "pt", "en"),
        ("", "", "," * 10_000 + "fr", "en"),
        ("../../x", "\x00", "", "en"),
    ],
)
def test_the_language_is_one_of_four_whatever_is_asked(
    asked: str, kept: str, accepted: str, chosen: str
) -> None:
    assert choose_language(asked, kept, accepted, "en") == chosen
