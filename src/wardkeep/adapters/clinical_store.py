"""The clinical ledger on disk: every message as it came, once, in order, one file a day.

Keeps: one commit per `append`; a repeat (same feed, MSH-3, MSH-4, MSH-10 and bytes within the
horizon) is not stored again; the same identifiers with other bytes are stored and flagged;
entries with an empty MSH-10 are never taken for repeats.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from pathlib import Path

import apsw

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import Row, key_path, seal_of
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import LedgerFolder, LedgerReader, by_day, files_of
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.arrival import Appended, Arrival, Entry, Verdict
from wardkeep.ledger.chain import link
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import decode_clinical, encode_clinical
from wardkeep.ledger.errors import StoreFailedError
from wardkeep.ledger.repeats import MaybeSeen, mark_of

CLINICAL = "clinical"
_SEAL_EVERY = SECOND
_CHUNK = 20_000


class _Day:
    """What a day's file has seen; until its marks are read, the file itself is asked."""

    def __init__(self, path: Path, key: bytes, *, new: bool) -> None:
        self.path = path
        self.connection = encrypted_database.open_for_reading(path, key)
        self._key = key
        self._seen = MaybeSeen() if new else None
        self._read: MaybeSeen | None = None
        self._pending: list[int] = []
        if not new:
            threading.Thread(target=self._read_marks, daemon=True, name=path.stem).start()

    def add(self, mark: int) -> None:
        if self._seen is not None:
            self._seen.add(mark)
        else:
            self._pending.append(mark)

    def maybe(self, mark: int) -> bool:
        if self._seen is None and self._read is not None:
            for pending in self._pending:
                self._read.add(pending)
            self._seen, self._pending = self._read, []
        return self._seen is None or mark in self._seen

    def same_identifiers(self, arrival: Arrival) -> list[Entry]:
        found = self.connection.execute(
            "select sequence, payload from entry where control = ? and feed = ?",
            (arrival.control, arrival.feed),
        )
        entries = (decode_clinical(s, p) for s, p in found)
        return [e for e in entries if _is_same_sender(arrival, e)]

    def _read_marks(self) -> None:
        seen = MaybeSeen()
        try:
            connection = encrypted_database.open_for_reading(self.path, self._key)
            rows = connection.execute(
                "select control, feed from entry indexed by seen where control is not null"
            )
            for control, feed in rows:
                seen.add(mark_of(feed, control))
            connection.close()
        except (StoreFailedError, apsw.Error):
            return  # the file goes on being asked
        self._read = seen


