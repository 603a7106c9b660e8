"""What may be done to tokens: from state, request and `now` to events or a named error."""

from __future__ import annotations

from collections.abc import Collection

import msgspec

from wardkeep.kernel.times import DAY
from wardkeep.tokens.errors import NoFhirFeedError, TokenExpiryError, TokenUnknownError
from wardkeep.tokens.events import TokenIssued, TokenRevoked
from wardkeep.tokens.state import Tokens, digest_of

# Ten years: longer than any system that sends.
LONGEST_DAYS = 3650
_LONGEST_NOTE = 200
_PREFIX = "wk_"


class Wanted(msgspec.Struct, frozen=True):
    """The token that is asked for; `days` None: it does not end."""

    feed: str
    note: str = ""
    days: int | None = None


def secret_of(chance: str) -> str:
    """Return the token's text from 32 bytes of chance as text; scanners know its beginning."""
    return _PREFIX + chance


def issue(
    tokens: Tokens, feeds: Collection[str], wanted: Wanted, secret: str, now: int, by: str
) -> list[TokenIssued]:
    """Give a sender a token. `feeds` are the site's FHIR feeds.

    Raises NoFhirFeedError, TokenExpiryError.
    """
    if wanted.feed not in feeds:
        raise NoFhirFeedError(f"there is no FHIR feed named {wanted.feed!r}")
    if wanted.days is not None and not 1 <= wanted.days <= LONGEST_DAYS:
        raise TokenExpiryError(f"a token of {wanted.days} days")
    return [
        TokenIssued(
            number=max((each.number for each in tokens), default=0) + 1,
            feed=wanted.feed,
            digest=digest_of(secret),
            note=wanted.note[:_LONGEST_NOTE],
            expires=None if wanted.days is None else now + wanted.days * DAY,
            at=now,
            by=by,
        )
    ]


def revoke(tokens: Tokens, number: int, now: int, by: str) -> list[TokenRevoked]:
    """Take a token back; nothing to do if it already is. Raises TokenUnknownError."""
    for each in tokens:
        if each.number == number:
            return (
                [] if each.revoked is not None else [TokenRevoked(number=number, at=now, by=by)]
            )
    raise TokenUnknownError(f"no token has the number {number}")
