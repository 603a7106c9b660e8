"""What stands in the access ledger in English, said in the reader's language.

The ledger keeps one wording for all readers and for ever; a page says it in theirs. What a
person typed, as the reason for breaking the glass, stays as it was: the page of an entry tells
which words are Wardkeep's own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from wardkeep.access.look import Look
from wardkeep.web.words import N_, ROLES

Translate = Callable[[str], str]

LONGEST: Final = 120
"""Letters: twice the longest wording of Wardkeep's own with usual names in it. What is longer
is mostly somebody's and stays as it was."""
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
    "bedside check": N_("bedside check"),
    "bedside differences": N_("bedside differences"),
    "ward pack": N_("ward pack"),
    "map": N_("map of the hospital"),
    "map forecast": N_("forecast of an attack"),
    "held ward pack": N_("held ward pack"),
    "verb pack": N_("ward pack, at the terminal"),
    "verb card": N_("known-patient card, at the terminal"),
    "verb cards": N_("book of known-patient cards, at the terminal"),
    "verb chart": N_("chart, at the terminal"),
    "password": N_("password"),
    "badge and PIN": N_("badge and PIN"),
    "PIN": N_("PIN"),
    "app code": N_("code of the app"),
    "security key": N_("security key"),
    "second factor": N_("second factor"),
    "first code": N_("first code on paper"),
    "single sign-on": N_("single sign-on"),
}
_ROLES: Final[Mapping[str, str]] = {role.value: words for role, words in ROLES.items()}
_SHAPES: Final[tuple[tuple[re.Pattern[str], str], ...]] = (
    (re.compile(r"message (?P<n>\d+)"), N_("message %(n)s")),
    (re.compile(r"verb quarantine show (?P<n>\d+)"), N_("message %(n)s, at the terminal")),
    (re.compile(r"verb pack (?P<kind>[a-z-]+)"), N_("pack %(kind)s, at the terminal")),
    (re.compile(r"map (?P<item>[a-z]+:.+)"), N_("map of the hospital: %(item)s")),
    (re.compile(r"ward (?P<ward>[^ ]+)"), N_("ward %(ward)s")),
    (
        re.compile(r"sealed code (?P<code>\S+), (?P<role>\w+)"),
        N_("sealed code %(code)s, %(part)s"),
    ),
    (
        re.compile(r"officers (?P<by>.+), (?P<role>\w+)"),
        N_("two officers: %(by)s, for %(part)s"),
    ),
    (re.compile(r"(?P<role>[a-z]+): (?P<by>.+)"), N_("%(part)s: %(by)s")),
)
_GLASS: Final = "break-glass "
# A look from another site, or one that a second box tells: `web.others`, `app.copies_desk`.
_TOLD_BY: Final = re.compile(r"(?P<told>[^()]+)(?P<by>(?: \([^()]+\))+)")
_WORDED: Final = frozenset(
    {"login", "login refused", "unlock refused", "session ended", "patient sheet", "search"}
    | {"ward board", "ward pack", "held ward pack", "bedside check", "bedside differences"}
)
"""The pages beside whose entries nothing stands that a person typed."""


def reason(look: Look, translate: Translate) -> str:
    """Return why or how of an entry in the language of `translate`, untouched if typed."""
    return said(look.why, translate) if look.page in _WORDED else look.why


def said(text: str, translate: Translate) -> str:
    """Return words of the access ledger in another language; what is not known stays.

    Every part is looked up once: what is typed costs no more than its length.
    """
    if len(text) > LONGEST:
        return text
    return _known(text, translate) or _joined(text, translate) or text


def _joined(text: str, translate: Translate) -> str:
    """Return what is told by somebody, through broken glass, or of several parts."""
    by = _TOLD_BY.fullmatch(text)
    told, tail = (by["told"], by["by"]) if by else (text, "")
    part = told.removeprefix(_GLASS)
    found = _known(part, translate) or _several(part, translate)
    if found and part != told:
        found = translate(N_("glass broken, %(part)s")) % {"part": found}
    return found + tail if found else ""


def _several(text: str, translate: Translate) -> str:
    first, *further = text.split(" and ")
    found = _known(first, translate)
    for each in further:
        part = _known(each.removeprefix("new "), translate)
        if not (found and part):
            return ""
        words = (
            N_("%(first)s and a new %(part)s")
            if each.startswith("new ")
            else N_("%(first)s and %(part)s")
        )
        found = translate(words) % {"first": found, "part": part}
    return found


def _known(text: str, translate: Translate) -> str:
    """Return the words in another language, "" where they are none of Wardkeep's."""
    if text in _WHOLE:
        return translate(_WHOLE[text])
    for shape, words in _SHAPES:
        found = shape.fullmatch(text)
        if found is None:
            continue
        parts = found.groupdict()
        if "role" in parts:
            role = _ROLES.get(parts["role"])
            if role is None:
                continue
            parts["part"] = translate(role)
        return translate(words) % parts
    return ""
