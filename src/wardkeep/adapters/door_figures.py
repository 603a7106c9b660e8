"""What the door counted of its senders, in a file that lists of tokens and screens read."""

from __future__ import annotations

from pathlib import Path

import msgspec

from wardkeep.adapters.files import write_private


class SenderFigures(msgspec.Struct, frozen=True, kw_only=True):
    """Counts of one sender since the door opened; times in UTC microseconds.

    `refused` by HTTP status; `last_refusal` is the status and reason of the newest, without
    any word of a body.
    """

    requests: int = 0
    repeated: int = 0
    bytes: int = 0
    last_request: int | None = None
    last_peer: str = ""
    refused: dict[str, int] = {}
    last_refusal: str = ""
    last_refused: int | None = None


class DoorFigures(msgspec.Struct, frozen=True, kw_only=True):
    """`senders` by feed; who could not be named stands under "". `tokens`: when last used."""

    senders: dict[str, SenderFigures] = {}
    tokens: dict[int, int] = {}


_decoder = msgspec.json.Decoder(DoorFigures)


def write_figures(path: Path, figures: DoorFigures) -> None:
    """Keep the figures; raises OSError as the system does."""
    write_private(path, msgspec.json.encode(figures))


def read_figures(path: Path) -> DoorFigures:
    """Return what was kept last, nothing where there is no usable file."""
    try:
        return _decoder.decode(path.read_bytes())
    except (OSError, msgspec.DecodeError):
        return DoorFigures()
