"""Codes on paper that open something once: sixteen letters, the last of which checks the rest.

75 random bits, so that a plain digest of a code cannot be turned back and costs nothing to make
for thousands of people (argon2id, made for what people choose, takes 18 ms each).
"""

from __future__ import annotations

import hashlib

from wardkeep.access.errors import CodeMistypedError
from wardkeep.paper.sheet_code import ALPHABET, check_letter, letters_typed

LETTERS = 16
RANDOM_BITS = 5 * (LETTERS - 1)
_GROUP = 4


def one_time_code(bits: int) -> str:
    """Return the code of 75 random bits, in groups of four as it is printed."""
    letters = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(LETTERS - 1))
    whole = letters + check_letter(letters)
    return "-".join(whole[at : at + _GROUP] for at in range(0, LETTERS, _GROUP))


def digest_of(typed: str) -> str:
    """Return the digest by which the ledger knows a code, however it was typed.

    Raises CodeMistypedError when letters are missing, too many or not what was printed.
    """
    letters = letters_typed(typed)
    if len(letters) != LETTERS or not set(letters) <= set(ALPHABET):
        raise CodeMistypedError("a code has sixteen letters and digits")
    if check_letter(letters[:-1]) != letters[-1]:
        raise CodeMistypedError("a letter of the code is wrong, or two changed places")
    return hashlib.sha256(f"wardkeep one-time code\0{letters}".encode()).hexdigest()
