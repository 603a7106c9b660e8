"""Cuts what is sealed into parts for several codes on a page, and puts parts together again.

One part more than needed is made, the XOR of the others: of a page one code may be creased,
torn or under a coffee cup. Each part says which whole it is of, so that photographs may come in
any order, twice, and of several pages at once.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence

import msgspec

PART_BYTES = 800
"""A part's data: a QR symbol of 45 mm that a telephone reads (docs/benchmarks.md)."""
MOST_PARTS = 14
_MARK = b"W\x01"
_HEAD = 10
"""Mark (2 bytes), first four bytes of the whole's SHA-256, parts, place, length (2)."""


class Part(msgspec.Struct, frozen=True):
    """One part as read. `place` counts from 0; that of the XOR is `parts`."""

    whole: bytes
    parts: int
    place: int
    length: int
    data: bytes


class Incomplete(msgspec.Struct, frozen=True):
    """A whole of which too few parts were read."""

    whole: str
    parts: int
    found: int


def cut(sealed: bytes) -> tuple[bytes, ...]:
    """Return what the codes of a page hold. Raises ValueError for more than 14 parts hold."""
    count = -(-len(sealed) // PART_BYTES)
    if not 1 <= count <= MOST_PARTS:
        raise ValueError(f"{len(sealed)} bytes are no content of codes")
    size = -(-len(sealed) // count)
    padded = sealed.ljust(size * count, b"\0")
    data = [padded[start : start + size] for start in range(0, len(padded), size)]
    whole = hashlib.sha256(sealed).digest()[:4]
    length = len(sealed).to_bytes(2, "big")
    return tuple(
        b"".join((_MARK, whole, bytes([count, place]), length, each))
        for place, each in enumerate([*data, _xor(data)])
    )


def part_of(read: bytes) -> Part | None:
    """Return what a code holds, None where it is none of these."""
    if not read.startswith(_MARK) or len(read) <= _HEAD:
        return None
    parts, place = read[6], read[7]
    length, data = int.from_bytes(read[8:10], "big"), read[_HEAD:]
    fits = 1 <= parts <= MOST_PARTS and place <= parts
    if not fits or len(data) != -(-length // parts):
        return None
    return Part(read[2:6], parts, place, length, data)


def join(parts: Iterable[Part]) -> tuple[list[bytes], list[Incomplete]]:
    """Return the wholes that can be made of parts, and those that lack some, in order of sight.

    A whole whose bytes do not give its number is one that lacks parts: one was read wrong.
    """
    wholes: dict[tuple[bytes, int, int], dict[int, bytes]] = {}
    for part in parts:
        seen = wholes.setdefault((part.whole, part.parts, part.length), {})
        seen.setdefault(part.place, part.data)
    made: list[bytes] = []
    lacking: list[Incomplete] = []
    for (whole, count, length), seen in wholes.items():
        sealed = _whole(seen, count, length)
        if sealed is not None and hashlib.sha256(sealed).digest()[:4] == whole:
            made.append(sealed)
        else:
            lacking.append(Incomplete(whole.hex(), count, len(seen)))
    return made, lacking


def _whole(seen: Mapping[int, bytes], count: int, length: int) -> bytes | None:
    lost = [place for place in range(count) if place not in seen]
    if len(lost) > 1 or (lost and count not in seen):
        return None
    found = {**seen, **dict.fromkeys(lost, _xor(list(seen.values())))}
    return b"".join(found[place] for place in range(count))[:length]


def _xor(data: Sequence[bytes]) -> bytes:
    total = 0
    for each in data:
        total ^= int.from_bytes(each, "big")
    return total.to_bytes(len(data[0]), "big")
