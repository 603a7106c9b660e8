"""Remembers which message identifiers a day may have seen, in 2 MiB a day (a Bloom filter)."""

from __future__ import annotations

_BITS = 24
_MASK = (1 << _BITS) - 1
_WORD = (1 << 64) - 1


def mark_of(feed: str, control: bytes) -> int:
    """Return the 64-bit mark of a message's feed and MSH-10; holds within one process only."""
    return hash((feed, control)) & _WORD


class MaybeSeen:
    """Says "never" for certain and "maybe" with few false alarms.

    With 1,000,000 marks three probes into 2^24 bits raise a false alarm once in 180 (Bloom
    1970); each costs one look into the day's index.
    """

    def __init__(self) -> None:
        self._bits = bytearray(1 << (_BITS - 3))

    def add(self, mark: int) -> None:
        """Remember a mark."""
        bits = self._bits
        for place in (mark & _MASK, (mark >> 20) & _MASK, (mark >> 40) & _MASK):
            bits[place >> 3] |= 1 << (place & 7)

    def __contains__(self, mark: int) -> bool:
        bits = self._bits
        place = mark & _MASK
        if not bits[place >> 3] >> (place & 7) & 1:
            return False
        place = (mark >> 20) & _MASK
        if not bits[place >> 3] >> (place & 7) & 1:
            return False
        place = (mark >> 40) & _MASK
        return bool(bits[place >> 3] >> (place & 7) & 1)
