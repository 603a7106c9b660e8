"""The code on every page: WK1-<sheet>-<page>, as a QR symbol and in letters for keying by hand.

It names the sheet, never the patient: only the store knows whose sheet it is. Version 1 symbols
with error correction Q (ISO/IEC 18004) hold 16 letters in 21 x 21 modules, so that at 16 mm a
module is as large as that of a 29-module symbol at 22 mm.
"""

from __future__ import annotations

import segno

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Crockford's base 32: no I, L, O, U, which a hand or an eye mistakes."""

LETTERS = 8
"""Letters of a sheet's number: 40 random bits, one in a million that any two of 1,000 meet."""

_MODULES = 21
_MOST_PAGES = 99
# Choosing the best of eight masks costs ten times the rest; any mask reads.
_MASK = 3


def sheet_number(bits: int) -> str:
    """Return a random number of at least 40 bits as a sheet's letters."""
    return "".join(ALPHABET[bits >> 5 * place & 31] for place in range(LETTERS))


def sheet_code(sheet: str, page: int) -> str:
    """Return what the symbol of a page says. Pages after 99 share the last symbol's number."""
    return f"WK1-{sheet}-{min(page, _MOST_PAGES)}"


def symbol(text: str) -> str:
    """Return a QR symbol as an SVG drawing with a quiet zone of two modules."""
    made = segno.make(
        text, error="q", version=1, mask=_MASK, mode="alphanumeric", boost_error=False
    )
    path = "".join(
        f"M{start + 2} {row + 2}h{length}v1h-{length}z"
        for row, modules in enumerate(made.matrix)
        for start, length in _runs(modules)
    )
    side = _MODULES + 4
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {side} {side}">'
        f'<path d="{path}"/></svg>'
    )


def _runs(modules: bytes | bytearray) -> list[tuple[int, int]]:
    """Return (start, length) of the dark runs of one row."""
    found: list[tuple[int, int]] = []
    for column, dark in enumerate(modules):
        if not dark:
            continue
        if found and sum(found[-1]) == column:
            found[-1] = (found[-1][0], found[-1][1] + 1)
        else:
            found.append((column, 1))
    return found
