"""What the pages of the map need from outside: the map as it stands, ready to be drawn."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Protocol

import msgspec

from wardkeep.hospital.map.checks import Finding, check_map
from wardkeep.hospital.map.fingerprint import Changed, changed, fingerprint, item_marks
from wardkeep.hospital.map.grouping import Boxed, boxed, by_itself, by_kind, by_part
from wardkeep.hospital.map.item import split
from wardkeep.hospital.map.placing import Column, Placing, View, in_order
from wardkeep.hospital.map.whole import HospitalMap

_MOST_KEPT = 64
"""Views kept of one map: of each 100 boxes, and of some a list of all their members."""


class MapPart(msgspec.Struct, frozen=True):
    """One part of the map: whose word it is, when it was read (UTC µs), how much it says."""

    source: str
    part: str
    at: int
    items: int


class KnownMap:
    """A map with all that is computed of it once: where things stand, what is wrong."""

    def __init__(self, whole: HospitalMap, parts: tuple[MapPart, ...] = ()) -> None:
        self.whole = whole
        self.parts = parts
        self.placing = Placing(whole)
        self._boxed: dict[tuple[View, str], Boxed] = {}
        self._changed: tuple[bytes, Changed] = (b"", Changed(0, 0, 0))
        self._checked: tuple[dt.date | None, tuple[Finding, ...]] = (None, ())

    @cached_property
    def all_in_order(self) -> tuple[str, ...]:
        """Every thing of the map, by kind and name."""
        return in_order(self.whole.items.values())

    @cached_property
    def fingerprint(self) -> str:
        """What tells the map from every other."""
        return fingerprint(self.whole)

    def changed_since(self, then: bytes) -> Changed:
        """Return how it differs from the map of these `item_marks`, which are not empty."""
        marks, found = self._changed
        if marks != then:
            found = changed(then, item_marks(self.whole))
            self._changed = (then, found)
        return found

    def boxed(self, view: View, inside: Column | None) -> Boxed:
        """Return the boxes of a view, or of one column of it by kind."""
        key = (view, inside.key if inside else "")
        # Pages are made in threads: another may clear what this one looks at.
        found = self._boxed.get(key)
        if found is None:
            found = self._made(view, inside)
            if len(self._boxed) >= _MOST_KEPT:
                self._boxed.clear()
            self._boxed[key] = found
        return found

    def _made(self, view: View, inside: Column | None) -> Boxed:
        if inside is None:
            return boxed(self.whole, self.placing.columns(view), (by_itself, by_kind))
        kinds: dict[str, list[str]] = {}
        for each in inside.members:
            kinds.setdefault(split(each)[0], []).append(each)
        columns = [Column(kind, tuple(members)) for kind, members in kinds.items()]
        return boxed(self.whole, columns, (by_itself, by_part, by_kind))

    def checked(self, today: dt.date) -> tuple[Finding, ...]:
        """Return what is wrong on a day, the worst first."""
        day, found = self._checked
        if day != today:
            found = check_map(self.whole, today)
            self._checked = (today, found)
        return found


class MapDesk(Protocol):
    """The map of this box."""

    def known(self) -> KnownMap:
        """Return the map as its newest parts tell it; raises MapUnreadableError.

        The first ask after an import takes up to a second; called from a thread.
        """
        ...


class NoMap:
    """A box on which nothing was imported."""

    def known(self) -> KnownMap:
        """Return an empty map."""
        return KnownMap(HospitalMap({}))
