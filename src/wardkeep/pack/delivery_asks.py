"""What people asked for on a page to be delivered again, and what came of it. Pure.

A delivery may be repeated without harm, so an ask that has no outcome after a crash is carried
out once more.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import assert_never

import msgspec

from wardkeep.kernel.times import MINUTE
from wardkeep.pack.events import (
    DeliveryEvent,
    PackDeliveryAsked,
    PackDeliveryFailed,
    PackDeliveryOrdered,
    PacksDelivered,
)


class Ask(msgspec.Struct, frozen=True, kw_only=True):
    """The newest ask for one target; `begun` once the server set about it."""

    asked: PackDeliveryAsked
    begun: PackDeliveryOrdered | None = None
    outcome: PacksDelivered | PackDeliveryFailed | None = None

    @property
    def is_open(self) -> bool:
        """Whether an outcome is still to come."""
        return self.outcome is None


# A delivery takes seconds, over a slow line minutes: whoever waits longer may ask once more.
_ASK_GROWS_OLD = 10 * MINUTE

Asks = Mapping[str, Ask]
"""The newest ask of each target, by its name."""


def fold(events: Iterable[DeliveryEvent], asks: Asks | None = None) -> dict[str, Ask]:
    """Return the asks after all `events`, in their order; those of other targets stay."""
    found = dict(asks or {})
    for event in events:
        if isinstance(event, PackDeliveryAsked):
            found[event.target] = Ask(asked=event)
        elif (known := found.get(event.target)) is not None and known.is_open:
            found[event.target] = _after(known, event)
    return found


def _after(known: Ask, event: PackDeliveryOrdered | PacksDelivered | PackDeliveryFailed) -> Ask:
    match event:
        case PackDeliveryOrdered():
            mine = event.by == known.asked.by
            return msgspec.structs.replace(known, begun=event) if mine else known
        case PacksDelivered():
            # Before it was begun, what arrived was the server's own round: not all of it.
            return msgspec.structs.replace(known, outcome=event) if known.begun else known
        case PackDeliveryFailed():
            # Nor is what failed before it: what was asked for is still to be carried out.
            return msgspec.structs.replace(known, outcome=event) if known.begun else known
        case _ as never:
            assert_never(never)


def ask(asks: Asks, target: str, by: str, now: int) -> list[PackDeliveryAsked]:
    """Ask that a target gets its packs again; nothing to do while an ask is open, and young."""
    known = asks.get(target)
    if known is not None and known.is_open and 0 <= now - known.asked.at < _ASK_GROWS_OLD:
        return []
    return [PackDeliveryAsked(target=target, at=now, by=by)]
