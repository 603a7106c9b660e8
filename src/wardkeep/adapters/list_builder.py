"""Makes the lists of the whole house for the shelf, one at a time, when no ward waits."""

from __future__ import annotations

import hashlib
import sys
import zlib
from collections.abc import Callable, Mapping
from concurrent.futures import Future
from functools import partial

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

# A list that could not be made is tried again then, others go on; the one that stands stays.
_TRY_AGAIN = 10 * MINUTE
_FASTEST = 1
"""Of zlib: 27 MB, the charts of 6,300 patients, become 4 MB in 0.2 s (measured)."""


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
        self._job: tuple[HouseData, bytes, Future[Typeset]] | None = None
        self._not_before: dict[PackKind, int] = {}
        self._failing: dict[str, str] = {}

    def step(self, now: int, *, wards_wait: bool) -> None:
        """Shelve what is finished; begin what is due unless a ward is to be made, or held.

        While a ward is held its charts are in doubt: the lists stay what they were, as its
        paper does. Raises nothing: a list that fails is said in the log and by `failing`, and
        keeps neither another list nor a ward from its paper.
        """
        if self._job is not None and self._job[2].done():
            (data, kept, done), self._job = self._job, None
            self._try(PackKind(data.kind), now, partial(self._finish, data, kept, done))
        lists = self._site.lists
        rhythm = (lists.every_minutes, lists.first_after_minutes)
        kinds = [k for k in lists.kinds if now >= self._not_before.get(PackKind(k), 0)]
        kind = due(kinds, self._newest, self._begun, now, rhythm)
        if self._job is None and kind is not None and not wards_wait:
            self._try(kind, now, partial(self._begin, kind, now))

    def failing(self) -> Mapping[str, str]:
        """Return the codes of the lists that could not be made at last, and why."""
        return dict(self._failing)

    def close(self) -> None:
        """End the worker; what it was making is made again at the next start."""
        self._workers.close()

    def _try(self, kind: PackKind, now: int, act: Callable[[], None]) -> None:
        try:
            act()
        except Exception as fault:  # noqa: BLE001  # whatever it is, wards' packs are made on
            self._not_before[kind] = now + _TRY_AGAIN
            # Neither log nor alarm holds a patient: not the words of a fault.
            self._failing[code_of(kind)] = type(fault).__name__
            _tell(f"a list was not made: {type(fault).__name__}")

    def _begin(self, kind: PackKind, now: int) -> None:
        # Before anything was heard of a ward a list would say for hours that nobody is here.
        if not self._charts.wards():
            return
        data = house_data(self._charts, self._site, kind, None, now, self._witness())
        encoded = msgspec.msgpack.encode(data)
        made = self._workers.submit(encoded, self._site.language, of_house=True)
        self._job = (data, packed(encoded), made)

    def _finish(self, data: HouseData, kept: bytes, done: Future[Typeset]) -> None:
        made = done.result()
        built = self._built(data, made)
        self._shelf.put(built, made.pdf, made.sheets)
        self._newest[built.ward] = built
        try:
            # For the proof of the night, which holds the list against it.
            self._shelf.keep_sound(built.ward, kept, ())
        except OSError as fault:
            # The list stands all the same; the proof says that it was not compared.
            _tell(f"what {built.ward} was made of was not kept: {type(fault).__name__}")
        self._failing.pop(built.ward, None)
        try:
            self._record(built)
        except (WardkeepError, OSError) as fault:
            # The list is there: only the ledger's line of it is missing.
            _tell(f"a list was made and not recorded: {type(fault).__name__}")

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


def packed(encoded: bytes) -> bytes:
    """Return what a list is made of (HouseData as msgpack) as it is kept: a sixth of it."""
    return zlib.compress(encoded, _FASTEST)


def unpacked(kept: bytes) -> HouseData:
    """Return what `packed` packed. Raises ValueError where another release did it."""
    try:
        return msgspec.msgpack.decode(zlib.decompress(kept), type=HouseData)
    except (zlib.error, msgspec.DecodeError) as fault:
        raise ValueError("this is not what a list of this release is made of") from fault


def _tell(text: str) -> None:
    print(f"wardkeep: {text}", file=sys.stderr, flush=True)  # noqa: T201  # the log
