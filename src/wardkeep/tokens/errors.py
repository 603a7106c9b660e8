"""What the tokens part refuses, each with what to do instead."""

from __future__ import annotations

from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError


class NoFhirFeedError(WardkeepError):
    """The feed that a token is for does not exist or is not of kind fhir."""

    code: ClassVar[str] = "token-feed"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = (
        'Give the sender a table [[feeds]] with kind = "fhir" in wardkeep.toml, then repeat.'
    )


class TokenUnknownError(WardkeepError):
    """No token has that number."""

    code: ClassVar[str] = "token-unknown"
    exit_status: ClassVar[int] = 6
    remedy: ClassVar[str] = "See the numbers with `wardkeep token list DIR`."


class TokenExpiryError(WardkeepError):
    """A token cannot end before it begins, nor last for ever by a number of days."""

    code: ClassVar[str] = "token-expiry"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = "Give --days from 1 to 3650, or leave it out: then it does not end."


class UnreadableTokenEventError(WardkeepError):
    """The operations ledger holds an event of tokens that this version cannot read."""

    code: ClassVar[str] = "token-event"
    exit_status: ClassVar[int] = 4
    remedy: ClassVar[str] = (
        "Run `wardkeep verify DIR`; if it finds no fault, a newer version wrote the event."
    )
