"""Signs that characters were lost on the way to us, and when two drug texts name one drug.

The rule for LOST_CHARACTERS; a text is flagged if it holds one of:
- U+FFFD, the replacement character, or its UTF-8 bytes read as cp1252;
- UTF-8 read as Latin-1 or cp1252: A-tilde or A-circumflex before a sign of U+0080 to U+00BF or
  one of cp1252's own signs ("Âµg", "Ã©");
- a question mark where a letter of a unit stands: "?g", "50 ?g/h", "5 ?l", "m?g";
- a control character other than tab and line breaks.
A dose in grams is flagged besides where the strength or drug text of the same order speaks of
micrograms of the same number: the micro sign was lost without a trace (250 g for 250 µg).
"""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

_MOJIBAKE = re.compile(
    "\ufffd|ï¿½|[ÃÂ][\u0080-\u00bf\u20ac\u201a\u0192\u201e\u2026\u2020\u2021\u02c6\u2030\u0160"
    "\u2039\u0152\u017d\u2018\u2019\u201c\u201d\u2022\u2013\u2014\u02dc\u2122\u0161\u203a\u0153"
    "\u017e\u0178]|Î¼|â‚¬|â€"
)
_LOST_IN_UNIT = re.compile(
    r"(?:(?<![A-Za-z])\?(?:g|l|L|mol|kat|U|M)\b)|(?:\b[mnkdc]\?(?:g|l|L)\b)|(?:\d\s*\?(?=\s*/|\s*$))"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_GRAMS = re.compile(r"(\d+(?:[.,]\d+)?)\s*(?:g|gram|gramme|grams)\b", re.IGNORECASE)
_MICROGRAMS = re.compile(
    r"(\d+(?:[.,]\d+)?)\s*(?:µg|μg|mcg|ug|microgram\w*|mikrogramm)", re.IGNORECASE
)
_MILLIGRAMS = re.compile(r"(\d+(?:[.,]\d+)?)\s*mg\b", re.IGNORECASE)
_NOT_WORD = re.compile(r"[^\w.]|_|(?<!\d)\.|\.(?!\d)")
"""All but letters, digits and decimal points: 2.5 and 25 must stay apart."""


@lru_cache(maxsize=16384)
def has_lost_characters(text: str) -> bool:
    """Say whether the text shows signs of lost characters (rule at the top of this module)."""
    if text.isascii() and "?" not in text and text.isprintable():
        return False
    return bool(_MOJIBAKE.search(text) or _LOST_IN_UNIT.search(text) or _CONTROL.search(text))


def micro_sign_lost(dose: str, beside: str) -> bool:
    """Say whether grams of the dose are micrograms of the same number in the text beside it.

    Milligrams beside it count as the micrograms that they are: "125 g" of a 0.125 mg tablet.
    """
    grams = {_number(amount) for amount in _GRAMS.findall(dose)}
    if not grams:
        return False
    micro = {_number(amount) for amount in _MICROGRAMS.findall(beside)}
    micro |= {_number(amount) * 1000 for amount in _MILLIGRAMS.findall(beside)}
    return not grams.isdisjoint(micro)


def _number(amount: str) -> Decimal:
    return Decimal(amount.replace(",", ".")).normalize()


@lru_cache(maxsize=16384)
def normal(text: str) -> str:
    """Return letters and digits alone, without case and accents; never for show."""
    decomposed = unicodedata.normalize("NFKD", text)
    bare = "".join(char for char in decomposed if not unicodedata.combining(char))
    return _NOT_WORD.sub("", bare.casefold().replace(",", "."))
