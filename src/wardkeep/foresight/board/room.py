"""How much of each list a page has room for; what is left out is counted on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from wardkeep.foresight.board.spelling import Spelling
from wardkeep.paper.words import N_

T = TypeVar("T")


class Room(NamedTuple):
    """The most entries of each list, the most characters of a name, and points of the type."""

    services: int
    neighbours: int
    ways: int
    days: int
    measures: int
    steps: int
    box: int
    calls: int
    answers: int
    name: int
    size: float


ROOMS: tuple[Room, ...] = (
    Room(14, 12, 4, 9, 12, 8, 12, 5, 6, 60, 10.6),
    Room(14, 12, 4, 9, 10, 6, 12, 4, 6, 60, 10.0),
    Room(12, 10, 4, 9, 10, 6, 12, 4, 5, 56, 9.6),
    Room(12, 8, 4, 9, 8, 6, 10, 4, 5, 52, 9.2),
    Room(11, 7, 4, 9, 8, 5, 10, 3, 4, 46, 9.0),
    Room(8, 5, 3, 8, 6, 5, 10, 3, 3, 46, 9.0),
    Room(8, 5, 3, 8, 6, 4, 8, 2, 3, 40, 9.0),
    Room(6, 4, 3, 7, 5, 4, 6, 2, 3, 36, 9.0),
    Room(4, 3, 2, 6, 4, 3, 4, 1, 3, 28, 9.0),
    Room(3, 2, 1, 4, 3, 2, 3, 1, 2, 22, 9.0),
)
"""From roomy to narrow: for each page the first with which it holds is taken."""


def kept(entries: Sequence[T], most: int) -> tuple[Sequence[T], int]:
    """Return the first entries and how many more there are."""
    return entries[:most], max(0, len(entries) - most)


def and_more(spelling: Spelling, left: int) -> str:
    """Return the words for entries that have no room; "" where none are left out."""
    if not left:
        return ""
    told = spelling.say(N_("And {count} more: `board-paper --json` tells them."))
    return told.format(count=left)
