"""Keeps the shelf in step with the charts: sees which wards changed, has their packs made."""

from __future__ import annotations

import hashlib
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from functools import partial
from typing import Protocol

import msgspec

from wardkeep.adapters.pack_brake import PackBrake, is_due
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.pack_worker import WORKERS, PackWorkers
from wardkeep.adapters.tall_man_lists import tall_man_list
from wardkeep.adapters.typst_press import Typeset
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import StreamStatus, Unread, WardSummary
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.contents import UNREAD_TOLD, WardData
from wardkeep.pack.decide import Change, due_for_rebuild, note_changes, worth_recording
from wardkeep.pack.events import Decision, PackBuilt, PackEvent
from wardkeep.pack.house_lists import looks_like_list
from wardkeep.pack.state import Hold, Shelf, evolve
from wardkeep.paper.sheet_code import sheet_number

# A ward whose pack could not be made is tried again then; the pack that stands stays.
_TRY_AGAIN = 2 * MINUTE


class WardCharts(Protocol):
    """What a pack is made from: a part of chart.ports.Charts."""

    def wards(self) -> list[WardSummary]:
        """Return every ward."""
        ...

    def ward(self, code: str) -> list[PatientChart]:
        """Return the charts of a ward."""
        ...

    def streams(self, now: int, ward: str | None = None) -> list[StreamStatus]:
        """Return how fresh each stream is for a ward."""
        ...

    def unread(self, ward: str, since: int) -> Unread:
        """Return what came since then and could not be read."""
        ...


class _Job(msgspec.Struct):
    data: WardData
    encoded: bytes
    language: str
    beside: bool
    """It is not for the shelf: the ward is held."""
    done: Future[Typeset]

    @property
    def ward(self) -> str:
        return self.data.summary.ward


def new_sheet_numbers(count: int) -> list[str]:
    """Return random numbers of sheets."""
    return [sheet_number(secrets.randbits(40)) for _ in range(count)]


def ward_data(
    charts: WardCharts, site: Site, summary: WardSummary, now: int, witness: str
) -> WardData:
    """Return what a ward's pack is made of at `now`, with new random sheet numbers."""
    patients = tuple(charts.ward(summary.ward))
    return WardData(
        charts=patients,
        streams=tuple(charts.streams(now, summary.ward)),
        summary=summary,
        site=site,
        now=now,
        sheets=tuple(new_sheet_numbers(len(patients) + 1)),
        witness=witness,
        unread=charts.unread(summary.ward, now - UNREAD_TOLD),
        look_alikes=tall_man_list(site.paper.tall_man),
    )


def language_of(site: Site, ward: str) -> str:
    """Return the language of a ward's sheets: its own, else the site's."""
    own = next((each.language for each in site.wards if each.code == ward), None)
    return own or site.language


def newest_heard(streams: Sequence[StreamStatus]) -> int | None:
    """Return the time of the newest message that a pack shows."""
    return max((each.as_of for each in streams if each.as_of is not None), default=None)


