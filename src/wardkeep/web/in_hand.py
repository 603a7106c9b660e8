"""How a ward stands to its pack, for every page that tells it in the same words."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wardkeep.pack.events import PackAccepted, PackDownloaded, PackOpeningSaid
from wardkeep.pack.manifest import OLD_AFTER
from wardkeep.pack.receipts import NOTHING, is_superseded
from wardkeep.web.receipt_port import ReceiptBook


class InHand(msgspec.Struct, frozen=True, kw_only=True):
    """Of one ward: who took its pack from the pages, what a place says, what is in hand.

    `superseded`, `taken_superseded` and `said_superseded`: a newer pack stands on the shelf
    now; `old`: what is in hand shows the ward as of more than four hours ago, or of no known
    time.
    """

    readable: bool = True
    taken: PackDownloaded | None = None
    taken_superseded: bool = False
    said: PackOpeningSaid | None = None
    said_superseded: bool = False
    accepted: PackAccepted | None = None
    superseded: bool = False
    old: bool = False


def in_hand(book: ReceiptBook, wards: Iterable[str], now: int) -> dict[str, InHand]:
    """Return how each of the wards stands."""
    receipts, shelf = book.receipts(), book.newest()
    if receipts is None:
        return dict.fromkeys(wards, InHand(readable=False))
    found = {}
    for ward in wards:
        known, newest = receipts.wards.get(ward, NOTHING), shelf.get(ward)
        said, taken, opened = known.accepted, known.downloaded, known.last_said
        found[ward] = InHand(
            taken=taken,
            taken_superseded=taken is not None and is_superseded(taken, newest),
            said=opened,
            said_superseded=opened is not None and is_superseded(opened, newest),
            accepted=said,
            superseded=said is not None and is_superseded(said, newest),
            old=said is not None and (said.as_of is None or now - said.as_of >= OLD_AFTER),
        )
    return found
