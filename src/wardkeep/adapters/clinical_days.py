"""The days within the horizon of repeats: which of them holds a message already.

A day that cannot be read is not asked, and says so in the log: then a repeat from it is stored
again, which loses nothing.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import cast

import apsw

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import INDEXED, TRAILING, key_path
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import period_of
from wardkeep.adapters.trailing_index import Waiting, unfiled
from wardkeep.ledger.arrival import Arrival, Entry
from wardkeep.ledger.encoding import decode_clinical
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError, StoreFailedError
from wardkeep.ledger.repeats import SLOTS, SeenDays, fingerprint_of, mark_of

_LOG = logging.getLogger(__name__)
_SAME = {
    INDEXED: "select sequence from entry where name = ? and sender = ? and fingerprint = ?",
    TRAILING: "select sequence from seen where name = ? and sender = ? and fingerprint = ?",
}
_REUSED = {
    INDEXED: "select sequence from entry where name = ? and sender = ? limit 1",
    TRAILING: "select sequence from seen where name = ? and sender = ? limit 1",
}
_MARKS = {
    INDEXED: "select name, sender from entry indexed by seen where name is not null",
    TRAILING: "select name, sender from seen",
}


class Known:
    """What an earlier day knows of an arrival: its first copy, or that its name was used."""

    __slots__ = ("first", "reused")

    def __init__(self) -> None:
        self.first: Entry | None = None
        self.reused = False


class ClinicalDays:
    """The newest days of the ledger; the last one is written to.

    At start the marks of the days are read by a thread of their own; until then every day is
    asked for every message.
    """

    def __init__(self, paths: Sequence[Path], ring: KeyRing, horizon_days: int) -> None:
        self._ring, self._horizon = ring, horizon_days
        self._days: list[_Day] = []
        self._turns = 0
        recent = sorted({period_of(path) for path in paths})[-horizon_days - 1 :]
        for path in paths:
            if period_of(path) in recent:
                self._try(path)
        self._seen = SeenDays() if not self._days else None
        self._read: tuple[SeenDays, int] | None = None
        """What the thread read: the marks, and the slots of days whose marks it could not."""
        self._meanwhile: list[tuple[int, int]] = []
        self._unread = 0
        """The slots, as bits, of days whose marks could not be read: each is always asked."""
        self._closing = threading.Event()
        self._reader = threading.Thread(
            target=self._read_marks, args=(tuple(self._days),), daemon=True
        )
        self._reader.start()

    def writes_to(self, path: Path) -> bool:
        """Say whether the day in this file is the one that is written to."""
        return bool(self._days) and self._days[-1].path == path

    def begin(self, path: Path) -> None:
        """Take note that a day is written to; the oldest beyond the horizon is left.

        Raises StoreFailedError where it cannot be opened to be asked: without it a repeat
        would be stored again.
        """
        # First, so that the new day finds its slot of marks empty.
        while len({period_of(p) for p in (*(d.path for d in self._days), path)}) > (
            self._horizon + 1
        ):
            self._forget(self._days.pop(0))
        try:
            day = self._open(path)
            marks = list(day.marks())
        except (apsw.Error, KeyMissingError, LedgerFaultError) as fault:
            raise StoreFailedError(f"{path.name} cannot be read: {fault}") from fault
        self._days.append(day)
        self._remember(marks, day.slot)

    def _forget(self, gone: _Day) -> None:
        gone.connection.close()
        if any(day.slot == gone.slot for day in self._days):
            return
        self._unread &= ~(1 << gone.slot)
        if self._seen is not None:
            self._seen.forget(gone.slot)

    def mark(self, marks: Sequence[int]) -> None:
        """Remember that the last day may have these messages, whether or not it takes them."""
        self._remember(marks, self._days[-1].slot)

    def add(self, named: Sequence[Waiting]) -> None:
        """Remember messages that the last day has and its index does not have yet."""
        self._days[-1].note(named)

    def settle(self) -> None:
        """Read again what the last day's index lacks after a commit failed: it may stand.

        Raises StoreFailedError.
        """
        try:
            self._days[-1].read_tail_again()
        except apsw.Error as fault:
            raise StoreFailedError(f"the clinical ledger: {fault}") from fault

    def _remember(self, marks: Sequence[int], slot: int) -> None:
        if self._seen is None:
            self._meanwhile += [(mark, slot) for mark in marks]
            return
        for mark in marks:
            self._seen.add(mark, slot)

    def filed(self) -> None:
        """Take note that the last day's index has all of its messages."""
        self._days[-1].forget_tail()

    def known(self, arrival: Arrival, sender: int, mark: int) -> Known | None:
        """Return what the days know of an arrival's sender and MSH-10, None where nothing."""
        seen = self._seen or self._adopt()
        slots = seen.days(mark) | self._unread if seen is not None else -1
        if not slots:
            return None
        known = Known()
        for day in self._days:
            if slots >> day.slot & 1:
                self._ask(day, arrival, sender, known)
                if known.first is not None:
                    return known
        return known if known.reused else None

    def close(self) -> None:
        """Close all days."""
        self._closing.set()
        self._reader.join()
        for day in self._days:
            day.connection.close()

    def _try(self, path: Path) -> None:
        try:
            self._days.append(self._open(path))
        except (apsw.Error, KeyMissingError, LedgerFaultError) as fault:
            _LOG.error("repeats of this day are not seen: %s", fault)

    def _open(self, path: Path) -> _Day:
        key = self._ring.open_key(key_path(path))
        connection = encrypted_database.open_for_reading(path, key)
        try:
            day = _Day(path, key, connection, self._turns % SLOTS)
        except apsw.Error:
            connection.close()
            raise
        self._turns += 1
        return day

    def _ask(self, day: _Day, arrival: Arrival, sender: int, known: Known) -> None:
        try:
            known.first = day.first(arrival, sender)
            known.reused = known.reused or (known.first is None and day.used(arrival, sender))
        except (apsw.Error, LedgerFaultError) as fault:
            if not day.is_told:
                # Once: a busy feed would fill the log with it.
                day.is_told = True
                _LOG.error("%s cannot be asked for repeats: %s", day.path.name, fault)

    def _read_marks(self, days: Sequence[_Day]) -> None:
        seen, unread = SeenDays(), 0
        for day in days:
            try:
                for mark in day.marks():
                    seen.add(mark, day.slot)
                    if self._closing.is_set():
                        return
            except (apsw.Error, LedgerFaultError) as fault:
                _LOG.error("%s: every message is looked up: %s", day.path.name, fault)
                unread |= 1 << day.slot
        self._read = seen, unread

    def _adopt(self) -> SeenDays | None:
        if self._read is not None:
            self._seen, self._unread = self._read
            for mark, slot in self._meanwhile:
                self._seen.add(mark, slot)
            self._read, self._meanwhile = None, []
        return self._seen


