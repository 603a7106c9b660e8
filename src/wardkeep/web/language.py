"""The language of a page, and its words: gettext catalogues of the screens (domain `web`).

Catalogues are read from the .po files themselves, once, so that nothing has to be compiled.
Text that came from a feed is never translated.
"""

from __future__ import annotations

import gettext
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from babel.messages.pofile import read_po
from typing_extensions import override

LANGUAGES: Mapping[str, str] = {
    "fr": "Français",
    "nl": "Nederlands",
    "de": "Deutsch",
    "en": "English",
}
"""Every language a page can be in, by its own name."""


class Catalogue(gettext.NullTranslations):
    """The translations of one language, in memory; what is missing stays English."""

    def __init__(
        self, words: Mapping[str, str], plurals: Mapping[str, tuple[str, ...]]
    ) -> None:
        super().__init__()
        self._words = words
        self._plurals = plurals

    @override
    def gettext(self, message: str) -> str:
        """Return the message in this language."""
        return self._words.get(message, message)

    @override
    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        """Return the form for `n`; all four languages have two, French counts 0 as one."""
        forms = self._plurals.get(msgid1, (msgid1, msgid2))
        return forms[0] if n == 1 or (n == 0 and self._french) else forms[1]

    @property
    def _french(self) -> bool:
        return self._words.get("", "").startswith("fr")


@cache
def catalogue(language: str) -> Catalogue:
    """Return the catalogue of a language of LANGUAGES; English is the source itself."""
    if language == "en":
        return Catalogue({}, {})
    source = files("wardkeep.web") / "translations" / language / "LC_MESSAGES" / "web.po"
    words: dict[str, str] = {}
    plurals: dict[str, tuple[str, ...]] = {}
    with source.open("rb") as lines:
        for message in read_po(lines, locale=language):
            if isinstance(message.id, str) and isinstance(message.string, str):
                words[message.id] = message.string or message.id
            elif message.string and not isinstance(message.string, str):
                plurals[message.id[0]] = tuple(message.string)
    return Catalogue({**words, "": language}, plurals)


def choose_language(asked: str, kept: str, accepted: str, default: str) -> str:
    """Return the language of a page.

    `asked` by the link just followed, `kept` by this browser, `accepted` as in the header
    Accept-Language (RFC 9110 12.5.4, weights ignored: browsers list the best first), else the
    site's.
    """
    for wish in (asked, kept):
        if wish in LANGUAGES:
            return wish
    for entry in accepted.split(",")[:10]:
        primary = entry.strip().split(";")[0].split("-")[0].lower()
        if primary in LANGUAGES:
            return primary
    return default
