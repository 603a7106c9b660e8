"""Heads of one ledger kept in another, so that none can be shortened or rolled back unseen."""

from __future__ import annotations

import msgspec

from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import OperationsEvent

PART = "ledger"
ERASURES = "ledger.erasures"


class HeadsWitnessed(msgspec.Struct, frozen=True, tag="HeadsWitnessed.v1"):
    """The operations ledger saw these heads of the other ledgers at `at` (UTC microseconds)."""

    at: int
    heads: tuple[Head, ...]


class PeriodErased(msgspec.Struct, frozen=True, tag="PeriodErased.v1"):
    """A ledger's oldest entries were erased on purpose at `at`, the last of them `through`."""

    at: int
    through: Head


_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(HeadsWitnessed | PeriodErased)


def to_event(event: HeadsWitnessed | PeriodErased) -> OperationsEvent:
    """Return the operations entry that keeps it."""
    part = PART if isinstance(event, HeadsWitnessed) else ERASURES
    name = type(event).__name__
    return OperationsEvent(part, name, 1, event.at, "serve", _encoder.encode(event))


def from_event(event: OperationsEvent) -> HeadsWitnessed | PeriodErased | None:
    """Return what an operations entry of this part says, None if it is of another.

    Raises the errors of encoding.UNDECODABLE.
    """
    return _decoder.decode(event.body) if event.part in {PART, ERASURES} else None
