"""What is known of the keys' custody: the fold of its events."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wardkeep.custody.events import (
    CustodyEvent,
    EnvelopesPrinted,
    PatientKeyErased,
    RecoveryReplaced,
    ServerKeyMoved,
    ServerKeyRotated,
)


class Custody(msgspec.Struct, frozen=True):
    """When the keys were last changed (UTC microseconds), and how many hold the recovery."""

    rotated: int | None = None
    moved: int | None = None
    source: str = "file"
    recovery: RecoveryReplaced | None = None


def evolve(state: Custody, event: CustodyEvent) -> Custody:
    """Return the custody after an event."""
    match event:
        case ServerKeyRotated():
            return msgspec.structs.replace(state, rotated=event.at)
        case ServerKeyMoved():
            return msgspec.structs.replace(state, moved=event.at, source=event.now)
        case RecoveryReplaced():
            return msgspec.structs.replace(state, recovery=event)
        case PatientKeyErased() | EnvelopesPrinted():
            return state


def fold(events: Iterable[CustodyEvent]) -> Custody:
    """Return the custody after all events."""
    state = Custody()
    for event in events:
        state = evolve(state, event)
    return state
