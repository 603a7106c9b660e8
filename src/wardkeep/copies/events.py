"""What the copies part writes to the operations ledger; times in UTC microseconds."""

from __future__ import annotations

import msgspec

from wardkeep.copies.errors import FollowerEventError

PART = "copies"


class FollowerInvited(msgspec.Struct, frozen=True, kw_only=True, tag="FollowerInvited.v1"):
    """A box may pair under a name until a time, once, with a secret of this SHA-256 (hex)."""

    name: str
    secret_hash: str
    until: int
    at: int
    by: str


class FollowerPaired(msgspec.Struct, frozen=True, kw_only=True, tag="FollowerPaired.v1"):
    """A box used its invitation.

    `certificate` is the SHA-256 of its certificate (DER), `signer` its Ed25519 public key, hex.
    """

    name: str
    certificate: str
    signer: str
    at: int
    by: str


class FollowerRemoved(msgspec.Struct, frozen=True, kw_only=True, tag="FollowerRemoved.v1"):
    """A box, or an invitation that nobody used, may not copy any more."""

    name: str
    at: int
    by: str


class MapCopyDecided(msgspec.Struct, frozen=True, kw_only=True, tag="MapCopyDecided.v1"):
    """A box, or who will use its invitation, gets the map and forecasts too, or no longer."""

    name: str
    given: bool
    at: int
    by: str


class LedgersTakenOver(msgspec.Struct, frozen=True, kw_only=True, tag="LedgersTakenOver.v1"):
    """A follower became the first, because a person said so.

    `held` and `seen` are, by ledger, the last entry that was copied and the last that the box
    before was known to have; `as_of` is when everything that it had was held, 0 for never.
    `forced`: though the box before still answered.
    """

    why: str
    before: str
    held: dict[str, int]
    seen: dict[str, int]
    as_of: int
    forced: bool
    at: int
    by: str


CopiesEvent = (
    FollowerInvited | FollowerPaired | FollowerRemoved | MapCopyDecided | LedgersTakenOver
)

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[CopiesEvent] = msgspec.json.Decoder(CopiesEvent)


def encode(event: CopiesEvent) -> bytes:
    """Return the event as JSON, name and version in "type"; equal events, equal bytes."""
    return _encoder.encode(event)


def decode(body: bytes) -> CopiesEvent:
    """Return the event that `encode` wrote; raises FollowerEventError."""
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError as fault:
        raise FollowerEventError(f"an event of followers cannot be read: {fault}") from fault
