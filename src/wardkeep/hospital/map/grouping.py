"""Things of the map as boxes: each its own, or one for many where they are too many to read."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from wardkeep.hospital.map.item import split
from wardkeep.hospital.map.placing import Column, machines, part_of
from wardkeep.hospital.map.whole import HospitalMap

MOST_BOXES = 100
"""More boxes than these are no picture any more (issue of the map: about 100)."""


class Box(msgspec.Struct, frozen=True, kw_only=True):
    """One thing, or all of a kind (`kind`), of a part (`part`) or of the column.

    `part` is None where it is not by it that they are put together. `machines`: how many
    machines they stand for.
    """

    column: str
    members: tuple[str, ...]
    kind: str = ""
    part: str | None = None
    machines: int = 0

    @property
    def one(self) -> str:
        """The `kind:id` of the only member, "" where there are several."""
        return self.members[0] if len(self.members) == 1 else ""


class Boxed(msgspec.Struct, frozen=True):
    """Columns as boxes, and how many columns were left out because they are too many."""

    columns: tuple[tuple[str, tuple[Box, ...]], ...]
    left_out: int = 0

    @property
    def grouped(self) -> bool:
        """Whether a box stands for several things."""
        return any(len(box.members) > 1 for _, boxes in self.columns for box in boxes)

    @property
    def boxes(self) -> tuple[Box, ...]:
        """All boxes, column by column."""
        return tuple(box for _, boxes in self.columns for box in boxes)


Level = Callable[[HospitalMap, Column], tuple[Box, ...]]


def by_itself(whole: HospitalMap, column: Column) -> tuple[Box, ...]:
    """Return a box for each member."""
    return tuple(
        _box(whole, column.key, (each,), split(each)[0], None) for each in column.members
    )


def by_part(whole: HospitalMap, column: Column) -> tuple[Box, ...]:
    """Return a box for each kind and segment, or site, of it."""
    return _together(whole, column, lambda each: part_of(whole.items.get(each)))


def by_kind(whole: HospitalMap, column: Column) -> tuple[Box, ...]:
    """Return a box for each kind."""
    return _together(whole, column, lambda _each: None)


def by_column(whole: HospitalMap, column: Column) -> tuple[Box, ...]:
    """Return one box for the column."""
    return (_box(whole, column.key, column.members, "", None),)


def boxed(whole: HospitalMap, columns: Sequence[Column], levels: Sequence[Level]) -> Boxed:
    """Return the columns by the first level that makes no more boxes than MOST_BOXES.

    Where none does, a box for each column, and columns of sites at the end are left out.
    """
    for level in levels:
        made = _made(whole, columns, level)
        if made is not None:
            return Boxed(made)
    own = [each for each in columns if each.key.startswith(":")]
    others = [each for each in columns if not each.key.startswith(":")]
    shown = MOST_BOXES - len(own)
    made = tuple((each.key, by_column(whole, each)) for each in (*others[:shown], *own))
    return Boxed(made, len(others) - shown)


def _made(
    whole: HospitalMap, columns: Sequence[Column], level: Level
) -> tuple[tuple[str, tuple[Box, ...]], ...] | None:
    made: list[tuple[str, tuple[Box, ...]]] = []
    number = 0
    for column in columns:
        boxes = level(whole, column)
        number += len(boxes)
        if number > MOST_BOXES:
            return None
        made.append((column.key, boxes))
    return tuple(made)


def _together(
    whole: HospitalMap, column: Column, part: Callable[[str], str | None]
) -> tuple[Box, ...]:
    found: dict[tuple[str, str | None], list[str]] = {}
    for each in column.members:
        found.setdefault((split(each)[0], part(each)), []).append(each)
    return tuple(
        _box(whole, column.key, tuple(members), *key) for key, members in found.items()
    )


def _box(
    whole: HospitalMap, column: str, members: tuple[str, ...], kind: str, part: str | None
) -> Box:
    number = sum(machines(whole.items.get(each)) for each in members)
    return Box(column=column, members=members, kind=kind, part=part, machines=number)
