"""What stands in the access ledger in English, said in the reader's language.

The ledger keeps one wording for all readers and for ever; a page says it in theirs. What is no
wording of Wardkeep's, as a reason that a person typed, stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from wardkeep.web.words import N_, ROLES

_WHOLE: Final[Mapping[str, str]] = {
    "login": N_("login"),
    "login refused": N_("login refused"),
    "unlock refused": N_("unlocking refused"),
    "break-glass": N_("broke the glass"),
    "alarm ended": N_("ended an alarm"),
    "session ended": N_("ended a session of the own account"),
    "patient sheet": N_("patient sheet"),
    "search": N_("search"),
    "ward board": N_("ward board"),
    "ward pack": N_("ward pack"),
    "held ward pack": N_("held ward pack"),
    "verb pack": N_("ward pack, at the terminal"),
    "verb chart": N_("chart, at the terminal"),
    "password": N_("password"),
    "badge and PIN": N_("badge and PIN"),
    "PIN": N_("PIN"),
    "app code": N_("code of the app"),
    "security key": N_("security key"),
    "second factor": N_("second factor"),
    "first code": N_("first code on paper"),
    "single sign-on": N_("single sign-on"),
    **{role.value: words for role, words in ROLES.items()},
}
_SHAPES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"message (?P<n>\d+)"), N_("message %(n)s")),
    (re.compile(r"verb quarantine show (?P<n>\d+)"), N_("message %(n)s, at the terminal")),
    (re.compile(r"ward (?P<ward>.+)"), N_("ward %(ward)s")),
    (re.compile(r"break-glass (?P<part>.+)"), N_("glass broken, %(part)s")),
    (
        re.compile(r"sealed code (?P<code>\S+), (?P<part>\w+)"),
        N_("sealed code %(code)s, %(part)s"),
    ),
    (
        re.compile(r"officers (?P<by>.+), (?P<part>\w+)"),
        N_("two officers: %(by)s, for %(part)s"),
    ),
    (re.compile(r"(?P<first>.+) and new (?P<part>.+)"), N_("%(first)s and a new %(part)s")),
    (re.compile(r"(?P<first>.+) and (?P<part>.+)"), N_("%(first)s and %(part)s")),
    (re.compile(r"(?P<part>[a-z]+): (?P<by>.+)"), N_("%(part)s: %(by)s")),
)
_TRANSLATED: Final = {"first", "part"}


def said(text: str, translate: Callable[[str], str]) -> str:
    """Return the words of an entry of the access ledger in the language of `translate`."""
    return _known(text, translate) or text


def _known(text: str, translate: Callable[[str], str]) -> str:
    """Return the words in another language, "" where they are none of Wardkeep's."""
    if text in _WHOLE:
        return translate(_WHOLE[text])
    for shape, words in _SHAPES:
        found = shape.fullmatch(text)
        told = _parts(found, translate) if found else {"": ""}
        if all(told.values()):
            return translate(words) % told
    return ""


def _parts(found: re.Match[str], translate: Callable[[str], str]) -> dict[str, str]:
    return {
        name: _known(value, translate) if name in _TRANSLATED else value
        for name, value in found.groupdict().items()
    }
