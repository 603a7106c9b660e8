"""What this part writes to the operations ledger. A published event is never edited."""

from __future__ import annotations

import msgspec

from wardkeep.tokens.errors import UnreadableTokenEventError

PART = "tokens"


class TokenIssued(msgspec.Struct, frozen=True, kw_only=True, tag="TokenIssued.v1"):
    """A sender was given a token. Times in UTC microseconds.

    `number` counts the site's tokens from 1; `digest` is the SHA-256 of the token's text, in
    hex; `expires` is None for one that does not.
    """

    number: int
    feed: str
    digest: str
    note: str
    expires: int | None
    at: int
    by: str


class TokenRevoked(msgspec.Struct, frozen=True, kw_only=True, tag="TokenRevoked.v1"):
    """A token opens nothing any more."""

    number: int
    at: int
    by: str


TokenEvent = TokenIssued | TokenRevoked

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[TokenEvent] = msgspec.json.Decoder(TokenEvent)


def encode(event: TokenEvent) -> bytes:
    """Return the event as JSON, name and version in "type"; equal events, equal bytes."""
    return _encoder.encode(event)


def decode(body: bytes) -> TokenEvent:
    """Return the event that `encode` wrote; raises UnreadableTokenEventError."""
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError as fault:
        raise UnreadableTokenEventError(f"a token's event cannot be read: {fault}") from fault
