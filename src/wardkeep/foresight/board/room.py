"""How much of each list a page has room for; what is left out is counted on the page."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, TypeVar

from wardkeep.foresight.board.spelling import Spelling
from wardkeep.paper.words import N_

T = TypeVar("T")


class Room(NamedTuple):
    """The most entries of each list, and the most characters of a name from outside."""

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


ROOMS: tuple[Room, ...] = (
    Room(10, 6, 4, 9, 8, 6, 8, 4, 6, 52),
    Room(8, 5, 3, 8, 6, 5, 6, 3, 5, 46),
    Room(7, 4, 3, 7, 5, 4, 5, 3, 4, 40),
    Room(5, 3, 2, 6, 4, 3, 4, 2, 3, 32),
    Room(3, 2, 1, 4, 3, 2, 3, 1, 2, 24),
)
"""From roomy to narrow: the first with which both pages hold is taken."""


def kept(entries: Sequence[T], most: int) -> tuple[Sequence[T], int]:
    """Return the first entries and how many more there are."""
    return entries[:most], max(0, len(entries) - most)


def and_more(spelling: Spelling, left: int) -> str:
    """Return the words for entries that have no room; "" where none are left out."""
    if not left:
        return ""
    told = spelling.say(N_("And {count} more: `board-paper --json` tells them."))
    return told.format(count=left)
