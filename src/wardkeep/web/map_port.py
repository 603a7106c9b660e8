"""What the pages of the map need from outside: the map as it stands, ready to be drawn."""

from __future__ import annotations

import datetime as dt
from functools import cached_property
from typing import Protocol

import msgspec

from wardkeep.hospital.map.checks import Finding, check_map
from wardkeep.hospital.map.placing import Placing, in_order
from wardkeep.hospital.map.whole import HospitalMap


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
        self._checked: tuple[dt.date | None, tuple[Finding, ...]] = (None, ())

    @cached_property
    def all_in_order(self) -> tuple[str, ...]:
        """Every thing of the map, by kind and name."""
        return in_order(self.whole.items.values())

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
