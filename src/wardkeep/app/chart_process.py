"""The process that folds the clinical ledger into the charts."""

from __future__ import annotations

import asyncio
import gc
import os
import sys
from collections.abc import Callable, Sequence
from functools import partial

from wardkeep.adapters.chart_carrier import ChartCarrier
from wardkeep.adapters.chart_follower import ChartFollower
from wardkeep.adapters.chart_succession import ChartSuccession
from wardkeep.adapters.clinical_store import CLINICAL, ClinicalLedger
from wardkeep.adapters.clock import now, steady
from wardkeep.adapters.errors import ChartsDamagedError
from wardkeep.adapters.operations_store import OperationsLedger, read_operations
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.alarms import clear_alarm, raise_alarm
from wardkeep.app.child import LOCK_PATIENCE_SECONDS, Stop, run_child, say_ready
from wardkeep.app.digesting import digesting
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.retention_round import STOPPED
from wardkeep.app.site_keys import open_keys
from wardkeep.chart import replay
from wardkeep.copies.errors import FollowerEventError
from wardkeep.copies.events import PART as COPIES
from wardkeep.copies.events import decode as decode_copies
from wardkeep.copies.state import never_given
from wardkeep.hospital.site import Site
from wardkeep.ledger import retention, witness
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.ledger.errors import CarriedChartsLostError, KeyMissingError, LedgerFaultError
from wardkeep.ledger.retention import Retention
from wardkeep.ledger.witness import PeriodErased

NOT_CARRIED = "charts-not-carried"
CARRIED_GONE = "carried-charts-gone"
_BATCH = 1_000
_STAND_INS = frozenset({Kind.LEFT_OUT, Kind.UNREADABLE})
# A third of a core's time beside a process that has none (sched(7): each step is a factor of
# 1.25): charts go on in a flood, bundles came 7 % faster (docs/benchmarks.md, FHIR intake).
_NICE = 5
_IDLE_SECONDS = 0.05
# How long folding goes on before views are made and all is committed: short when the feed is
# live, so that a message is on the screens within a second, long when a queue is caught up,
# since a view costs as much as ten messages and most patients are in every window.
_SHORTEST, _LONGEST = 0.2, 20.0


