"""The charts that are being folded: those that screens read, or others beside them.

Rules kept here:
- charts that must be made anew (other rules of the site, a newer fold, damage) are folded
  beside those that are read, and take their place when they have caught up;
- where days are erased they begin with what was carried over them, all of it or nothing of it;
  if that is gone or damaged, with the charts that are read, by the rules of those; if these are
  damaged, with nothing, and say so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection
from pathlib import Path

import apsw

from wardkeep.adapters.chart_carrying import (
    begin_with,
    carried_of,
    finish_beginning,
    left_by,
    meta,
    note_lacking,
    take_out,
)
from wardkeep.adapters.chart_database import (
    discard,
    faults_named,
    open_carried,
    open_to_fold,
    place_to_fold,
    successor_of,
    take_over,
)
from wardkeep.adapters.chart_follower import (
    ChartFollower,
    Recall,
    fold_name,
    nothing_recalled,
)
from wardkeep.adapters.errors import ChartsDamagedError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger.errors import StoreFailedError

_LOG = logging.getLogger(__name__)


class ChartSuccession:
    """Holds the follower of the charts at `path`; every method raises StoreFailedError."""

    def __init__(
        self,
        path: Path,
        ring: KeyRing,
        site: Site,
        recall: Recall = nothing_recalled,
        first: Callable[[], int] = lambda: 1,
    ) -> None:
        """`first` tells the first entry that the ledger can still give."""
        self._first = first
        self._path, self._ring, self._site, self._recall = path, ring, site, recall
        self._fold = fold_name(site)
        self._renewed = False
        self._carried_damaged = False
        self._place = place_to_fold(path, ring, self._fold)
        try:
            self.follower = self._open()
            if 0 < self.lacks <= self.carried_upto:
                # It was brought back.
                self.follower.close()
                self.follower = self._begin()
        except ChartsDamagedError:
            self._renewed = True
            self.follower = self._begin()

    @property
    def is_renewing(self) -> bool:
        """Whether screens read other charts than those that are folded."""
        return self._place != self._path

    def caught_up(self) -> None:
        """Say that all of the ledger is folded and committed: new charts are shown now."""
        if not self.is_renewing:
            return
        self.follower.close()
        take_over(self._path)
        self._place = self._path
        self.follower = self._open()

    def renew(self) -> None:
        """Fold all again from the ledger: what was folded is damaged.

        Raises StoreFailedError the second time: then it is the disk that fails.
        """
        if self._renewed:
            raise StoreFailedError("the chart store was damaged again after it was made anew")
        self._renewed = True
        self.follower.close()
        self.follower = self._begin()

    def close(self) -> None:
        """Close the store."""
        self.follower.close()

    def _begin(self) -> ChartFollower:
        self._place = successor_of(self._path)
        discard(self._place)
        return self._open()

    def let_go(self, numbers: Collection[str], through: int) -> None:
        """Let go of patients whose days are erased, and of what was unread up to `through`."""
        take_out(self.store, numbers, through)
        self.follower.let_go(numbers)

    @property
    def has_carried(self) -> bool:
        """Whether charts carried over erased days are there, whole, and can be opened."""
        return self.carried_upto > 0

    @property
    def carried_upto(self) -> int:
        """The last erased entry that the carried charts hold; 0 where none are there, whole.

        Damage found in them counts until the next start: then they may have been brought back.
        """
        path = carried_of(self._path)
        if self._carried_damaged or not path.exists():
            return 0
        carried = open_carried(path, self._ring, self._site.cipher)
        if carried is None:
            return 0
        try:
            return 0 if meta(carried, "lacks") else meta(carried, "carried")
        except ChartsDamagedError:
            return 0
        finally:
            carried.close()

    @property
    def carried(self) -> int:
        """The entry up to which the ledger may be erased: the charts do not need it."""
        return meta(self.store, "carried")

    @property
    def lacks(self) -> int:
        """The entry up to which what erased days had said is lost; 0 for whole charts."""
        return meta(self.store, "lacks")

    def note_lacking(self, upto: int) -> None:
        """Note that what is folded begins without the entries up to `upto`."""
        note_lacking(self.store, upto)

    def _open(self) -> ChartFollower:
        store = open_to_fold(self._place, self._ring, self._site.cipher, self._fold)
        try:
            follower = ChartFollower(store, self._site, self._recall)
            if carried_of(self._path).exists():
                follower = self._with_carried(store, follower)
            if self.is_renewing and not self._renewed and follower.cursor == 0:
                follower = self._with_old(store, follower)
        except WardkeepError:
            store.close()
            raise
        self.store = store
        return follower

    def _with_old(self, store: apsw.Connection, follower: ChartFollower) -> ChartFollower:
        """Begin with the charts that are read where nothing else knows of erased days."""
        begun = self._first()
        old = open_carried(self._path, self._ring, self._site.cipher) if begun > 1 else None
        if old is None:
            return follower
        try:
            if (cursor := meta(old, "cursor")) >= begun - 1:
                _LOG.warning("the charts go on from the old ones: nothing was carried")
                follower = self._copied(store, old, cursor)
        finally:
            old.close()
        return follower

    def _with_carried(self, store: apsw.Connection, follower: ChartFollower) -> ChartFollower:
        """Begin with the carried charts where the ledger no longer has what they know.

        Where they are damaged nothing is taken from them, and they count as gone.
        """
        carried = open_carried(carried_of(self._path), self._ring, self._site.cipher)
        if carried is None:
            _LOG.error("the charts carried over erased days cannot be opened")
            return follower
        try:
            through, cursor = meta(carried, "carried"), meta(carried, "cursor")
            if follower.cursor < max(through, 1) and cursor:
                follower = self._copied(store, carried, cursor)
            elif meta(store, "carried") < through:
                gone = left_by(carried, store, through)
                take_out(store, gone, through)
                follower.let_go(gone)
        except ChartsDamagedError as fault:
            # If it is `store` that is damaged, folding finds that too.
            _LOG.error("the charts carried over erased days are damaged: %s", fault)
            self._carried_damaged = True
        finally:
            carried.close()
        return follower

    def _copied(
        self, store: apsw.Connection, source: apsw.Connection, cursor: int
    ) -> ChartFollower:
        """Put all that `source` knows into a store, or leave the store as it was."""
        with faults_named(), store:
            begin_with(store, source)
            follower = ChartFollower(store, self._site, self._recall)
            finish_beginning(follower, store, cursor)
        return follower
