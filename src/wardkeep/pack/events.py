"""What this part writes to the operations ledger. A published event is never edited."""

from __future__ import annotations

import msgspec


class PackBuilt(msgspec.Struct, frozen=True, kw_only=True, tag="PackBuilt.v1"):
    """A ward's pack was typeset and stands on the shelf.

    Times in UTC microseconds. `revision` is the ward's count of changes that the pack shows;
    `digest` the SHA-256 of the file, in hex; `generation` counts the ward's packs from 1.
    """

    ward: str
    generation: int
    revision: int
    language: str
    at: int
    as_of: int | None
    pages: int
    patients: int
    digest: str


PackEvent = PackBuilt


def encode(event: PackEvent) -> tuple[str, bytes]:
    """Return the event's name with its version, and its body as JSON."""
    return "PackBuilt.v1", msgspec.json.encode(event)


def decode(name: str, body: bytes) -> PackEvent:
    """Return the event that `encode` made; raises ValueError for a name of no such event."""
    if name != "PackBuilt.v1":
        raise ValueError(f"no event of packs is called {name!r}")
    return msgspec.json.decode(body, type=PackBuilt)
