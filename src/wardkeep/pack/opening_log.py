"""The local log of opened packs: one line each, chained by hash, so that no line goes unseen.

A kit machine has no ledger: this file says who opened which pack, when and why. It remembers
the highest counter of each site and the key that signed, so that a replay is known as one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

import msgspec

BEGIN = "0" * 64
"""What stands before the first line."""


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """One opening. `file` is the SHA-256 of what was opened; `before` that of the last line.

    `doubts` are names of manifest.Doubt; a pack with any was opened by break-glass.
    """

    at: int
    by: str
    why: str
    ward: str
    generation: int
    site: str
    counter: int
    signer: str
    file: str
    doubts: tuple[str, ...]
    before: str = BEGIN


class Seen(msgspec.Struct, frozen=True):
    """What the log knows of a site: its highest counter, and the key that signed it."""

    counter: int
    signer: str


_encoder = msgspec.json.Encoder(order="sorted")
_decoder = msgspec.json.Decoder(Opening)


def line_of(opening: Opening, before: str) -> bytes:
    """Return the line of an opening behind the line whose hash is `before`."""
    return _encoder.encode(msgspec.structs.replace(opening, before=before)) + b"\n"


def hash_of(line: bytes) -> str:
    """Return the SHA-256 of a line with its end, in hex."""
    return hashlib.sha256(line).hexdigest()


def read(lines: Iterable[bytes]) -> tuple[list[Opening], int | None]:
    """Return the openings in a log, and the first line (from 1) that does not fit the chain."""
    found: list[Opening] = []
    before, broken = BEGIN, None
    for number, line in enumerate(lines, 1):
        try:
            opening = _decoder.decode(line)
        except (msgspec.DecodeError, UnicodeDecodeError):
            broken = broken or number
            continue
        if opening.before != before:
            broken = broken or number
        found.append(opening)
        before = hash_of(line)
    return found, broken


def seen(openings: Iterable[Opening], site: str) -> Seen | None:
    """Return what was seen of a site, of packs that were verified; None if nothing was."""
    own = [each for each in openings if each.site == site and not each.doubts]
    if not own:
        return None
    return Seen(max(each.counter for each in own), own[-1].signer)
