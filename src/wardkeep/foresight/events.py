"""What foresight writes to the operations ledger. A published event is never edited."""

from __future__ import annotations

import msgspec

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


_encoder = msgspec.json.Encoder(order="deterministic")


def encode(event: MapImported) -> bytes:
    """Return an event as JSON with its type."""
    return _encoder.encode(event)
