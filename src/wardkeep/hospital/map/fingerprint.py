"""One short text for a whole map: equal where maps say the same, else not."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import NamedTuple

import msgspec

from wardkeep.hospital.map.whole import HospitalMap

_encoder = msgspec.json.Encoder(order="deterministic")


def fingerprint(whole: HospitalMap) -> str:
    """Return the SHA-256 (FIPS 180-4) of all items in the order of their names, as hex.

    When a source was read does not count: a re-import that changes nothing leaves it as it is.
    """
    found = hashlib.sha256()
    for reference in sorted(whole.items):
        found.update(_encoder.encode(whole.items[reference]))
        found.update(b"\n")
    return found.hexdigest()


_ID, _SAID = 8, 4
"""Bytes by which an item is known again among a million, and what is said of it."""


class Changed(NamedTuple):
    """How many items of a map are new, say something else, or are gone."""

    new: int
    other: int
    gone: int


def item_marks(whole: HospitalMap) -> bytes:
    """Return 12 bytes an item, in their own order: which it is, and what is said of it.

    They tell what changed of a map without holding the map.
    """
    return b"".join(
        sorted(
            _digest(reference.encode(), _ID) + _digest(_encoder.encode(item), _SAID)
            for reference, item in whole.items.items()
        )
    )


def changed(then: bytes, now: bytes) -> Changed:
    """Return how a map differs from what it was, by the `item_marks` of both."""
    before, after = _by_id(then), _by_id(now)
    return Changed(
        new=sum(each not in before for each in after),
        other=sum(before.get(each, said) != said for each, said in after.items()),
        gone=sum(each not in after for each in before),
    )


def _digest(content: bytes, size: int) -> bytes:
    return hashlib.blake2b(content, digest_size=size).digest()


def _by_id(marks: bytes) -> Mapping[bytes, bytes]:
    step = _ID + _SAID
    found = (marks[start : start + step] for start in range(0, len(marks), step))
    return {each[:_ID]: each[_ID:] for each in found}
