"""Hands the signing of checkpoints from one key of a site to the next, each signing the other.

Kept in the operations ledger (part `ledger.signing`). Both sign, so that neither a thief of the
old key nor a stranger can make checkpoints of his own believed.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import (
    Ed25519PrivateKey,
    Ed25519PublicKey,
)

from wardkeep.ledger.encoding import UNDECODABLE, OperationsEvent

PART = "ledger.signing"
_DOMAIN = b"wardkeep hand-over 1\x00"
_KEY_BYTES = 32


class SigningKeyHandedOver(
    msgspec.Struct, frozen=True, kw_only=True, tag="SigningKeyHandedOver.v1"
):
    """From `at` (UTC microseconds) on `new` signs in place of `old` (32 bytes each).

    `by_old` and `by_new` are their Ed25519 signatures over the domain, `old`, `new` and `at` in
    8 bytes.
    """

    at: int
    by: str
    old: bytes
    new: bytes
    by_old: bytes
    by_new: bytes


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder = msgspec.json.Decoder(SigningKeyHandedOver)


def hand_over(
    old: Ed25519PrivateKey, new: Ed25519PrivateKey, at: int, by: str
) -> SigningKeyHandedOver:
    """Return the event by which `new` takes the place of `old`."""
    keys = old.public_key().public_bytes_raw(), new.public_key().public_bytes_raw()
    said = _said(*keys, at)
    return SigningKeyHandedOver(
        at=at, by=by, old=keys[0], new=keys[1], by_old=old.sign(said), by_new=new.sign(said)
    )


def to_event(event: SigningKeyHandedOver) -> OperationsEvent:
    """Return the operations entry that keeps it."""
    return OperationsEvent(
        PART, "SigningKeyHandedOver", 1, event.at, event.by, _encoder.encode(event)
    )


def from_event(event: OperationsEvent) -> SigningKeyHandedOver | None:
    """Return the hand-over that an operations entry keeps, None where it keeps none."""
    if event.part != PART:
        return None
    try:
        return _decoder.decode(event.body)
    except UNDECODABLE:
        return None


def chain_of(
    trusted: Iterable[Ed25519PublicKey], handed: Iterable[SigningKeyHandedOver]
) -> tuple[Ed25519PublicKey, ...]:
    """Return the trusted keys and every earlier one that sound hand-overs lead from to them."""
    keys = {key.public_bytes_raw(): key for key in trusted}
    sound = [each for each in handed if _is_sound(each)]
    while more := [each for each in sound if each.new in keys and each.old not in keys]:
        for each in more:
            keys[each.old] = Ed25519PublicKey.from_public_bytes(each.old)
    return tuple(keys.values())


def successors_of(
    trusted: Iterable[Ed25519PublicKey], handed: Iterable[SigningKeyHandedOver]
) -> list[bytes]:
    """Return the keys (32 bytes) that sound hand-overs lead to from the trusted ones.

    `handed` in the order in which they were written. For whoever pinned an earlier key.
    """
    known = {key.public_bytes_raw() for key in trusted}
    found = []
    for each in handed:
        if each.old in known and each.new not in known and _is_sound(each):
            known.add(each.new)
            found.append(each.new)
    return found


def _is_sound(event: SigningKeyHandedOver) -> bool:
    said = _said(event.old, event.new, event.at)
    try:
        Ed25519PublicKey.from_public_bytes(event.old).verify(event.by_old, said)
        Ed25519PublicKey.from_public_bytes(event.new).verify(event.by_new, said)
    except (InvalidSignature, ValueError):
        return False
    return True


def _said(old: bytes, new: bytes, at: int) -> bytes:
    return _DOMAIN + old + new + at.to_bytes(8, "big", signed=True)
