"""What foresight writes to the operations ledger. A published event is never edited."""

from __future__ import annotations

from typing import get_args

import msgspec

from wardkeep.foresight.errors import UNREADABLE, ForesightEventError

PART = "foresight"


class MapImported(msgspec.Struct, frozen=True, kw_only=True, tag="MapImported.v1"):
    """A file was taken into the map: in its source's place, how many items, what changed.

    `refused` rows became no item.
    """

    at: int
    by: str
    source: str
    part: str
    items: int
    added: int
    changed: int
    gone: int
    refused: int


class MapForgotten(msgspec.Struct, frozen=True, kw_only=True, tag="MapForgotten.v1"):
    """What a source said of a part was taken off the map: how many items."""

    at: int
    by: str
    source: str
    part: str
    items: int


class RiskAccepted(msgspec.Struct, frozen=True, kw_only=True, tag="RiskAccepted.v1"):
    """Somebody accepts a risk until a day on which it is looked at again (ISO 8601).

    `check`: a check of the map, "" for any; `item`: a thing of the map, "" for any. The last
    one for the same two counts. `accepted_by`: who answers for it; `by`: who recorded it.
    """

    at: int
    by: str
    check: str
    item: str
    reason: str
    accepted_by: str
    review: str


class RiskAcceptanceWithdrawn(
    msgspec.Struct, frozen=True, kw_only=True, tag="RiskAcceptanceWithdrawn.v1"
):
    """A risk is accepted no longer: which, who says so, and why."""

    at: int
    by: str
    check: str
    item: str
    reason: str
    withdrawn_by: str


class MeasurePlanned(msgspec.Struct, frozen=True, kw_only=True, tag="MeasurePlanned.v1"):
    """A measure stands on the road map: in which quarter ("2027-Q1") it is done, and by whom.

    `measure`: its id in the file of measures. The last one for a measure counts.
    """

    at: int
    by: str
    measure: str
    quarter: str
    owner: str


class ProgressTold(msgspec.Struct, frozen=True, kw_only=True, tag="ProgressTold.v1"):
    """Somebody says how far a planned measure is, per cent; 100 is done."""

    at: int
    by: str
    measure: str
    percent: int
    said_by: str


class MeasureDropped(msgspec.Struct, frozen=True, kw_only=True, tag="MeasureDropped.v1"):
    """A measure stands on the road map no longer, and why."""

    at: int
    by: str
    measure: str
    reason: str


RiskEvent = RiskAccepted | RiskAcceptanceWithdrawn
RoadMapEvent = MeasurePlanned | ProgressTold | MeasureDropped
ForesightEvent = MapImported | MapForgotten | RiskEvent | RoadMapEvent

NAMES: frozenset[str] = frozenset(
    str(each.__struct_config__.tag) for each in get_args(ForesightEvent)
)
"""With its version; a newer release may write others."""

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[ForesightEvent] = msgspec.json.Decoder(ForesightEvent)


def encode(event: ForesightEvent) -> bytes:
    """Return an event as JSON with its type."""
    return _encoder.encode(event)


def decode(body: bytes) -> ForesightEvent:
    """Return the event that `encode` wrote; raises ForesightEventError."""
    try:
        return _decoder.decode(body)
    except UNREADABLE as fault:
        raise ForesightEventError(f"an event of foresight cannot be read: {fault}") from fault
