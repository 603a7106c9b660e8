"""Makes the lists of the whole house for the shelf, one at a time, when no ward waits."""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Callable
from concurrent.futures import Future

import msgspec

from wardkeep.adapters.house_packs import HouseCharts, house_data
from wardkeep.adapters.pack_builder import newest_heard
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.pack_worker import PackWorkers
from wardkeep.adapters.typst_press import Typeset
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.events import PackBuilt, PackEvent
from wardkeep.pack.house_lists import code_of, due
from wardkeep.pack.whole_house import HouseData, PackKind

# What could not be made is tried again then; the list that stands stays.
_TRY_AGAIN = 10 * MINUTE


class ListBuilder:
    """Builds a list when its time has come; one process, started for it alone."""

    def __init__(
        self,
        charts: HouseCharts,
        shelf: PackShelf,
        site: Site,
        record: Callable[[PackEvent], object],
        witness: Callable[[], str],
        begun: int,
    ) -> None:
        """`begun`: since when the server runs (UTC µs); `record`, `witness` as of packs."""
        self._charts, self._shelf, self._site = charts, shelf, site
        self._record, self._witness, self._begun = record, witness, begun
        self._newest = dict(shelf.openable().newest)
        self._workers = PackWorkers(1)
        self._job: tuple[HouseData, Future[Typeset]] | None = None
        self._not_before = 0

    def step(self, now: int, *, wards_wait: bool) -> None:
        """Shelve what is finished; begin what is due unless a ward is to be made, or held.

        While a ward is held its charts are in doubt: the lists stay what they were, as its
        paper does. Raises nothing: a list that fails is said in the log.
        """
        try:
            self._finish()
            if self._job is None and not wards_wait and now >= self._not_before:
                self._begin(now)
        except (WardkeepError, OSError) as fault:
            self._not_before = now + _TRY_AGAIN
            # The log holds no patient: not the words of a fault.
            said = f"wardkeep: a list was not made: {type(fault).__name__}"
            print(said, file=sys.stderr, flush=True)  # noqa: T201  # the log

    def close(self) -> None:
        """End the worker; what it was making is made again at the next start."""
        self._workers.close()

    def _begin(self, now: int) -> None:
        lists = self._site.lists
        rhythm = (lists.every_minutes, lists.first_after_minutes)
        kind = due(lists.kinds, self._newest, self._begun, now, rhythm)
        # Before anything was heard of a ward a list would say for hours that nobody is here.
        if kind is None or not self._charts.wards():
            return
        data = house_data(self._charts, self._site, kind, None, now, self._witness())
        encoded = msgspec.msgpack.encode(data)
        made = self._workers.submit(encoded, self._site.language, of_house=True)
        self._job = (data, made)

    def _finish(self) -> None:
        if self._job is None or not self._job[1].done():
            return
        (data, done), self._job = self._job, None
        made = done.result()
        built = self._built(data, made)
        self._shelf.put(built, made.pdf, made.sheets)
        self._newest[built.ward] = built
        self._record(built)

    def _built(self, data: HouseData, made: Typeset) -> PackBuilt:
        code = code_of(PackKind(data.kind))
        return PackBuilt(
            ward=code,
            generation=self._shelf.next_generation(code),
            revision=0,
            language=self._site.language,
            at=data.now,
            as_of=newest_heard(data.streams),
            pages=made.pages,
            patients=len(data.charts),
            digest=hashlib.sha256(made.pdf).hexdigest(),
        )
