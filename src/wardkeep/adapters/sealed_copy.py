"""Signs and seals a patient's chart for the codes on paper, and opens what was read from them.

Sealed content, then age-encrypted (age-encryption.org/v1) to the ward and the crisis team:

    32 bytes   the public key that signed (Ed25519, RFC 8032)
    64 bytes   its signature over the line "wardkeep chart codes v1" and the packed copy
    the rest   the packed copy (wardkeep.pack.paper_copy)
"""

from __future__ import annotations

from collections.abc import Sequence

import pyrage
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from wardkeep.adapters.errors import BadSignatureError, WrongPackKeyError

_SIGNED = b"wardkeep chart codes v1\n"
_KEY, _BOTH = 32, 96


def seal_copy(
    packed: bytes, key: Ed25519PrivateKey, recipients: Sequence[pyrage.x25519.Recipient]
) -> bytes:
    """Return a packed copy signed and sealed to `recipients`."""
    public = key.public_key().public_bytes_raw()
    return bytes(pyrage.encrypt(public + key.sign(_SIGNED + packed) + packed, recipients))


def open_copy(
    sealed: bytes, identity: pyrage.x25519.Identity
) -> tuple[bytes, Ed25519PublicKey]:
    """Return the packed copy and whose signature it bears.

    Raises WrongPackKeyError where it is not sealed to `identity`, or was altered;
    BadSignatureError where who sealed it did not sign it.
    """
    try:
        content = bytes(pyrage.decrypt(sealed, [identity]))
    except pyrage.DecryptError as fault:
        raise WrongPackKeyError("this key does not open these codes") from fault
    if len(content) < _BOTH:
        raise BadSignatureError("the codes hold no signed chart")
    key, signature, packed = content[:_KEY], content[_KEY:_BOTH], content[_BOTH:]
    try:
        public = Ed25519PublicKey.from_public_bytes(key)
        public.verify(signature, _SIGNED + packed)
    except (InvalidSignature, ValueError) as fault:
        raise BadSignatureError("the chart in the codes is not as it was signed") from fault
    return packed, public
