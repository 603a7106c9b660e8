"""Heads of one ledger kept in another, so that none can be shortened or rolled back unseen."""

from __future__ import annotations

import msgspec

from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import OperationsEvent

PART = "ledger"


class HeadsWitnessed(msgspec.Struct, frozen=True, tag="HeadsWitnessed.v1"):
    """The operations ledger saw these heads of the other ledgers at `at` (UTC microseconds)."""

    at: int
    heads: tuple[Head, ...]


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(HeadsWitnessed)


def to_event(witnessed: HeadsWitnessed) -> OperationsEvent:
    """Return the operations entry that keeps it."""
    return OperationsEvent(
        PART, "HeadsWitnessed", 1, witnessed.at, "serve", _encoder.encode(witnessed)
    )


def from_event(event: OperationsEvent) -> HeadsWitnessed | None:
    """Return what an operations entry witnesses, None if it is of another kind."""
    if event.part != PART or event.name != "HeadsWitnessed":
        return None
    return _decoder.decode(event.body)
