"""Heads of one ledger kept in another, so that none can be shortened or rolled back unseen."""

from __future__ import annotations

import msgspec

from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import OperationsEvent

PART = "ledger"
ERASURES = "ledger.erasures"
GAPS = "ledger.gaps"


class HeadsWitnessed(msgspec.Struct, frozen=True, tag="HeadsWitnessed.v1"):
    """The operations ledger saw these heads of the other ledgers at `at` (UTC microseconds)."""

    at: int
    heads: tuple[Head, ...]


class PeriodErased(msgspec.Struct, frozen=True, tag="PeriodErased.v1"):
    """A ledger's oldest entries were erased on purpose at `at`, the last of them `through`."""

    at: int
    through: Head


class GapLeft(msgspec.Struct, frozen=True, tag="GapLeft.v1"):
    """Another box went on with a ledger at `at`: behind `before`, numbers `upto` were left out.

    The box before may have given them out; what it gave out and nobody copied is lost.
    """

    at: int
    before: Head
    upto: int


Said = HeadsWitnessed | PeriodErased | GapLeft
_PARTS = {HeadsWitnessed: PART, PeriodErased: ERASURES, GapLeft: GAPS}
_encoder = msgspec.msgpack.Encoder()
_decoder: msgspec.msgpack.Decoder[Said] = msgspec.msgpack.Decoder(Said)


def to_event(event: Said) -> OperationsEvent:
    """Return the operations entry that keeps it."""
    part = _PARTS[type(event)]
    name = type(event).__name__
    return OperationsEvent(part, name, 1, event.at, "serve", _encoder.encode(event))


def from_event(event: OperationsEvent) -> Said | None:
    """Return what an operations entry of this part says, None if it is of another.

    Raises the errors of encoding.UNDECODABLE.
    """
    return _decoder.decode(event.body) if event.part in _PARTS.values() else None
