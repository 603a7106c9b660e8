"""The code of an invitation: what two people read to each other by telephone.

Twelve groups of four letters and digits (Crockford's base 32: no I, L, O or U; typed all the
same, they are taken for 1, 1 and 0): 16 bytes of the
fingerprint of the first box's certificate, so that no box between can pose as it; a secret of
12 bytes, good once; 2 bytes that catch what was misheard.
"""

from __future__ import annotations

import base64
import hashlib

import msgspec

from wardkeep.copies.errors import InvitationError
from wardkeep.paper.sheet_code import ALPHABET

FINGERPRINT_BYTES = 16
"""128 bits: another certificate with the same beginning is out of reach."""
SECRET_BYTES = 12
_CHECK_BYTES = 2
_GROUP = 4
_RFC_4648 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
_TO_CODE = str.maketrans(_RFC_4648, ALPHABET)
_FROM_CODE = str.maketrans(f"{ALPHABET}OIL", f"{_RFC_4648}ABB")
"""O is read as 0, I and L as 1: the first and the second of the alphabet."""


class Invitation(msgspec.Struct, frozen=True):
    """The beginning of the SHA-256 of the first box's certificate, and the secret."""

    fingerprint: bytes
    secret: bytes


def written(invitation: Invitation) -> str:
    """Return the code, in groups."""
    content = invitation.fingerprint[:FINGERPRINT_BYTES] + invitation.secret
    letters = base64.b32encode(content + _check(content)).decode().translate(_TO_CODE)
    return "-".join(letters[at : at + _GROUP] for at in range(0, len(letters), _GROUP))


def read(code: str) -> Invitation:
    """Return what a code says; case, blanks and lines are forgiven. Raises InvitationError."""
    letters = "".join(letter for letter in code.upper() if letter.isalnum())
    if not set(letters) <= {*ALPHABET, *"OIL"}:
        raise InvitationError("the code cannot be read: a sign in it is in no code")
    try:
        content = base64.b32decode(letters.translate(_FROM_CODE))
    except ValueError as fault:  # binascii.Error is one
        raise InvitationError(f"the code cannot be read: {fault}") from fault
    size = FINGERPRINT_BYTES + SECRET_BYTES
    if len(content) != size + _CHECK_BYTES or _check(content[:size]) != content[size:]:
        raise InvitationError("the code was misread: its letters do not belong together")
    return Invitation(content[:FINGERPRINT_BYTES], content[FINGERPRINT_BYTES:size])


def _check(content: bytes) -> bytes:
    return hashlib.sha256(content).digest()[:_CHECK_BYTES]
