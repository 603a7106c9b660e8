"""The catalogues of the paper (domain `paper`), read from the .po files themselves."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po


@cache
def translator(language: str) -> Callable[[str], str]:
    """Return what turns the English words of a sheet into `language` (fr, nl, de, en).

    A message that a catalogue lacks stays English; a test keeps that from happening.
    """
    if language == "en":
        return str
    source = files("wardkeep.paper") / "translations" / language / "LC_MESSAGES" / "paper.po"
    with source.open("rb") as lines:
        catalogue = read_po(lines, locale=language)
    words = {
        message.id: message.string
        for message in catalogue
        if isinstance(message.id, str) and isinstance(message.string, str) and message.string
    }
    return lambda message: words.get(message, message)
