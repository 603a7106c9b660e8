"""Tokens of a hospital folder's FHIR senders, for the command line."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import msgspec

from wardkeep.adapters.clock import now
from wardkeep.adapters.door_figures import SenderFigures, read_figures
from wardkeep.adapters.passwords import new_token
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.operations_desk import OperationsDesk
from wardkeep.app.settings import load_site
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.tokens.decide import Wanted, issue, revoke, secret_of
from wardkeep.tokens.events import PART, TokenEvent, TokenIssued, decode, encode
from wardkeep.tokens.state import Tokens, fold

_BY = "wardkeep token"


class Made(msgspec.Struct, frozen=True):
    """A new token: what is recorded of it, and its text, which is shown this once."""

    issued: TokenIssued
    secret: str


class SiteTokens:
    """The tokens of one folder, read from and written to its operations ledger."""

    def __init__(self, folder: HospitalFolder) -> None:
        self._folder = folder
        self._desk = OperationsDesk(folder, PART)

    def tokens(self) -> Tokens:
        """Return the tokens as they stand; raises StoreFailedError."""
        return fold(decode(event.body) for event in self._desk.read())

    def add(self, wanted: Wanted) -> Made:
        """Make a token. Raises NoFhirFeedError, TokenExpiryError."""
        feeds = [f.name for f in load_site(self._folder).feeds if f.kind == "fhir"]
        secret = secret_of(new_token())
        events = issue(self.tokens(), feeds, wanted, secret, now(), _BY)
        self._append(events)
        return Made(events[0], secret)

    def revoke(self, number: int) -> bool:
        """Take a token back; return False if it already was. Raises TokenUnknownError."""
        events = revoke(self.tokens(), number, now(), _BY)
        self._append(events)
        return bool(events)

    def known(self) -> list[dict[str, Any]]:
        """Return every token with its worth and last use, by number; no digests."""
        used = read_figures(self._folder.door_figures).tokens
        return [
            {
                "number": each.number,
                "feed": each.feed,
                "note": each.note,
                "standing": each.standing(now()).value,
                "made": each.made,
                "expires": each.expires,
                "revoked": each.revoked,
                "last_used": used.get(each.number),
            }
            for each in self.tokens()
        ]

    def senders(self) -> dict[str, SenderFigures]:
        """Return by feed what the door counted; what names no feed stands under ""."""
        return dict(read_figures(self._folder.door_figures).senders)

    def _append(self, events: Sequence[TokenEvent]) -> None:
        self._desk.append(
            [
                OperationsEvent(
                    PART, type(event).__name__, 1, event.at, event.by, encode(event)
                )
                for event in events
            ]
        )
