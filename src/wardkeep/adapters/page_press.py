"""Makes the page that opens a ward's pack, from the shipped script, style and catalogue."""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from wardkeep.adapters.typst_words import translator
from wardkeep.pack.ward_page import shell
from wardkeep.paper.viewer_words import viewer_words


@cache
def empty_page(language: str, ward: str) -> str:
    """Return the page of a ward in a language with nothing in it yet."""
    script = f"{_shipped('age/age.js')}\n{_shipped('viewer.js')}"
    return shell(language, words_in(language), ward, script, style())


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
