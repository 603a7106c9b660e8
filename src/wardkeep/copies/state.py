"""The followers as they stand: a fold over the events of the copies part."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import assert_never

import msgspec

from wardkeep.copies.events import (
    CopiesEvent,
    FollowerInvited,
    FollowerPaired,
    FollowerRemoved,
    LedgersTakenOver,
    MapCopyDecided,
)
from wardkeep.ledger.loss import UNSEEN


class Follower(msgspec.Struct, frozen=True, kw_only=True):
    """A box that may copy; or may pair, with a `secret_hash` and no `certificate` yet.

    `with_map`: the map of the hospital and its forecasts too, which no copying needs.
    """

    name: str
    since: int
    secret_hash: str = ""
    until: int = 0
    certificate: str = ""
    signer: str = ""
    with_map: bool = False


class Copies(msgspec.Struct, frozen=True):
    """Followers by name, and how this box became the first, if another was before it."""

    followers: MappingProxyType[str, Follower] = MappingProxyType({})
    taken_over: LedgersTakenOver | None = None

    def by_certificate(self, certificate: str) -> Follower | None:
        """Return the follower that shows a certificate (SHA-256, hex)."""
        shown = (f for f in self.followers.values() if f.certificate == certificate)
        return next(shown, None) if certificate else None


NONE = Copies()


def evolve(copies: Copies, event: CopiesEvent) -> Copies:
    """Return the followers after the event; one about a name never invited changes nothing."""
    match event:
        case FollowerInvited():
            made = Follower(
                name=event.name,
                since=event.at,
                secret_hash=event.secret_hash,
                until=event.until,
            )
            return _with(copies, made)
        case FollowerPaired():
            invited = copies.followers.get(event.name)
            paired = Follower(
                name=event.name,
                since=event.at,
                certificate=event.certificate,
                signer=event.signer,
                with_map=invited is not None and invited.with_map,
            )
            return copies if invited is None else _with(copies, paired)
        case FollowerRemoved():
            left = {k: f for k, f in copies.followers.items() if k != event.name}
            return Copies(MappingProxyType(left), copies.taken_over)
        case MapCopyDecided():
            known = copies.followers.get(event.name)
            if known is None:
                return copies
            return _with(copies, msgspec.structs.replace(known, with_map=event.given))
        case LedgersTakenOver():
            # The certificates were issued by the box before: they open nothing here.
            return Copies(taken_over=event)
        case _ as never:
            assert_never(never)


def _with(copies: Copies, follower: Follower) -> Copies:
    followers = MappingProxyType({**copies.followers, follower.name: follower})
    return Copies(followers, copies.taken_over)


def fold(events: Iterable[CopiesEvent], copies: Copies = NONE) -> Copies:
    """Return the followers after all events, in order."""
    for event in events:
        copies = evolve(copies, event)
    return copies


def never_given(events: Iterable[CopiesEvent], ledger: str) -> int:
    """Return the number up to which a ledger never had an entry, 0 where that is not known.

    Whoever goes on with an empty ledger leaves numbers out at its very start: nothing lies
    there that could be lost. A box that never held all that the one before had does not know
    that this one's was empty: then what was left out counts as lost.
    """
    upto = 0
    for event in events:
        if not isinstance(event, LedgersTakenOver) or not event.as_of:
            continue
        seen = event.seen.get(ledger)
        if seen is not None and seen <= upto:
            upto = seen + UNSEEN
    return upto
