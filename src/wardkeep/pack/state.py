"""What stands on the shelf, folded from the events: each ward's newest pack, what is held."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wardkeep.pack.events import PackBuilt, PackEvent, PackHeld, PackKept, PackReleased


class Hold(msgspec.Struct, frozen=True, kw_only=True):
    """Why a ward's pack is held, and who said that it stays so."""

    held: PackHeld
    kept: PackKept | None = None


class Shelf(msgspec.Struct, frozen=True):
    """The newest pack of each ward, and the wards whose pack is held."""

    newest: dict[str, PackBuilt] = {}
    held: dict[str, Hold] = {}


def evolve(shelf: Shelf, event: PackEvent) -> Shelf:
    """Return the shelf after `event`; an older generation never replaces a newer one."""
    match event:
        case PackBuilt():
            standing = shelf.newest.get(event.ward)
            if standing is not None and standing.generation >= event.generation:
                return shelf
            return Shelf({**shelf.newest, event.ward: event}, shelf.held)
        case PackHeld():
            return Shelf(shelf.newest, {**shelf.held, event.ward: Hold(held=event)})
        case PackKept():
            hold = shelf.held.get(event.ward)
            if hold is None:
                return shelf
            kept = Hold(held=hold.held, kept=event)
            return Shelf(shelf.newest, {**shelf.held, event.ward: kept})
        case PackReleased():
            others = {ward: hold for ward, hold in shelf.held.items() if ward != event.ward}
            return Shelf(shelf.newest, others)


def fold(events: Iterable[PackEvent]) -> Shelf:
    """Return the shelf after all `events`, in their order."""
    shelf = Shelf()
    for event in events:
        shelf = evolve(shelf, event)
    return shelf