class PackBuilder:
    """Builds what is due, a few wards at once, without ever waiting for them."""

    def __init__(
        self,
        charts: WardCharts,
        shelf: PackShelf,
        site: Site,
        record: Callable[[PackEvent], object],
        witness: Callable[[], str],
        failing: Mapping[str, int] | None = None,
    ) -> None:
        """`record` puts an event into the operations ledger; `witness` tells its heads.

        `failing` is what `failing` told before a restart.
        """
        self._charts, self._files, self._site = charts, shelf, site
        self._record, self._witness = record, witness
        self._shelf: Shelf = _of_wards(shelf.openable())
        self._refused: tuple[str, ...] = ()
        self._changes: dict[str, Change] = {}
        self._failing = dict(failing or {})
        self._not_before: dict[str, int] = {}
        self._jobs: dict[tuple[str, bool], _Job] = {}
        self._workers = PackWorkers()
        self._seal: Callable[[WardData, str], WardData] = lambda data, _: data
        self._brake = PackBrake(shelf, site.brake, record)
        found = {ward: shelf.beside_noted(ward) for ward in self._shelf.held}
        self._beside = {ward: built for ward, built in found.items() if built is not None}

    def seal_with(self, seal: Callable[[WardData, str], WardData]) -> None:
        """Have each ward's charts sealed for its paper, given its language."""
        self._seal = seal

    def step(self, now: int) -> int:
        """Shelve what is finished, start what is due; return how many packs are being made."""
        for name, job in list(self._jobs.items()):
            if job.done.done():
                del self._jobs[name]
                self._finish(job)
        told = {summary.ward: summary for summary in self._charts.wards()}
        self._refused = tuple(sorted(filter(looks_like_list, told)))
        wards = {ward: each for ward, each in told.items() if not looks_like_list(ward)}
        revisions = {ward: summary.changed for ward, summary in wards.items()}
        # What was made of a held ward beside its paper counts as made.
        made = Shelf({**self._shelf.newest, **self._beside})
        self._changes = note_changes(self._changes, revisions, made, now)
        for ward in due_for_rebuild(made, self._changes, wards, now):
            if self._has_room(ward, now, beside=ward in self._shelf.held):
                self._try(ward, now, partial(self._begin, wards[ward], now))
        for ward, hold in self._shelf.held.items():
            if is_due(self._shelf, ward, now) and self._has_room(ward, now, beside=False):
                self._try(ward, now, partial(self._begin_marked, hold, now))
        return len(self._jobs)

    def held(self) -> Mapping[str, Hold]:
        """Return the wards whose pack is held, and why."""
        return self._shelf.held

    def heed(self, decisions: Sequence[Decision]) -> None:
        """Do what people decided of held packs; asked again it is done once. Raises OSError."""
        self._brake.record_again()
        before = self._shelf.held.keys()
        self._shelf = self._brake.heed(self._shelf, decisions)
        for ward in before - self._shelf.held.keys():
            self._let_go(ward)

    def _has_room(self, ward: str, now: int, *, beside: bool) -> bool:
        free = len(self._jobs) < WORKERS and (ward, beside) not in self._jobs
        return free and now >= self._not_before.get(ward, 0)

    def _let_go(self, ward: str) -> None:
        """Have a ward's pack made at once: what stands on the shelf is older than it knows."""
        self._beside.pop(ward, None)
        self._shelf = Shelf(
            {w: built for w, built in self._shelf.newest.items() if w != ward}, self._shelf.held
        )

    def failing(self) -> Mapping[str, int]:
        """Return the wards whose newest pack could not be made, and since when (UTC µs)."""
        return dict(self._failing)

    def refused(self) -> Sequence[str]:
        """Return the wards that have no pack since only a list may be called so."""
        return self._refused

    def close(self) -> None:
        """End the workers; what they were making is made again at the next start."""
        self._workers.close()

    def _begin(self, summary: WardSummary, now: int) -> None:
        data = ward_data(self._charts, self._site, summary, now, self._witness())
        ward, was_held = summary.ward, summary.ward in self._shelf.held
        self._shelf = self._brake.judge(self._shelf, data)
        if was_held and ward not in self._shelf.held:
            self._let_go(ward)
        self._submit(data, beside=ward in self._shelf.held)

    def _begin_marked(self, hold: Hold, now: int) -> None:
        """Have the paper of a held ward made as it was, with HELD on every page."""
        data = self._brake.marked(hold, now)
        if data is not None:
            self._submit(data, beside=False)

    def _submit(self, data: WardData, *, beside: bool) -> None:
        language = language_of(self._site, data.summary.ward)
        if data.held is None:
            # A held ward's paper stays as it was, with what was sealed then.
            data = self._seal(data, language)
        encoded = msgspec.msgpack.encode(data)
        done = self._workers.submit(encoded, language)
        job = _Job(data, encoded, language, beside, done)
        self._jobs[job.ward, beside] = job

    def _try(self, ward: str, now: int, begin: Callable[[], None]) -> None:
        try:
            begin()
        except (WardkeepError, OSError) as fault:
            # A ward whose charts cannot be read keeps no other from its paper.
            self._failed(ward, now, fault)

    def _finish(self, job: _Job) -> None:
        try:
            built = self._put(job, job.done.result())
        except (WardkeepError, OSError) as fault:
            self._failed(job.ward, job.data.now, fault)
            return
        self._failing.pop(job.ward, None)
        if job.beside:
            self._beside[job.ward] = built
            return
        recorded = worth_recording(self._shelf, built)
        self._shelf = evolve(self._shelf, built)
        if recorded:
            self._note(built)

    def _failed(self, ward: str, at: int, fault: Exception) -> None:
        self._failing.setdefault(ward, at)
        self._not_before[ward] = at + _TRY_AGAIN
        _tell(f"a pack was not made: {type(fault).__name__}")

    def _note(self, built: PackBuilt) -> None:
        try:
            self._record(built)
        except (WardkeepError, OSError) as fault:
            # The paper is there: only the ledger's line of it is missing.
            _tell(f"a pack was made and not recorded: {type(fault).__name__}")

    def _put(self, job: _Job, made: Typeset) -> PackBuilt:
        data = job.data
        built = PackBuilt(
            ward=job.ward,
            generation=self._files.next_generation(job.ward),
            revision=data.summary.changed,
            language=job.language,
            at=data.now,
            as_of=newest_heard(data.streams),
            pages=made.pages,
            patients=len(data.charts),
            digest=hashlib.sha256(made.pdf).hexdigest(),
        )
        if job.beside:
            self._files.put_beside(built, made.pdf)
            return built
        self._files.put(built, made.pdf, made.sheets, prune=data.held is None)
        if data.held is None:
            self._brake.keep(data, job.encoded)
        return built


def _of_wards(shelf: Shelf) -> Shelf:
    """Leave out what was shelved for a ward that is called as a list is."""
    return Shelf(
        {ward: built for ward, built in shelf.newest.items() if not looks_like_list(ward)},
        {ward: hold for ward, hold in shelf.held.items() if not looks_like_list(ward)},
    )


def _tell(text: str) -> None:
    # The log holds no patient: neither the words of a fault nor the ward.
    print(f"wardkeep: {text}", file=sys.stderr, flush=True)  # noqa: T201