class Chronicler:
    """Carries entries from the ledgers to the charts."""

    def __init__(
        self,
        charts: ChartSuccession,
        clinical: ClinicalLedger,
        operations: OperationsLedger,
        carrier: ChartCarrier,
        lock: WriterLock,
    ) -> None:
        """`lock` is held until `close`."""
        self._carrier = carrier
        self._retention = Retention()
        self._retention_heard = 0
        self.stopped = ""
        """Why days that are to be erased are not carried any more, empty while they are."""
        self.begun_anew = 0
        """How often charts were begun without what erased days had said."""
        self._charts, self._clinical, self._operations = charts, clinical, operations
        self._lock = lock
        self._erased = erased_through(operations)
        self._window = _SHORTEST

    @property
    def _follower(self) -> ChartFollower:
        return self._charts.follower

    def step(self, stopping: Callable[[], bool] = lambda: False) -> bool:
        """Fold what is there, for a while, and commit; return whether more is waiting.

        When `stopping` says so in between, nothing is committed: it is folded again next time.
        Raises StoreFailedError where the disk takes nothing more or fails again and again.
        """
        try:
            return self._step(stopping)
        except ChartsDamagedError as fault:
            said = f"wardkeep: {fault}; the charts are made anew from the ledger"
            print(said, file=sys.stderr, flush=True)  # noqa: T201  # the log
            self._charts.renew()
            return True

    def _step(self, stopping: Callable[[], bool]) -> bool:
        until = steady() + self._window
        while entries := self._clinical.after(self._follower.cursor, _BATCH):
            self._note_what_lacks(entries)
            self._follower.fold(entries)
            if stopping():
                return True
            if steady() >= until:
                break
        if not entries:
            self._hear_operations()
        self._follower.commit()
        if not entries:
            self._charts.caught_up()
            self._carry()
        self._window = min(_LONGEST, self._window * 2) if entries else _SHORTEST
        return bool(entries)

    def _note_what_lacks(self, entries: Sequence[Entry]) -> None:
        """Note in the charts that entries before `entries`, the next to fold, are not in them.

        Numbers may be left out between files, so only what was erased counts, and what a ledger
        does not begin with. An entry that is there and cannot be read is told by its own alarm.
        """
        cursor = self._follower.cursor
        there = (each.sequence for each in entries if each.kind not in _STAND_INS)
        begins = next(there, entries[-1].sequence + 1)
        lost = self._erased if cursor else self._begins() - 1
        if cursor < lost < begins:
            self._charts.note_lacking(lost)
            self.begun_anew += 1

    def _carry(self) -> None:
        """Carry some of a day that is ordered to be erased, while the feeds are quiet."""
        ordered = self._retention.ordered.get(CLINICAL)
        if ordered is None or ordered.through.sequence <= self._charts.carried:
            return
        through = ordered.through.sequence
        try:
            self._see_that_carrying_loses_nothing()
            if self._follower.cursor >= through and self._carrier.advance(
                self._clinical, through, self._charts.lacks
            ):
                self._carrier.settle(self._charts, through, now())
        except (
            CarriedChartsLostError,
            ChartsDamagedError,
            KeyMissingError,
            LedgerFaultError,
        ) as fault:
            print(fault.diagnostics(), file=sys.stderr, flush=True)  # noqa: T201  # the log
            # Said once: nothing more is erased until this process is started again.
            self._retention = Retention()
            self.stopped = str(fault)

    def _see_that_carrying_loses_nothing(self) -> None:
        """Raise CarriedChartsLostError where charts begun anew would know less than these.

        What they let go of, these let go of too: everybody of whom only erased days spoke.
        """
        first = self._begins()
        if first == 1 or self._charts.lacks:
            return
        carried = self._charts.carried_upto
        if carried == 0 or carried < self._erased < first:
            raise CarriedChartsLostError("carried.db is gone or too old: days are erased")

    def lacks_erased(self) -> int:
        """Return up to which entry the charts lack what was erased, 0 while they are whole."""
        return self._charts.lacks

    def only_these_know(self) -> bool:
        """Whether whole charts alone hold what erased days had said: nothing carries it."""
        try:
            first = self._begins()
        except (KeyMissingError, LedgerFaultError):
            return False  # told elsewhere: nobody knows then what is erased
        whole = not self._charts.lacks and self._follower.cursor >= first - 1
        return first > 1 and whole and not self._charts.has_carried

    def _begins(self) -> int:
        """Return the first entry that was not erased, as the ledger's oldest file says.

        Where that cannot be opened, as the operations ledger says. 1 where this box or one
        before it went on with an empty ledger: the numbers before were left out, not erased.
        """
        first = self._clinical.first_sequence() or self._erased + 1
        return 1 if 1 < first <= left_out_at_start(self._operations) + 1 else first

    def close(self) -> None:
        """Close the store and the ledgers."""
        self._carrier.close()
        self._charts.close()
        self._clinical.close()
        self._operations.close()
        self._lock.release()

    def _hear_operations(self) -> None:
        try:
            newest = self._operations.last_sequence()
        except (KeyMissingError, LedgerFaultError):
            return  # what was asked there is heard when a new file goes on behind it
        if newest > self._retention_heard:
            self._hear_retention()
            self._see_what_was_left_out()
            self._retention_heard = newest
        if newest <= self._follower.operations:
            return
        for _, event in self._operations.after(self._follower.operations, replay.PART):
            asked = replay.from_event(event)
            held = self._follower.held(asked.sequence) if asked else None
            entry = self._clinical.entry(held.sequence) if held else None
            if held is not None and entry is not None:
                self._follower.replay(entry, held)
        self._follower.operations = newest

    def _see_what_was_left_out(self) -> None:
        """Take back that charts lack numbers which nobody gave out.

        A copy may have the numbers before it has the entry that says so.
        """
        if 0 < self._charts.lacks <= left_out_at_start(self._operations):
            self._charts.note_lacking(0)
            self.begun_anew += 1

    def _hear_retention(self) -> None:
        for _, event in self._operations.after(self._retention_heard, retention.PART):
            said = retention.from_event(event)
            if said is not None:
                self._retention = retention.evolve(self._retention, said)


def erased_through(operations: OperationsLedger) -> int:
    """Return the last entry of the clinical ledger that was erased, 0 where nobody knows."""
    try:
        found = operations.after(0, witness.ERASURES)
    except (KeyMissingError, LedgerFaultError):
        return 0
    said = (witness.from_event(event) for _, event in found)
    erased = (each.through for each in said if isinstance(each, PeriodErased))
    return max((head.sequence for head in erased if head.ledger == CLINICAL), default=0)


