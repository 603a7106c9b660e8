"""The request to read a quarantined entry again, as the operations ledger keeps it."""

from __future__ import annotations

import msgspec

from wardkeep.ledger.encoding import OperationsEvent

PART = "chart"


class ReplayAsked(msgspec.Struct, frozen=True, tag="ReplayAsked.v1"):
    """Somebody asked to read the clinical entry `sequence` again."""

    sequence: int


_decoder = msgspec.json.Decoder(ReplayAsked)


def to_event(asked: ReplayAsked, at: int, by: str) -> OperationsEvent:
    """Return the operations entry that keeps the request."""
    return OperationsEvent(PART, "ReplayAsked", 1, at, by, msgspec.json.encode(asked))


def from_event(event: OperationsEvent) -> ReplayAsked | None:
    """Return the request that an operations entry keeps, None if it is of another kind."""
    if event.part != PART or event.name != "ReplayAsked":
        return None
    return _decoder.decode(event.body)
