"""What became of a source: its items, and what was not understood, counted and named."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wardkeep.hospital.map.item import Item

MOST_TOLD = 1_000
"""So many rows that could not be read are told one by one; all are counted."""
_MOST_NAMED = 20
_MOST_LETTERS = 120


class UnreadableSourceError(Exception):
    """The bytes are not what they seemed to be; `advice` says what to do, or is empty."""

    def __init__(self, text: str, advice: str = "") -> None:
        super().__init__(text)
        self.advice = advice


class Refused(msgspec.Struct, frozen=True):
    """A row that became no item: its line, and why."""

    line: int
    why: str


class Left(msgspec.Struct, frozen=True):
    """What was not taken: what it is, how many there are, and the first of them by name."""

    what: str
    count: int
    named: tuple[str, ...] = ()


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """What became of a source: its items in order, and all that was not understood.

    `rows`: how many things it told. `not_used`: headings that no field takes and the mapping
    does not ignore. `left`: what else was not taken.
    """

    items: tuple[Item, ...]
    rows: int
    refused: int = 0
    told: tuple[Refused, ...] = ()
    not_used: tuple[str, ...] = ()
    left: tuple[Left, ...] = ()


class Leftovers:
    """Counts what is not taken while a source is read."""

    def __init__(self) -> None:
        self._count: dict[str, int] = {}
        self._named: dict[str, dict[str, None]] = {}

    def add(self, what: str, name: str = "", count: int = 1) -> None:
        """Note something that is not taken, and its name where it has one."""
        self._count[what] = self._count.get(what, 0) + count
        names = self._named.setdefault(what, {})
        if name and len(names) < _MOST_NAMED:
            names[name[:_MOST_LETTERS]] = None

    def add_all(self, what: str, names: Iterable[str]) -> None:
        """Note several things of one sort."""
        for name in names:
            self.add(what, name)

    def told(self) -> tuple[Left, ...]:
        """Return what was noted, in the order in which each sort was met first."""
        return tuple(
            Left(what, count, tuple(self._named[what])) for what, count in self._count.items()
        )
