"""Which lists of the whole house stand on the shelf, and how often they are made: `[lists]`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

import msgspec

Kind = Literal[
    "pharmacy", "laboratory", "theatre", "emergency", "kitchen", "front-desk", "cards"
]
_FEWEST_MINUTES, _MOST_MINUTES = 15, 24 * 60


class Lists(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Lists that are made again and again beside the wards' packs.

    `kinds`: none switches them off. `first_after_minutes`: after a start wards come first.
    """

    kinds: tuple[Kind, ...] = (
        "emergency",
        "laboratory",
        "theatre",
        "kitchen",
        "front-desk",
        "pharmacy",
        "cards",
    )
    every_minutes: int = 120
    first_after_minutes: int = 5


def list_faults(lists: Lists) -> Iterator[tuple[str, str]]:
    """Yield what cannot stand: the key, and why."""
    if not _FEWEST_MINUTES <= lists.every_minutes <= _MOST_MINUTES:
        yield (
            "every_minutes",
            f"lists are made every {_FEWEST_MINUTES} to {_MOST_MINUTES} minutes",
        )
    if lists.first_after_minutes < 0:
        yield "first_after_minutes", "it is 0 or more"
