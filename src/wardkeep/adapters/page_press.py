"""Makes the page that opens a ward's pack, from the shipped script, style and catalogue."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from wardkeep.adapters.typst_words import translator
from wardkeep.pack.house_lists import CODES, needs_glass
from wardkeep.pack.ward_page import shell
from wardkeep.paper.viewer_words import GUARDED, LIST_NAMES, viewer_words


@cache
def empty_page(language: str, ward: str) -> str:
    """Return the page of a ward in a language with nothing in it yet."""
    script = f"{_shipped('age/age.js')}\n{_shipped('viewer.js')}"
    return shell(language, words_of(language, ward), ward, script, style())


def words_of(language: str, code: str) -> dict[str, str]:
    """Return the words of the page of a ward, or of a list of the house (pack.house_lists)."""
    say, words = translator(language), words_in(language)
    if code not in CODES:
        return words
    title = {"title": say(LIST_NAMES[CODES[code].value])}
    guard = {"guarded": say(GUARDED)} if needs_glass(code) else {}
    return {**words, **title, **guard}


@cache
def words_in(language: str) -> dict[str, str]:
    """Return the words of the page in a language (fr, nl, de, en)."""
    return viewer_words(translator(language))


def style() -> str:
    """Return the style of sheets as HTML."""
    return _shipped("viewer.css")


@cache
def _shipped(name: str) -> str:
    return (files("wardkeep.paper") / "viewer" / name).read_text("utf-8")
