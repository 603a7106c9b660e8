"""Signed checkpoints: at this sequence the head was this, says the site's signing key.

Each checkpoint also holds the heads of the other ledgers at that moment, so that a ledger that
was rolled back or shortened is contradicted by its siblings.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

_DOMAIN = b"wardkeep checkpoint 1\x00"


class Head(msgspec.Struct, frozen=True, array_like=True, order=True):
    """How far a ledger had come: the last sequence and the head after it."""

    ledger: str
    sequence: int
    head: bytes


class Checkpoint(msgspec.Struct, frozen=True, array_like=True):
    """A head, when it was taken (UTC microseconds) and the other ledgers' heads then."""

    head: Head
    at: int
    others: tuple[Head, ...] = ()


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(Checkpoint)


def encode(checkpoint: Checkpoint) -> bytes:
    """Return the bytes that are signed and stored."""
    return _encoder.encode(checkpoint)


def decode(body: bytes) -> Checkpoint:
    """Return what `encode` wrote; raises msgspec.DecodeError."""
    return _decoder.decode(body)


def sign(key: Ed25519PrivateKey, body: bytes) -> bytes:
    """Return the signature (64 bytes, RFC 8032) of an encoded checkpoint."""
    return key.sign(_DOMAIN + body)


def is_signed(key: Ed25519PublicKey, body: bytes, signature: bytes) -> bool:
    """Tell whether `signature` is the site's over `body`."""
    try:
        key.verify(signature, _DOMAIN + body)
    except InvalidSignature:
        return False
    return True


def is_signed_by_one(keys: Iterable[Ed25519PublicKey], body: bytes, signature: bytes) -> bool:
    """Tell whether `signature` over `body` is of one of the boxes that signed this ledger."""
    return any(is_signed(key, body, signature) for key in keys)