class ClinicalStore:
    """The one writer of the clinical ledger (port: ledger.arrival.ClinicalWriter).

    `witnesses` are the heads of the other ledgers, put into each checkpoint.
    """

    def __init__(
        self,
        folder: Path,
        ring: KeyRing,
        *,
        cipher: encrypted_database.Cipher = "aegis",
        horizon_days: int = 7,
    ) -> None:
        self._ledger = LedgerFolder(folder, CLINICAL, ring, by_day, cipher)
        self._ring, self._horizon = ring, horizon_days
        self._signing = ring.signing_key()
        self._days = [
            _Day(path, ring.open_key(key_path(path)), new=False)
            for path in files_of(folder)[-horizon_days - 1 :]
        ]
        self._sealed = self._ledger.last.sequence
        self._sealed_at = 0
        self.witnesses: tuple[Head, ...] = ()

    @property
    def last(self) -> Head:
        """The head after the newest entry."""
        return self._ledger.last

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        """Make all arrivals durable in one commit (see ledger.arrival.ClinicalWriter)."""
        if not arrivals:
            return []
        try:
            return self._append(arrivals)
        except (apsw.Error, OSError) as fault:
            raise StoreFailedError(f"the clinical ledger: {fault}") from fault

    def seal(self, at: int) -> None:
        """Sign the present head if entries came since the last checkpoint."""
        if self._sealed < self.last.sequence:
            file = self._ledger.file(0)
            file.append((), seal_of(self._signing, self.last, at, self.witnesses))
            self._sealed, self._sealed_at = self.last.sequence, at

    def close(self, at: int) -> None:
        """Sign the head and close all files."""
        self.seal(at)
        self._ledger.close()
        for day in self._days:
            day.connection.close()

    def _append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        now = arrivals[0].received
        if self._ledger.would_turn(now):
            self._turn(now)
        file = self._ledger.file(now)
        head, sequence = file.last.head, file.last.sequence
        answers: list[Appended] = []
        rows: list[Row] = []
        fresh: dict[tuple[str, bytes], list[Entry]] = {}
        marks: list[int] = []
        for arrival in arrivals:
            mark = mark_of(arrival.feed, arrival.control)
            known = self._known(arrival, mark, fresh) if arrival.control else []
            repeat = next((e for e in known if e.body == arrival.body), None)
            if repeat is not None:
                answers.append(Appended(repeat.sequence, repeat.received, Verdict.REPEATED))
                continue
            sequence += 1
            payload = encode_clinical(arrival, bool(known))
            head = link(head, sequence, payload)
            rows.append((sequence, arrival.control or None, arrival.feed, payload, head))
            if arrival.control:
                marks.append(mark)
                entry = _entry(sequence, arrival, id_reused=bool(known))
                fresh.setdefault((arrival.feed, arrival.control), []).append(entry)
            verdict = Verdict.ID_REUSED if known else Verdict.NEW
            answers.append(Appended(sequence, arrival.received, verdict))
        if rows:
            file.append(rows, self._due_seal(Head(CLINICAL, sequence, head), now))
            for mark in marks:
                self._days[-1].add(mark)
        return answers

    def _turn(self, now: int) -> None:
        # The closing day is signed to its last entry before the next one begins.
        if self._ledger.path is not None:
            self.seal(now)
        self._ledger.file(now)
        path = self._ledger.path
        if path is not None:
            self._days.append(_Day(path, self._ring.open_key(key_path(path)), new=True))
        while len(self._days) > self._horizon + 1:
            self._days.pop(0).connection.close()

    def _known(
        self, arrival: Arrival, mark: int, fresh: dict[tuple[str, bytes], list[Entry]]
    ) -> list[Entry]:
        known = [
            e
            for e in fresh.get((arrival.feed, arrival.control), ())
            if _is_same_sender(arrival, e)
        ]
        for day in self._days:
            if day.maybe(mark):
                known += day.same_identifiers(arrival)
        return known

    def _due_seal(self, head: Head, now: int) -> tuple[int, bytes, bytes] | None:
        if 0 <= now - self._sealed_at < _SEAL_EVERY:
            return None
        self._sealed, self._sealed_at = head.sequence, now
        return seal_of(self._signing, head, now, self.witnesses)


class ClinicalLedger:
    """Reads the clinical ledger by cursor (port: ledger.arrival.ClinicalReader)."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._reader = LedgerReader(folder, ring)

    def after(self, sequence: int, limit: int) -> list[Entry]:
        """Return up to `limit` entries following `sequence`, in order."""
        return [decode_clinical(s, p) for s, p in self._reader.after(sequence, limit)]

    def entry(self, sequence: int) -> Entry | None:
        """Return one entry, or None when it is not kept (any more)."""
        payload = self._reader.payload(sequence)
        return None if payload is None else decode_clinical(sequence, payload)

    def last_sequence(self) -> int:
        """Return the sequence of the newest entry, 0 if there is none."""
        return self._reader.last_sequence()

    def close(self) -> None:
        """Close all files."""
        self._reader.close()


def _is_same_sender(arrival: Arrival, entry: Entry) -> bool:
    return entry.application == arrival.application and entry.facility == arrival.facility


def _entry(sequence: int, arrival: Arrival, *, id_reused: bool) -> Entry:
    return Entry(
        sequence,
        arrival.feed,
        arrival.received,
        arrival.kind,
        arrival.application,
        arrival.facility,
        arrival.control,
        arrival.body,
        id_reused,
    )
