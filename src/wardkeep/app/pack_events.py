"""Reads what the part `pack` wrote to the operations ledger."""

from __future__ import annotations

import sys
from collections.abc import Iterable

from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.pack.events import AnyEvent, decode


def read_pack_events(events: Iterable[tuple[int, OperationsEvent]]) -> list[AnyEvent]:
    """Return the events, in order, that this release can read; of the others the log tells.

    A release that was rolled back meets what the later one wrote. Printing, deliveries and the
    brake must go on all the same: whether an entry was altered is `wardkeep verify`'s to say.
    """
    told: list[AnyEvent] = []
    for sequence, event in events:
        try:
            told.append(decode(f"{event.name}.v{event.version}", event.body))
        except ValueError as fault:
            said = f"wardkeep: operations entry {sequence} is passed over: {fault}"
            print(said, file=sys.stderr, flush=True)  # noqa: T201  # the log
    return told
