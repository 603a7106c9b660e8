"""The text of one cell as the value of a field: numbers, yes and no, several in one cell."""

from __future__ import annotations

import re
import types
import unicodedata
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, TypeAlias, Union, get_args, get_origin

import msgspec

Cell: TypeAlias = Callable[[str], object]
"""Returns what a text says, None where it says nothing; raises ValueError."""

# What forms and inventories write in four languages.
_YES = frozenset({"yes", "y", "oui", "o", "ja", "j", "true", "vrai", "waar", "wahr", "1", "x"})
_NO = frozenset({"no", "n", "non", "nee", "nein", "false", "faux", "onwaar", "falsch", "0"})
_NOTHING = frozenset({"", "?", "-", "n/a", "unknown", "inconnu", "onbekend", "unbekannt"})
_LONGEST_TEXT = 2_000
_NO_LETTER = re.compile(r"[^a-z0-9]+")
_DECIMAL_COMMA = re.compile(r"-?\d+,\d+")
_PER_CENT = re.compile(r"(.*\d)[ \u00a0\u202f]?%")
# Spaces (also those that do not break) and apostrophes stand only between thousands.
_SPACED = re.compile(r"\d{1,3}(?:[ \u00a0\u2009\u202f'\u2019]\d{3})+(?:[.,]\d+)?")
_SPACES = re.compile(r"[ \u00a0\u2009\u202f'\u2019]")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:[.,]\d{3})+")


class NumberText(str):
    """The text of a number that a workbook holds as one: its point is a decimal point."""

    __slots__ = ()


def folded(heading: str) -> str:
    """Return a heading without accents, case and all that is no letter or digit."""
    plain = unicodedata.normalize("NFKD", heading).casefold()
    return _NO_LETTER.sub("", plain)


def cell_reader(wanted: Any, values: Mapping[str, str], separator: str) -> Cell:  # noqa: ANN401  a type as an annotation
    """Return what reads the cells of a field whose annotation is `wanted`.

    `values` says what a text of the table means; `separator` stands between several.
    """
    kinds = _without_none(wanted)
    if get_origin(kinds) is tuple:
        each = _one(get_args(kinds)[0])
        return partial(_several, each, _translations(values), separator)
    return partial(_single, _one(kinds), _translations(values))


def _without_none(wanted: Any) -> Any:  # noqa: ANN401  as above
    if get_origin(wanted) in {Union, types.UnionType}:  # of a Literal, `| None` is a Union
        return next(each for each in get_args(wanted) if each is not types.NoneType)
    return wanted


def _translations(values: Mapping[str, str]) -> dict[str, str]:
    return {text.strip().casefold(): meant for text, meant in values.items()}


def _one(wanted: Any) -> Cell:  # noqa: ANN401  as above
    if wanted is str:
        return _text
    if wanted is bool:
        return _yes_or_no
    if wanted in {int, float}:
        return partial(_number, wanted)
    return partial(_word, wanted)


def _single(one: Cell, meant: Mapping[str, str], text: str) -> object:
    if not isinstance(text, NumberText):  # which has no space, and would be plain text then
        text = text.strip()
    if meant:
        text = meant.get(text.casefold(), text)
    return one(text) if text else None


def _several(one: Cell, meant: Mapping[str, str], separator: str, text: str) -> object:
    parts = [text] if isinstance(text, NumberText) else text.split(separator)
    found = (_single(one, meant, part) for part in parts)
    return tuple(each for each in found if each is not None) or None


def _text(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"{len(text)} characters; {_LONGEST_TEXT} are read")
    return str(text)


def _yes_or_no(text: str) -> bool | None:
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    if word in _NOTHING:
        return None
    raise ValueError(f"{text[:40]!r} is neither yes nor no")


def _number(wanted: type[int | float], text: str) -> int | float | None:
    if text.casefold() in _NOTHING:
        return None
    plain = text if isinstance(text, NumberText) else _plain(wanted, text)
    number = _per_cent(plain) if wanted is float else None
    try:
        number = float(plain) if number is None else number
    except ValueError as fault:
        raise ValueError(f"{text[:40]!r} is no number") from fault
    if not 0 <= number < 1e12:  # noqa: PLR2004  nothing of a hospital comes near; refuses inf and nan
        raise ValueError(f"{text[:40]} is out of range")
    if wanted is int and not number.is_integer():
        raise ValueError(f"{text[:40]!r} is no whole number")
    return wanted(number)


def _plain(wanted: type[int | float], text: str) -> str:
    """Return the text of a number without what stands between thousands, with a point.

    Raises ValueError where its point or comma may stand for either.
    """
    if _SPACED.fullmatch(text):
        text = _SPACES.sub("", text)
    if _THOUSANDS.fullmatch(text):
        raise ValueError(_ambiguous(wanted, text))
    return text.replace(",", ".") if _DECIMAL_COMMA.match(text) else text


def _ambiguous(wanted: type[int | float], text: str) -> str:
    whole = re.sub(r"[.,]", "", text)
    if wanted is int or len(re.findall(r"[.,]", text)) > 1:
        return f"{text} has a point or comma between thousands: write {whole}"
    broken = text.replace(",", ".")
    return f"{text} may be {whole} or {float(broken):g}: write {whole} or {broken}0"


def _per_cent(text: str) -> float | None:
    found = _PER_CENT.fullmatch(text)
    try:
        return float(found[1]) / 100 if found else None
    except ValueError:
        return None


def _word(wanted: Any, text: str) -> object:  # noqa: ANN401  as above
    try:
        return msgspec.convert(text.casefold(), wanted)
    except msgspec.ValidationError as fault:
        known = ", ".join(str(each) for each in _choices(wanted) if each)
        raise ValueError(f"{text[:40]!r} is none of {known}") from fault


def _choices(wanted: Any) -> tuple[Any, ...]:  # noqa: ANN401  as above
    return get_args(wanted) or tuple(wanted)
