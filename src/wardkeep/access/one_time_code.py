"""Codes on paper that open something once: sixteen letters, the last of which checks the rest.

75 random bits, so that a plain digest of a code cannot be turned back and costs nothing to make
for thousands of people (argon2id, made for what people choose, takes 18 ms each).
"""

from __future__ import annotations

import hashlib

from wardkeep.access.errors import CodeMistypedError
from wardkeep.paper.sheet_code import ALPHABET

LETTERS = 16
RANDOM_BITS = 5 * (LETTERS - 1)
_GROUP = 4
# GF(32) with x^5 + x^2 + 1: multiplying by x walks through all 31 elements but 0, so that any
# one wrong letter and any two that changed places are found (as in ISO/IEC 7064, pure systems).
_FIELD = 0b100101
_CARRY = 0b100000
# Crockford's base 32: what a hand writes for the letters that the alphabet leaves out.
_MISREAD = str.maketrans("ILO", "110")


def one_time_code(bits: int) -> str:
    """Return the code of 75 random bits, in groups of four as it is printed."""
    letters = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(LETTERS - 1))
    whole = letters + _check(letters)
    return "-".join(whole[at : at + _GROUP] for at in range(0, LETTERS, _GROUP))


def digest_of(typed: str) -> str:
    """Return the digest by which the ledger knows a code, however it was typed.

    Raises CodeMistypedError when letters are missing, too many or not what was printed.
    """
    letters = "".join(c for c in typed.upper() if c not in " -_.").translate(_MISREAD)
    if len(letters) != LETTERS or not set(letters) <= set(ALPHABET):
        raise CodeMistypedError("a code has sixteen letters and digits")
    if _check(letters[:-1]) != letters[-1]:
        raise CodeMistypedError("a letter of the code is wrong, or two changed places")
    return hashlib.sha256(f"wardkeep one-time code\0{letters}".encode()).hexdigest()


def _check(letters: str) -> str:
    found = 0
    for letter in letters:
        found = _times_x(found ^ ALPHABET.index(letter))
    return ALPHABET[found]


def _times_x(value: int) -> int:
    doubled = value << 1
    return doubled ^ _FIELD if doubled & _CARRY else doubled