def left_out_at_start(operations: OperationsLedger) -> int:
    """Return up to where the clinical ledger never had an entry, 0 where nobody knows."""
    try:
        found = [event for _, event in operations.after(0, COPIES)]
        return never_given((decode_copies(event.body) for event in found), CLINICAL)
    except (KeyMissingError, LedgerFaultError, FollowerEventError):
        return 0


def first_given(clinical: ClinicalLedger, operations: OperationsLedger) -> int:
    """Return the first entry that the ledger can still give, 1 while it is empty.

    Or the one before it, where that stands for what cannot be opened. Whatever lies before is
    known to the old charts alone, be it erased (`Chronicler._begins`) or damaged.
    """
    first = next((entry.sequence for entry in clinical.after(0, 1)), 1)
    return 1 if 1 < first <= left_out_at_start(operations) + 1 else first


def open_chronicler(folder: HospitalFolder, site: Site) -> Chronicler:
    """Open the chart store of a folder to follow its ledgers; one process at a time may.

    Two that folded at once would write over each other's records. Raises StoreLockedError,
    KeyMissingError.
    """
    ring = open_keys(folder)
    lock = WriterLock(folder.charts_lock, LOCK_PATIENCE_SECONDS)
    clinical = ClinicalLedger(folder.clinical, ring)
    operations = read_operations(folder.operations, ring)
    charts = folder.chart_database
    first = partial(first_given, clinical, operations)
    return Chronicler(
        ChartSuccession(charts, ring, site, clinical.entry, first),
        clinical,
        operations,
        ChartCarrier(charts, ring, site, clinical.entry, digesting(folder, ring, site)),
        lock,
    )


def details(chronicler: Chronicler) -> dict[str, str | None]:
    """Return the words of each alarm of the charts, None for one that does not stand."""
    lacks = chronicler.lacks_erased()
    gone = "carried.db is gone or cannot be opened, the charts are whole: bring it back"
    return {
        NOT_CARRIED: f"the charts lack entries to {lacks}" if lacks else None,
        CARRIED_GONE: gone if chronicler.only_these_know() else None,
        STOPPED: chronicler.stopped or None,
    }


class ChartAlarms:
    """Keeps the alarms of the charts true: of erased days that they lack, or cannot carry."""

    def __init__(self, folder: HospitalFolder, chronicler: Chronicler) -> None:
        self._folder, self._chronicler = folder, chronicler
        self._told: dict[str, str | None] = {}
        self._seen: tuple[int, str] | None = None
        self.details: dict[str, str | None] = {}
        """The words of each alarm, None for one that does not stand."""

    def tell(self) -> None:
        """Raise and end what changed; what the writer did not hear is told at the next call."""
        seen = (self._chronicler.begun_anew, self._chronicler.stopped)
        if self._seen != seen:
            self._seen = seen
            try:
                self.details = details(self._chronicler)
            except ChartsDamagedError:
                # The next step makes the charts anew, or a restart does.
                self.details = {**self.details, STOPPED: self._chronicler.stopped or None}
        for code, detail in self.details.items():
            if code not in self._told or self._told[code] != detail:
                self._say(code, detail)

    def _say(self, code: str, detail: str | None) -> None:
        if detail is None:
            heard = clear_alarm(self._folder, code, "charts")
        else:
            heard = raise_alarm(self._folder, code, "charts", detail)
        if heard:
            self._told[code] = detail


async def follow(folder: HospitalFolder, site: Site, stop: Stop) -> None:
    """Follow the ledgers into the charts until `stop` is set: the body of the chart process."""
    # Where a flood wants every core, what comes is made durable first: pages say how far the
    # charts are, a sender that is not answered knows nothing.
    os.nice(_NICE)
    chronicler = open_chronicler(folder, site)
    # Records are many small objects without cycles: fewer collections fold a third faster.
    gc.set_threshold(200_000, 50, 100)
    gc.freeze()
    say_ready()
    alarms = ChartAlarms(folder, chronicler)
    while not stop.is_set():
        await asyncio.to_thread(alarms.tell)
        # A step keeps the loop's thread busy: it runs beside it, so that SIGTERM is heard.
        if not await asyncio.to_thread(chronicler.step, stop.is_set):
            try:
                async with asyncio.timeout(_IDLE_SECONDS):
                    await stop.wait()
            except TimeoutError:
                continue
    chronicler.close()


if __name__ == "__main__":
    sys.exit(run_child(follow))
