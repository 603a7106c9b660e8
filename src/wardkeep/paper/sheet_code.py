"""The code on every page: WK1-<sheet>-<page>, as a QR symbol and in letters for keying by hand.

It names the sheet, never the patient: only the store knows whose sheet it is. Version 1 symbols
with error correction Q (ISO/IEC 18004) hold 16 letters in 21 x 21 modules, so that at 16 mm a
module is as large as that of a 29-module symbol at 22 mm.
"""

from __future__ import annotations

import re
from functools import cache

import segno

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, which a hand or an eye mistakes."""

# GF(32) with x^5 + x^2 + 1: multiplying by x walks through all 31 elements but 0, so that any
# one wrong letter and any two that changed places are found (as in ISO/IEC 7064, pure systems).
_FIELD = 0b100101
_CARRY = 0b100000
# Crockford's base 32: what a hand writes for the letters that the alphabet leaves out.
_MISREAD = str.maketrans("ILO", "110")

LETTERS = 8
"""Letters of a sheet's number: 40 random bits, one in a million that any two of 1,000 meet."""

_MODULES = 21
_MOST_PAGES = 99
_TWO_DIGITS = 10
# Choosing the best of eight masks costs ten times the rest; any mask reads.
_MASK = 3
_DARK = re.compile(b"\x01+")
_BLANK = "0" * LETTERS


def sheet_number(bits: int) -> str:
    """Return a random number of at least 40 bits as a sheet's letters."""
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(LETTERS))


def letters_typed(typed: str) -> str:
    """Return the letters of a code however it was typed; they may be none of the alphabet."""
    return "".join(c for c in typed.upper() if c not in " -_.").translate(_MISREAD)


def check_letter(letters: str) -> str:
    """Return the letter that stands behind `letters`, all of the alphabet, to check them."""
    found = 0
    for letter in letters:
        found = _times_x(found ^ ALPHABET.index(letter))
    return ALPHABET[found]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & _CARRY else doubled


def sheet_code(sheet: str, page: int) -> str:
    """Return what the symbol of a page says. Pages after 99 share the last symbol's number."""
    return f"WK1-{sheet}-{min(page, _MOST_PAGES)}"


def sheet_symbols(sheet: str, pages: int) -> tuple[tuple[str, str], ...]:
    """Return code and symbol (an SVG drawing, quiet zone of two modules) of pages 1 to `pages`.

    Two symbols of one length and mask differ in their data's bits and in the check bits, which
    are linear in the data (Reed and Solomon 1960): what turns page 1 into page 2 is the same
    for every sheet, and making a symbol anew costs five times as much.
    """
    first: dict[int, int] = {}
    found: list[tuple[str, str]] = []
    for page in range(1, pages + 1):
        text = sheet_code(sheet, page)
        like = 1 if page < _TWO_DIGITS else _TWO_DIGITS
        if like not in first:
            first[like] = _modules(sheet_code(sheet, like))
        found.append((text, _drawing(first[like] ^ _difference(page, like))))
    return tuple(found)


@cache
def _difference(page: int, like: int) -> int:
    """Return the modules in which page `page` of any sheet differs from page `like`."""
    return _modules(sheet_code(_BLANK, page)) ^ _modules(sheet_code(_BLANK, like))


def _modules(text: str) -> int:
    """Return a symbol's modules row by row, a byte each, as one number."""
    made = segno.make(
        text, error="q", version=1, mask=_MASK, mode="alphanumeric", boost_error=False
    )
    return int.from_bytes(b"".join(bytes(row) for row in made.matrix), "big")


def _drawing(modules: int) -> str:
    dark = modules.to_bytes(_MODULES * _MODULES, "big")
    path = "".join(
        f"M{run.start() + 2} {row + 2}h{run.end() - run.start()}v1h{run.start() - run.end()}z"
        for row in range(_MODULES)
        for run in _DARK.finditer(dark[row * _MODULES : (row + 1) * _MODULES])
    )
    side = _MODULES + 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="{path}"/></svg>'
    )
