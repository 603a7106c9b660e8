"""Tells which days may have seen a message before, so that few files are asked.

A message is named by its sender (feed, MSH-3, MSH-4), its MSH-10 and its bytes. The numbers
made here only find candidates: whoever uses them compares the bytes themselves.
"""

from __future__ import annotations

import hashlib
import zlib
from functools import lru_cache

import msgspec

SLOTS = 8
_PLACES = 1 << 24
_PART = 63
_BLOCKS = _PLACES - 1 - _PART
_WORD = (1 << 64) - 1
_LENGTH_MASK = 0x7FFF_FFFF


@lru_cache(maxsize=4_096)  # a hospital has some hundred senders
def sender_of(feed: str, application: bytes, facility: bytes) -> int:
    """Return a sender's number, on every machine: 63 bits of SHA-256 over its three names."""
    names = msgspec.msgpack.encode((feed, application, facility))
    return int.from_bytes(hashlib.sha256(names).digest()[:8], "big") >> 1


def fingerprint_of(body: bytes) -> int:
    """Return the length (upper 31 bits) and CRC-32 of a message, on every machine."""
    return (len(body) & _LENGTH_MASK) << 32 | zlib.crc32(body)


def mark_of(sender: int, control: bytes) -> int:
    """Return the 64-bit mark of a sender's MSH-10; holds within one process only."""
    return hash((sender, control)) & _WORD


class SeenDays:
    """Says of up to eight days at once "never" for certain and "maybe" with few false alarms.

    One byte a place, one bit a day: 16 MiB for all. With 1,000,000 marks a day, three probes
    raise a false alarm for a given day once in 140 (Bloom 1970); each costs one look into that
    day. The three lie in one block of 64 places, which the processor fetches at once (Putze,
    Sanders and Singler 2007).
    """

    def __init__(self) -> None:
        self._places = bytearray(_PLACES)

    def add(self, mark: int, slot: int) -> None:
        """Remember that the day in `slot` (0 to 7) has seen a mark."""
        places, bit = self._places, 1 << slot
        block = mark & _BLOCKS
        places[block | mark >> 40 & _PART] |= bit
        places[block | mark >> 46 & _PART] |= bit
        places[block | mark >> 52 & _PART] |= bit

    def days(self, mark: int) -> int:
        """Return the slots that may have seen a mark, as bits."""
        places, block = self._places, mark & _BLOCKS
        return (
            places[block | mark >> 40 & _PART]
            & places[block | mark >> 46 & _PART]
            & places[block | mark >> 52 & _PART]
        )

    def forget(self, slot: int) -> None:
        """Empty a slot for another day."""
        keep = ~(1 << slot) & 0xFF
        self._places = self._places.translate(bytes(place & keep for place in range(256)))
