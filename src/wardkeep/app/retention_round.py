"""The daily round: erases whole periods of the ledgers when they are due, and only then.

In the writer's process. Rules kept here (ledger.retention): ordered, then carried into the
charts by their own process, then recorded as erased, then erased from the disk. Killed anywhere
in between, the next round goes on: an erasure that was recorded is done first of all.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Protocol

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.chart_carrying import meta
from wardkeep.adapters.clinical_store import CLINICAL
from wardkeep.adapters.digest_store import erase_month, months_in
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import by_month
from wardkeep.adapters.operations_store import ACCESS, read_operations
from wardkeep.adapters.period_erasing import end_of, erase_through, periods_of
from wardkeep.app.digesting import digests_of
from wardkeep.app.folder import HospitalFolder
from wardkeep.hospital.site import Retention as Kept
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import MINUTE
from wardkeep.ledger import retention, witness
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.ledger.retention import ErasureOrdered, Retention
from wardkeep.ledger.witness import PeriodErased

_LOG = logging.getLogger(__name__)
_EVERY = MINUTE
Step = Callable[[str], None]
"""Told after each step that a kill may follow; tests end the round there."""
Tell = Callable[[str, int], None]
"""Told why nothing more is erased, "" where nothing stands against it, and the time."""
STOPPED = "erasing-stopped"


class Deciding(Protocol):
    """Where events are appended to (the operations ledger)."""

    def decide(self, events: Sequence[OperationsEvent]) -> int:
        """Append; raises StoreFailedError."""
        ...


class RetentionRound:
    """Goes its round once a minute; finds something to do about once a day."""

    def __init__(
        self,
        folder: HospitalFolder,
        ring: KeyRing,
        kept: Kept,
        ledgers: Deciding,
        step: Step = lambda _name: None,
        tell: Tell = lambda _why, _at: None,
    ) -> None:
        """Finish what was recorded as erased; `tell` is told by each `look` what stops it."""
        self._folder, self._ring, self._kept = folder, ring, kept
        self._ledgers, self._step, self._tell = ledgers, step, tell
        self._next = 0
        self._kept_unread: list[str] = []
        try:
            self._finish(self._state())
        except (WardkeepError, OSError) as fault:
            # Intake goes on whatever cannot be read or erased; the next round tries again.
            _LOG.error("what was recorded as erased may lie there still: %s", fault)

    def look(self, now: int) -> None:
        """Do what is due; raises StoreFailedError, OSError: then it is tried again."""
        if now < self._next:
            return
        self._next = now + _EVERY
        try:
            self.go(now)
        except (WardkeepError, OSError) as fault:
            self._tell(str(fault), now)
            raise
        self._tell("; ".join(self._kept_unread), now)

    def go(self, now: int) -> None:
        """Do what is due at once."""
        self._kept_unread = []
        due = {CLINICAL: self._days_due(now), ACCESS: self._months_due(now)}
        state = self._state()
        self._finish(state)
        if state.hold is None:
            self._drop_digests(now)
        for ledger, periods in due.items():
            if periods and state.hold is None:
                self._erase_oldest(state, ledger, periods, now)

    def _erase_oldest(
        self, state: Retention, ledger: str, periods: Sequence[str], now: int
    ) -> None:
        through = end_of(self._place(ledger), periods[0], self._ring)
        if through is None:
            _LOG.error("%s of %s cannot be read: it is kept", periods[0], ledger)
            self._kept_unread.append(f"{periods[0]} of {ledger} cannot be read: it is kept")
            return
        ordered = retention.order(state, periods, through, now)
        if ordered is not None:
            self._ledgers.decide([retention.to_event(ordered)])
            self._step("ordered")
        if ledger == CLINICAL and self._carried() < through.sequence:
            return  # the charts' process carries what it needs first
        erased = PeriodErased(now, through)
        self._ledgers.decide([witness.to_event(erased)])
        self._step("recorded")
        erase_through(self._place(ledger), periods[0])
        self._step("erased")

    def _finish(self, state: Retention) -> None:
        """Erase what was recorded as erased and may lie there still."""
        erased = {event.through.ledger: event.through for event in self._erasures()}
        for ledger, ordered in state.ordered.items():
            if _is_done(ordered, erased.get(ledger)):
                erase_through(self._place(ledger), ordered.period)

    def _drop_digests(self, now: int) -> None:
        folder = digests_of(self._folder)
        lying = [*months_in(folder), by_month(now)]
        for month in retention.months_due(lying, now, self._kept.digest_months):
            erase_month(folder, month)

    def _days_due(self, now: int) -> list[str]:
        lying = periods_of(self._folder.clinical)
        return retention.days_due(lying, now, self._kept.clinical_days)

    def _months_due(self, now: int) -> list[str]:
        lying = periods_of(self._folder.access)
        return retention.months_due(lying, now, self._kept.access_months)

    def _place(self, ledger: str) -> Path:
        return {CLINICAL: self._folder.clinical, ACCESS: self._folder.access}[ledger]

    def _state(self) -> Retention:
        return state_of(self._folder, self._ring)

    def _erasures(self) -> Iterator[PeriodErased]:
        for event in events_of(self._folder, self._ring, witness.ERASURES):
            said = witness.from_event(event)
            if isinstance(said, PeriodErased):
                yield said

    def _carried(self) -> int:
        return carried(self._folder, self._ring)


def state_of(folder: HospitalFolder, ring: KeyRing) -> Retention:
    """Return what is ordered and held, as the operations ledger says."""
    events = events_of(folder, ring, retention.PART)
    return retention.fold(
        said for event in events if (said := retention.from_event(event)) is not None
    )


def events_of(folder: HospitalFolder, ring: KeyRing, part: str) -> list[OperationsEvent]:
    """Return all events of a part; raises LedgerFaultError, KeyMissingError."""
    with closing(read_operations(folder.operations, ring)) as ledger:
        return [event for _sequence, event in ledger.after(0, part, 100_000)]


def carried(folder: HospitalFolder, ring: KeyRing) -> int:
    """Return the entry up to which charts need the ledger no more, 0 where nobody knows."""
    path = folder.chart_database
    try:
        key = ring.open_key(key_path(path))
        with closing(encrypted_database.open_for_reading(path, key)) as store:
            return meta(store, "carried")
    except WardkeepError:
        return 0


def _is_done(ordered: ErasureOrdered, erased: Head | None) -> bool:
    return erased is not None and ordered.through.sequence <= erased.sequence
