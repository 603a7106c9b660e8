"""Whether a sender says that an order is given as needed, in the words that senders use.

A word anywhere in a condition counts; in a free instruction only one that begins or is the
whole text: "adjust as needed" on a scheduled drug must not take its boxes away.
"""

from __future__ import annotations

import re

_PHRASES = (
    "prn", "as needed", "if needed", "as required", "when required", "si besoin",
    "si necessaire", "au besoin", "en cas de besoin", "a la demande",
    "zo nodig", "indien nodig", "bij behoefte", "bei bedarf", "nach bedarf", "wenn notig",
)  # fmt: skip
_ANYWHERE = re.compile(r"(?<!\w)(?:" + "|".join(_PHRASES) + r")(?!\w)")
_BEGINNING = re.compile(r"\s*(?:" + "|".join(_PHRASES) + r")(?!\w)")
_PATTERN_END = re.compile(r"(?<=.)[\s&/,-]*PRN$|^PRN[\s&/,-]*(?=.)")
_PLAIN = str.maketrans("éèêàâöüÉÈÊÀÂÖÜ", "eeeaaouEEEAAOU")


def said_in_condition(text: str) -> bool:
    """Say whether a condition (TQ1-10, TQ-7) or priority holds words for "as needed"."""
    return bool(_ANYWHERE.search(_folded(text)))


def said_at_beginning(text: str) -> bool:
    """Say whether an instruction (TQ1-11) begins with words for "as needed"."""
    return bool(_BEGINNING.match(_folded(text)))


def said_alone(text: str) -> bool:
    """Say whether a text is nothing but words for "as needed"."""
    return _folded(text).strip(" .;,:") in _PHRASES


def without_prn(code: str) -> tuple[str, bool]:
    """Return a pattern's code without PRN at its end or beginning, and if it was there."""
    if code == "PRN":
        return "", True
    rest = _PATTERN_END.sub("", code)
    return rest, rest != code


def _folded(text: str) -> str:
    return re.sub(r"\bp\.\s?r\.\s?n\b\.?", "prn", text.translate(_PLAIN).casefold())
