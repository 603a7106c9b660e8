"""The order of rooms and beds as a nurse walks along them: 2 comes before 10."""

from __future__ import annotations

import re

Place = tuple[tuple[int, int, str], ...]
"""What `walking_order` returns: only good to be compared."""

_PART = re.compile(r"[0-9]+|[^0-9]+")


def walking_order(text: str) -> Place:
    """Return what rooms and beds are sorted by: digits as numbers, letters as letters.

    "" comes first. Two that differ only in zeros in front stand beside each other.
    """
    parts = []
    for part in _PART.findall(text):
        if part[0].isdigit():
            # Not int(): it refuses thousands of digits, which a feed may send.
            number = part.lstrip("0")
            parts.append((0, len(number), number))
        else:
            parts.append((1, 0, part.casefold()))
    return (*parts, (-1, 0, text)) if parts else ()
