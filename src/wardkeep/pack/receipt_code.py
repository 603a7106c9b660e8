"""The code on a cover sheet that a ward reads by telephone to say that its paper is in hand.

Seven letters and one that checks them. They come from the pack's own SHA-256, which stands on
no share (there lies that of what was encrypted): a code cannot be made up from what is known
outside. 35 bits: of a thousand packs that are known here, one guess in thirty million fits one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

from wardkeep.pack.errors import ReceiptCodeMistypedError, UnknownReceiptError
from wardkeep.paper.sheet_code import ALPHABET, check_letter, letters_typed

_LETTERS = 8
_GROUP = 4
_OF_A_SHEET = "WK1"
_WHERE = (
    "The code stands on the cover sheet, beside Code; WK1-... on a page is the number of the"
    " sheet. Without a cover sheet name the pack: --ward W, and --generation G where it is not"
    " the newest."
)


class KnownPack(msgspec.Struct, frozen=True, kw_only=True):
    """A pack that somebody may hold: what it shows is `as_of`; times in UTC microseconds.

    `digest` is the SHA-256 of its PDF, in hex; empty where it is not known, and so is its code.
    """

    ward: str
    generation: int
    built: int
    as_of: int | None
    digest: str


def receipt_code(ward: str, generation: int, digest: str) -> str:
    """Return the code of a pack, as it is printed."""
    text = f"wardkeep receipt code 1\0{ward}\0{generation}\0{digest}"
    found = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()
    bits = int.from_bytes(found[:8], "big")
    letters = "".join(ALPHABET[bits >> 5 * place & 31] for place in range(_LETTERS - 1))
    whole = letters + check_letter(letters)
    return f"{whole[:_GROUP]}-{whole[_GROUP:]}"


def pack_of(typed: str, known: Iterable[KnownPack]) -> KnownPack:
    """Return the pack whose code was typed.

    Raises ReceiptCodeMistypedError for what is no code, UnknownReceiptError for one of no pack.
    """
    letters = letters_typed(typed)
    if letters.startswith(_OF_A_SHEET) and len(letters) > _LETTERS:
        raise ReceiptCodeMistypedError("this is the number of a sheet", advice=_WHERE)
    if len(letters) != _LETTERS or not set(letters) <= set(ALPHABET):
        raise ReceiptCodeMistypedError("a receipt code has eight letters and digits")
    if check_letter(letters[:-1]) != letters[-1]:
        raise ReceiptCodeMistypedError(
            "a letter of the code is wrong, or two changed places; or it is a sheet's number",
            advice=_WHERE,
        )
    code = f"{letters[:_GROUP]}-{letters[_GROUP:]}"
    for each in known:
        if each.digest and receipt_code(each.ward, each.generation, each.digest) == code:
            return each
    raise UnknownReceiptError(f"no pack that is known here has the code {code}")