class _Day:
    """One day's file, and what its index does not have yet."""

    def __init__(self, path: Path, key: bytes, connection: apsw.Connection, slot: int) -> None:
        self.path, self._key, self.connection, self.slot = path, key, connection, slot
        self._form = connection.execute("select format from beginning").get
        self._tail = unfiled(connection) if self._form == TRAILING else []
        self._by_name: dict[tuple[bytes, int], list[tuple[int, int]]] = {}
        self._noted = 0
        self.is_told = False
        # For the thread that reads marks: the tail itself changes under it.
        self._left = tuple(self._tail)

    def note(self, named: Sequence[Waiting]) -> None:
        self._tail += named

    def read_tail_again(self) -> None:
        if self._form == TRAILING:
            tail = unfiled(self.connection)
            self.forget_tail()
            self._tail = tail

    def forget_tail(self) -> None:
        self._tail.clear()
        self._by_name.clear()
        self._noted = 0

    def _later(self, name: bytes, sender: int) -> Sequence[tuple[int, int]]:
        """Return fingerprint and sequence of entries that the index does not have."""
        # Sorted in here, when somebody asks: repeats are rare, and every message would pay.
        for each, its_sender, fingerprint, sequence in self._tail[self._noted :]:
            self._by_name.setdefault((each, its_sender), []).append((fingerprint, sequence))
        self._noted = len(self._tail)
        return self._by_name.get((name, sender), ())

    def first(self, arrival: Arrival, sender: int) -> Entry | None:
        name, fingerprint = arrival.control, fingerprint_of(arrival.body)
        rows = self.connection.execute(_SAME[self._form], (name, sender, fingerprint))
        later = self._later(name, sender)
        sequences = [*_numbers(rows), *(s for f, s in later if f == fingerprint)]
        for entry in self._entries(sorted(sequences)):
            if entry.body == arrival.body and is_same_sender(arrival, entry):
                return entry
        return None

    def used(self, arrival: Arrival, sender: int) -> bool:
        name = arrival.control
        rows = self.connection.execute(_REUSED[self._form], (name, sender))
        later = self._later(name, sender)
        entries = self._entries([*_numbers(rows), *(s for _, s in later)])
        # A commit that failed may have left a number of the tail to another message.
        return any(
            entry.control == name and is_same_sender(arrival, entry) for entry in entries
        )

    def marks(self) -> Iterator[int]:
        connection = encrypted_database.open_for_reading(self.path, self._key)
        try:
            for name, sender in connection.execute(_MARKS[self._form]):
                yield mark_of(sender, name)
            for name, sender, *_ in self._left:
                yield mark_of(sender, name)
        finally:
            connection.close()

    def _entries(self, sequences: Iterable[int]) -> Iterator[Entry]:
        query = "select payload from entry where sequence = ?"
        for sequence in sequences:
            for (payload,) in self.connection.execute(query, (sequence,)):
                yield decode_clinical(sequence, payload)


def _numbers(rows: apsw.Cursor) -> list[int]:
    return [cast("int", row[0]) for row in rows]


def is_same_sender(arrival: Arrival, entry: Entry) -> bool:
    """Tell whether feed, MSH-3 and MSH-4 are the same, byte for byte."""
    return (
        entry.feed == arrival.feed
        and entry.application == arrival.application
        and entry.facility == arrival.facility
    )
