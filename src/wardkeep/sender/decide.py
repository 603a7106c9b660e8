"""What a person may say of senders: from state, request and `now` to events or an error."""

from __future__ import annotations

from collections.abc import Mapping

from wardkeep.sender.errors import SenderUnknownError
from wardkeep.sender.events import SenderKnown, Trait
from wardkeep.sender.state import Memory


def know(
    memories: Mapping[str, Memory], named: tuple[str, str, str], by: str, now: int
) -> list[SenderKnown]:
    """Say that a feed's trait of a name is known; nothing where it is known already.

    `named` is feed, trait and name. Raises SenderUnknownError.
    """
    feed, trait, name = named
    sights = memories[feed].sights if feed in memories else ()
    for sight in sights:
        if (sight.trait.value, sight.name) == (trait, name):
            event = SenderKnown(feed=feed, trait=Trait(trait), name=name, by=by, at=now)
            return [] if sight.known else [event]
    raise SenderUnknownError(f"feed {feed!r} has shown no {trait} {name!r}")
