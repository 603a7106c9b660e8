"""Folds the days that are to be erased into the carried charts, a little at a time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import apsw

from wardkeep.adapters.chart_carrying import (
    carried_of,
    left_by,
    let_go_of,
    meta,
    note_lacking,
    take_out,
)
from wardkeep.adapters.chart_database import open_carried
from wardkeep.adapters.chart_follower import ChartFollower, Recall
from wardkeep.adapters.chart_succession import ChartSuccession
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.hospital.site import Site
from wardkeep.ledger.arrival import ClinicalReader, Entry
from wardkeep.ledger.errors import CarriedChartsLostError

# A third of a second of folding: the charts of the live feed wait no longer than that.
_AT_ONCE = 250
Beside = Callable[[Sequence[Entry]], None]
"""Is handed all entries that are carried, in order and before they are committed; an entry may
come again after a kill."""


def nothing_beside(_entries: Sequence[Entry]) -> None:
    """Do nothing beside carrying."""


class ChartCarrier:
    """Carries the charts at `path` over; every method raises StoreFailedError."""

    def __init__(
        self,
        path: Path,
        ring: KeyRing,
        site: Site,
        recall: Recall,
        beside: Beside = nothing_beside,
    ) -> None:
        self._place, self._ring, self._site = carried_of(path), ring, site
        self._recall, self._beside = recall, beside
        self._opened: tuple[apsw.Connection, ChartFollower] | None = None

    def advance(self, ledger: ClinicalReader, through: int, lacks: int = 0) -> bool:
        """Fold some more entries up to `through`; tell whether all of them are folded.

        `lacks`: the last entry that the charts that are read lack, 0 where these are whole.

        Raises CarriedChartsLostError, LedgerFaultError, KeyMissingError.
        """
        store, follower = self._open()
        found = ledger.after(follower.cursor, _AT_ONCE)
        if follower.cursor < lacks:
            note_lacking(store, lacks)
        entries = [entry for entry in found if entry.sequence <= through]
        self._beside(entries)
        follower.fold(entries)
        if len(entries) < len(found) or not found:
            follower.cursor = max(follower.cursor, through)
        follower.commit()
        return follower.cursor >= through

    def settle(self, charts: ChartSuccession, through: int, now: int) -> None:
        """Let go of whoever is not needed any more, here and in the charts that are read.

        Call it only when all up to `through` is carried, and the charts have committed.
        """
        store, _ = self._open()
        if meta(store, "carried") < through:
            take_out(store, let_go_of(charts.store, through, now), through)
        charts.let_go(left_by(store, charts.store, through), through)
        self.close()

    def close(self) -> None:
        """Close the carried charts; they are opened again when more is to be carried."""
        if self._opened is not None:
            self._opened[1].close()
            self._opened = None

    def _open(self) -> tuple[apsw.Connection, ChartFollower]:
        if self._opened is None:
            store = open_carried(self._place, self._ring, self._site.cipher)
            if store is None:
                raise CarriedChartsLostError(f"{self._place.name} cannot be opened")
            self._opened = store, ChartFollower(store, self._site, self._recall)
        return self._opened
