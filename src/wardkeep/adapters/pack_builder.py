"""Keeps the shelf in step with the charts: sees which wards changed, has their packs made."""

from __future__ import annotations

import hashlib
import secrets
import sys
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from typing import Protocol

import msgspec

from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.pack_worker import WORKERS, PackWorkers
from wardkeep.adapters.typst_press import Typeset
from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import StreamStatus, Unread, WardSummary
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import MINUTE
from wardkeep.pack.contents import UNREAD_TOLD, WardData
from wardkeep.pack.decide import Change, due_for_rebuild, note_changes, worth_recording
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.state import Shelf, evolve
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
    ward: WardSummary
    at: int
    as_of: int | None
    patients: int
    language: str
    done: Future[Typeset]


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
        sheets=tuple(sheet_number(secrets.randbits(40)) for _ in range(len(patients) + 1)),
        witness=witness,
        unread=charts.unread(summary.ward, now - UNREAD_TOLD),
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
        record: Callable[[PackBuilt], None],
        witness: Callable[[], str],
        failing: Mapping[str, int] | None = None,
    ) -> None:
        """`record` puts an event into the operations ledger; `witness` tells its heads.

        `failing` is what `failing` told before a restart.
        """
        self._charts, self._files, self._site = charts, shelf, site
        self._record, self._witness = record, witness
        self._shelf: Shelf = shelf.openable()
        self._changes: dict[str, Change] = {}
        self._failing = dict(failing or {})
        self._not_before: dict[str, int] = {}
        self._jobs: dict[str, _Job] = {}
        self._workers = PackWorkers()

    def step(self, now: int) -> int:
        """Shelve what is finished, start what is due; return how many packs are being made."""
        for ward, job in list(self._jobs.items()):
            if job.done.done():
                del self._jobs[ward]
                self._finish(job)
        wards = {summary.ward: summary for summary in self._charts.wards()}
        revisions = {ward: summary.changed for ward, summary in wards.items()}
        self._changes = note_changes(self._changes, revisions, self._shelf, now)
        for ward in due_for_rebuild(self._shelf, self._changes, wards, now):
            if len(self._jobs) >= WORKERS:
                break
            if ward not in self._jobs and now >= self._not_before.get(ward, 0):
                self._try(wards[ward], now)
        return len(self._jobs)

    def failing(self) -> Mapping[str, int]:
        """Return the wards whose newest pack could not be made, and since when (UTC µs)."""
        return dict(self._failing)

    def close(self) -> None:
        """End the workers; what they were making is made again at the next start."""
        self._workers.close()

    def _begin(self, summary: WardSummary, now: int) -> None:
        data = ward_data(self._charts, self._site, summary, now, self._witness())
        language = language_of(self._site, summary.ward)
        done = self._workers.submit(msgspec.msgpack.encode(data), language)
        as_of = newest_heard(data.streams)
        self._jobs[summary.ward] = _Job(summary, now, as_of, len(data.charts), language, done)

    def _try(self, summary: WardSummary, now: int) -> None:
        try:
            self._begin(summary, now)
        except WardkeepError as fault:
            # A ward whose charts cannot be read keeps no other from its paper.
            self._failed(summary.ward, now, fault)

    def _finish(self, job: _Job) -> None:
        ward = job.ward.ward
        try:
            built = self._put(job, job.done.result())
        except (WardkeepError, OSError) as fault:
            self._failed(ward, job.at, fault)
            return
        self._failing.pop(ward, None)
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
        built = PackBuilt(
            ward=job.ward.ward,
            generation=self._files.next_generation(job.ward.ward),
            revision=job.ward.changed,
            language=job.language,
            at=job.at,
            as_of=job.as_of,
            pages=made.pages,
            patients=job.patients,
            digest=hashlib.sha256(made.pdf).hexdigest(),
        )
        self._files.put(built, made.pdf)
        return built


def _tell(text: str) -> None:
    # The log holds no patient: neither the words of a fault nor the ward.
    print(f"wardkeep: {text}", file=sys.stderr, flush=True)  # noqa: T201
