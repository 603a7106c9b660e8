"""The tokens as they stand, and whom a token names."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from enum import StrEnum
from typing import assert_never

import msgspec

from wardkeep.tokens.events import TokenEvent, TokenIssued, TokenRevoked


class Standing(StrEnum):
    """What a token is worth at a moment."""

    VALID = "valid"
    EXPIRED = "expired"
    REVOKED = "revoked"


class Token(msgspec.Struct, frozen=True, kw_only=True):
    """One token as tokens.events has it. `revoked`: since when, or None."""

    number: int
    feed: str
    digest: str
    note: str
    expires: int | None
    made: int
    revoked: int | None = None

    def standing(self, now: int) -> Standing:
        """Return what the token is worth at `now` (UTC microseconds)."""
        if self.revoked is not None:
            return Standing.REVOKED
        if self.expires is not None and self.expires <= now:
            return Standing.EXPIRED
        return Standing.VALID


Tokens = tuple[Token, ...]
"""All tokens ever made, by number."""


def evolve(tokens: Tokens, event: TokenEvent) -> Tokens:
    """Return the tokens after the event; one about a number never made changes nothing."""
    match event:
        case TokenIssued():
            made = Token(
                number=event.number,
                feed=event.feed,
                digest=event.digest,
                note=event.note,
                expires=event.expires,
                made=event.at,
            )
            return (*tokens, made)
        case TokenRevoked():
            return tuple(
                msgspec.structs.replace(each, revoked=event.at)
                if each.number == event.number and each.revoked is None
                else each
                for each in tokens
            )
        case _ as never:
            assert_never(never)


def fold(events: Iterable[TokenEvent], tokens: Tokens = ()) -> Tokens:
    """Return the tokens after all events, in order."""
    for event in events:
        tokens = evolve(tokens, event)
    return tokens


def digest_of(secret: str) -> str:
    """Return what is kept of a token: SHA-256, hex.

    No salt and no slow hash: the 256 bits of chance in it cannot be guessed (OWASP ASVS 5.0,
    11.4.2 asks a slow one of passwords).
    """
    return hashlib.sha256(secret.encode("utf-8", "surrogatepass")).hexdigest()


def named_by(tokens: Tokens, secret: str) -> Token | None:
    """Return the token of this text, whatever it is worth, None where there is none.

    Every token is compared, each in constant time: how long it takes tells nothing.
    """
    digest, found = digest_of(secret), None
    for each in tokens:
        if hmac.compare_digest(each.digest, digest):
            found = each
    return found
