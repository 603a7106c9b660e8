"""What this part writes to the operations ledger. A published event is never edited."""

from __future__ import annotations

import msgspec

PART = "pack"


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


class PackHeld(
    msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True, tag="PackHeld.v1"
):
    """A ward lost so much since `since` that its paper stays as it was at `sound_at`.

    Of `patients` then, `hit` lost something: `gone` left the ward (`merged` of them into
    another record), `stopped` lost half of their orders or more, `stripped` an allergy.
    `charts_lack`: it is held because the charts were begun anew without what erased days had
    said, whatever the counts. Times in UTC microseconds.
    """

    ward: str
    at: int
    since: int
    sound_at: int
    patients: int
    hit: int
    gone: int
    merged: int
    stopped: int
    stripped: int
    charts_lack: bool = False


class PackReleased(msgspec.Struct, frozen=True, kw_only=True, tag="PackReleased.v1"):
    """Somebody said that what the ward lost is true, or the ward has got it back."""

    ward: str
    at: int
    by: str
    why: str


class PackKept(msgspec.Struct, frozen=True, kw_only=True, tag="PackKept.v1"):
    """Somebody said that the pack stays held."""

    ward: str
    at: int
    by: str
    why: str


PackEvent = PackBuilt | PackHeld | PackReleased | PackKept
Decision = PackReleased | PackKept
_decoder: msgspec.json.Decoder[PackEvent] = msgspec.json.Decoder(PackEvent)


def encode(event: PackEvent) -> tuple[str, bytes]:
    """Return the event's name with its version, and its body as JSON."""
    return f"{type(event).__name__}.v1", msgspec.json.encode(event)


def decode(name: str, body: bytes) -> PackEvent:
    """Return the event that `encode` made; raises ValueError for a name of no such event."""
    try:
        event = _decoder.decode(body)
    except msgspec.DecodeError as fault:
        raise ValueError(f"no event of packs is called {name!r}") from fault
    if f"{type(event).__name__}.v1" != name:
        raise ValueError(f"no event of packs is called {name!r}")
    return event
