"""How much of each list a page has room for; what is left out is counted on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from wardkeep.foresight.board.spelling import Spelling
from wardkeep.paper.words import N_

T = TypeVar("T")


class Room(NamedTuple):
    """The most entries of each list, characters of a name and of a measure, points of the type.

    A measure of the best set is never left out, whatever `measures` says.
    """

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
    measure: int
    size: float


ROOMS: tuple[Room, ...] = (
    Room(26, 14, 4, 13, 24, 8, 15, 5, 6, 60, 110, 11.2),
    Room(26, 14, 4, 13, 24, 8, 15, 5, 6, 60, 110, 10.4),
    Room(26, 14, 4, 11, 24, 8, 15, 4, 6, 60, 110, 9.8),
    Room(22, 12, 4, 9, 24, 6, 15, 4, 5, 60, 110, 9.4),
    Room(18, 12, 4, 9, 24, 6, 12, 4, 5, 60, 100, 9.0),
    Room(16, 12, 4, 9, 20, 6, 12, 4, 4, 56, 90, 9.0),
    Room(14, 10, 4, 9, 20, 6, 10, 3, 4, 52, 90, 9.0),
    Room(13, 9, 4, 9, 20, 5, 10, 3, 3, 46, 90, 9.0),
    Room(12, 8, 4, 9, 20, 5, 10, 2, 3, 46, 90, 9.0),
    Room(12, 8, 4, 9, 20, 5, 10, 1, 2, 46, 90, 9.0),
    Room(11, 7, 4, 9, 18, 5, 8, 1, 2, 46, 80, 9.0),
    Room(9, 6, 3, 8, 15, 4, 8, 1, 2, 40, 80, 9.0),
    Room(8, 5, 3, 8, 12, 4, 8, 2, 3, 40, 60, 9.0),
    Room(8, 5, 3, 8, 8, 4, 8, 1, 2, 40, 50, 9.0),
    Room(6, 4, 3, 7, 6, 3, 6, 1, 2, 36, 44, 9.0),
    Room(4, 3, 2, 6, 4, 3, 4, 1, 2, 28, 36, 9.0),
    Room(3, 2, 1, 4, 3, 2, 3, 1, 2, 22, 28, 9.0),
)
"""From roomy to narrow: for each page the first with which it holds is taken."""


def kept(entries: Sequence[T], most: int) -> tuple[Sequence[T], int]:
    """Return the first entries and how many more there are."""
    return entries[:most], max(0, len(entries) - most)


def and_more(spelling: Spelling, left: int) -> str:
    """Return the words for entries that have no room; "" where none are left out."""
    if not left:
        return ""
    told = spelling.say(N_("And {count} more that have no room here."))
    return told.format(count=left)
