"""What became of every order to print, folded from the events; and how each ward stands.

Of what was printed only the newest order of each ward and part is kept, and all that are open.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from enum import StrEnum

import msgspec

from wardkeep.pack.events import (
    PackPrinted,
    PrintAccepted,
    PrintBegun,
    PrintEvent,
    PrintGivenUp,
    PrintOrdered,
    PrintStuck,
)


class PrintState(StrEnum):
    """How an order stands. Printed: every sheet was counted, by the printer or by a person."""

    ORDERED = "ordered"
    PRINTING = "printing"
    PRINTED = "printed"
    STUCK = "stuck"
    GIVEN_UP = "given_up"


OPEN = frozenset({PrintState.ORDERED, PrintState.PRINTING, PrintState.STUCK})
"""States from which something may still come."""


class Print(msgspec.Struct, frozen=True, kw_only=True):
    """One order and what is known of it; the parts are the events themselves."""

    ordered: PrintOrdered
    begun: PrintBegun | None = None
    accepted: PrintAccepted | None = None
    stuck: PrintStuck | None = None
    printed: PackPrinted | None = None
    given_up: PrintGivenUp | None = None

    @property
    def state(self) -> PrintState:
        """How the order stands; what is printed or given up stays so."""
        if self.printed is not None:
            return PrintState.PRINTED
        if self.given_up is not None:
            return PrintState.GIVEN_UP
        if self.stuck is not None:
            return PrintState.STUCK
        return PrintState.ORDERED if self.begun is None else PrintState.PRINTING

    @property
    def is_open(self) -> bool:
        """Whether something may still come of it."""
        return self.state in OPEN

    @property
    def at(self) -> int:
        """When it came to stand as it does (UTC microseconds)."""
        last = self.printed or self.given_up or self.stuck or self.accepted or self.begun
        return (last or self.ordered).at


Prints = Mapping[str, Print]
"""Orders by their number, in the order in which they were given."""


def evolve(prints: Prints, event: PrintEvent) -> dict[str, Print]:
    """Return the orders after `event`; one about an order that is not known changes nothing."""
    if isinstance(event, PrintOrdered):
        return {**_kept(prints, event), event.order: Print(ordered=event)}
    known = prints.get(event.order)
    if known is None or not known.is_open:
        return dict(prints)
    return {**prints, event.order: _after(known, event)}


def fold(events: Iterable[PrintEvent], prints: Prints | None = None) -> dict[str, Print]:
    """Return the orders after all `events`, in their order."""
    found = dict(prints or {})
    for event in events:
        found = evolve(found, event)
    return found


def standing(prints: Prints) -> dict[str, list[Print]]:
    """Return the newest orders of every ward that had one: all parts of its last run."""
    last = {each.ordered.ward: each.ordered for each in prints.values()}
    found: dict[str, list[Print]] = {}
    for each in prints.values():
        newest, mine = last[each.ordered.ward], each.ordered
        if mine.order == newest.order or (mine.run and mine.run == newest.run):
            found.setdefault(mine.ward, []).append(each)
    return found


_WORST_FIRST = (
    PrintState.STUCK,
    PrintState.GIVEN_UP,
    PrintState.PRINTING,
    PrintState.ORDERED,
    PrintState.PRINTED,
)


def worst(orders: Iterable[Print]) -> Print:
    """Return the order that says how a ward stands: printed only where every part is.

    Raises ValueError where there is none.
    """
    return min(orders, key=lambda each: _WORST_FIRST.index(each.state))


def _after(known: Print, event: PrintEvent) -> Print:
    replace = msgspec.structs.replace
    match event:
        case PrintBegun():
            # Whatever was sure of the try before is not sure of this one.
            return replace(known, begun=event, accepted=None, stuck=None)
        case PrintAccepted():
            # It was found again at its printer: whatever was unclear of it is not any more.
            return replace(known, accepted=event, stuck=None)
        case PrintStuck():
            return replace(known, stuck=event)
        case PackPrinted():
            return replace(known, printed=event)
        case PrintGivenUp():
            return replace(known, given_up=event)
        case PrintOrdered():
            return known


def _kept(prints: Prints, event: PrintOrdered) -> dict[str, Print]:
    """Leave out what the ward's new order takes the place of, if nothing more comes of it."""
    return {
        number: each
        for number, each in prints.items()
        if each.is_open or (each.ordered.ward, each.ordered.part) != (event.ward, event.part)
    }
