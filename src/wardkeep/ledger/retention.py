"""How long ledgers are kept, and in what order whole periods of them are erased: pure.

Rules kept here:
- a period is erased whole, the oldest first, and never the one that is written to;
- each erasure is ordered, then recorded (PeriodErased), then done: an order without a record is
  gone on with, a record without the deed is done at the next start; nothing looks like a theft;
- a hold stops every erasure: in an attack nothing may be erased.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence

import msgspec

from wardkeep.kernel.times import DAY, SECOND
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import UNDECODABLE, OperationsEvent
from wardkeep.ledger.errors import HoldError

PART = "ledger.retention"
_LONGEST_WHY = 500
_MONTHS = 12


class ErasureOrdered(msgspec.Struct, frozen=True, kw_only=True, tag="ErasureOrdered.v1"):
    """All of a ledger up to a period and the head `through` is to be erased.

    What charts still need of it is carried first (docs/design.md, "Retention").
    """

    at: int
    by: str
    ledger: str
    period: str
    through: Head


class HoldPlaced(msgspec.Struct, frozen=True, kw_only=True, tag="HoldPlaced.v1"):
    """Nothing is erased until the hold is lifted."""

    at: int
    by: str
    why: str


class HoldLifted(msgspec.Struct, frozen=True, kw_only=True, tag="HoldLifted.v1"):
    """Periods that are due are erased again."""

    at: int
    by: str
    why: str


RetentionEvent = ErasureOrdered | HoldPlaced | HoldLifted


class Retention(msgspec.Struct, frozen=True):
    """What is ordered by ledger, and the hold that stands."""

    hold: HoldPlaced | None = None
    ordered: dict[str, ErasureOrdered] = {}


_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[RetentionEvent] = msgspec.json.Decoder(RetentionEvent)


def encode(event: RetentionEvent) -> bytes:
    """Return the event as JSON, name and version in "type"."""
    return _encoder.encode(event)


def to_event(event: RetentionEvent) -> OperationsEvent:
    """Return the operations entry that keeps it."""
    return OperationsEvent(PART, type(event).__name__, 1, event.at, event.by, encode(event))


def from_event(event: OperationsEvent) -> RetentionEvent | None:
    """Return what an operations entry says of retention, None where it says nothing of it."""
    if event.part != PART:
        return None
    try:
        return _decoder.decode(event.body)
    except UNDECODABLE:
        return None


def evolve(state: Retention, event: RetentionEvent) -> Retention:
    """Return what is known after an event."""
    match event:
        case HoldPlaced():
            return msgspec.structs.replace(state, hold=event)
        case HoldLifted():
            return msgspec.structs.replace(state, hold=None)
        case ErasureOrdered():
            ordered = {**state.ordered, event.ledger: event}
            return msgspec.structs.replace(state, ordered=ordered)


def fold(events: Iterable[RetentionEvent]) -> Retention:
    """Return what is known after all events."""
    state = Retention()
    for event in events:
        state = evolve(state, event)
    return state


def days_due(periods: Sequence[str], now: int, kept_days: int) -> list[str]:
    """Return the days ("2026-11-23", UTC) that are older than the kept ones before today.

    `periods` are all that lie there; the newest is never among those returned.
    """
    first = dt.datetime.fromtimestamp((now - kept_days * DAY) // SECOND, dt.UTC)
    return [each for each in sorted(periods)[:-1] if each < first.date().isoformat()]


def months_due(periods: Sequence[str], now: int, kept_months: int) -> list[str]:
    """Return the months ("2026-11", UTC) that are older than the kept ones before this one."""
    today = dt.datetime.fromtimestamp(now // SECOND, dt.UTC)
    months = today.year * _MONTHS + today.month - 1 - kept_months
    first = f"{months // _MONTHS:04}-{months % _MONTHS + 1:02}"
    return [each for each in sorted(periods)[:-1] if each < first]


def order(
    state: Retention, due: Sequence[str], through: Head, at: int
) -> ErasureOrdered | None:
    """Return the order to erase the oldest of the due periods, None where it stands or a hold.

    `through` is the last head of that period.
    """
    if state.hold is not None or not due:
        return None
    standing = state.ordered.get(through.ledger)
    if standing is not None and standing.through == through:
        return None
    return ErasureOrdered(
        at=at, by="serve", ledger=through.ledger, period=due[0], through=through
    )


def place_hold(state: Retention, why: str, at: int, by: str) -> HoldPlaced:
    """Return the event that stops all erasing; raises HoldError."""
    if state.hold is not None:
        raise HoldError(f"a hold stands already: {state.hold.why}")
    return HoldPlaced(at=at, by=by, why=_checked(why))


def lift_hold(state: Retention, why: str, at: int, by: str) -> HoldLifted:
    """Return the event that lets erasing go on; raises HoldError."""
    if state.hold is None:
        raise HoldError("no hold stands")
    return HoldLifted(at=at, by=by, why=_checked(why))


def _checked(why: str) -> str:
    if not why.strip() or len(why) > _LONGEST_WHY or not why.isprintable():
        raise HoldError(f"a reason in one line is needed, of at most {_LONGEST_WHY} letters")
    return why.strip()
