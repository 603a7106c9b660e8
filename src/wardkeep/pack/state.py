"""What stands on the shelf: the newest pack of every ward, folded from the events."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wardkeep.pack.events import PackBuilt, PackEvent


class Shelf(msgspec.Struct, frozen=True):
    """The newest pack of each ward."""

    newest: dict[str, PackBuilt] = {}


def evolve(shelf: Shelf, event: PackEvent) -> Shelf:
    """Return the shelf after `event`; an older generation never replaces a newer one."""
    standing = shelf.newest.get(event.ward)
    if standing is not None and standing.generation >= event.generation:
        return shelf
    return Shelf({**shelf.newest, event.ward: event})


def fold(events: Iterable[PackEvent]) -> Shelf:
    """Return the shelf after all `events`, in their order."""
    shelf = Shelf()
    for event in events:
        shelf = evolve(shelf, event)
    return shelf
