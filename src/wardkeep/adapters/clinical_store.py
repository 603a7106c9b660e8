"""The clinical ledger on disk: every message as it came, once, in order, one file a day.

Keeps: one commit per `append`; a repeat (same feed, MSH-3, MSH-4, MSH-10 and bytes within the
horizon) is not stored again; the same identifiers with other bytes are stored and flagged;
entries with an empty MSH-10 are never taken for repeats.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import apsw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.adapters.chained_file import TRAILING, Row, Seal, seal_of, start_of
from wardkeep.adapters.clinical_days import ClinicalDays
from wardkeep.adapters.encrypted_database import Cipher
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import LedgerFolder, by_day, files_of
from wardkeep.adapters.ledger_reader import LEFT_OUT, LedgerReader
from wardkeep.adapters.trailing_index import Waiting
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.arrival import Appended, Arrival, Entry, Kind, Verdict
from wardkeep.ledger.chain import link
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import decode_clinical, encode_clinical
from wardkeep.ledger.errors import LedgerFaultError, StoreFailedError
from wardkeep.ledger.repeats import fingerprint_of, mark_of, sender_of

CLINICAL = "clinical"
_SEAL_EVERY = SECOND
# A hospital has some hundred senders; a sender that invents names must not fill the memory.
_SENDERS_KEPT = 4_096


class ClinicalStore:
    """The one writer of the clinical ledger (port: ledger.arrival.ClinicalWriter).

    `given_out` is the newest head of this ledger that another ledger holds (see LedgerFolder).
    `witnesses` are the heads of the other ledgers, put into each checkpoint.
    """

    def __init__(
        self,
        folder: Path,
        ring: KeyRing,
        *,
        cipher: Cipher = "aegis",
        horizon_days: int = 7,
        given_out: Head | None = None,
    ) -> None:
        # First: where the site's own key does not open, no file may be taken for damaged.
        self._signing = ring.signing_key()
        begin = given_out or start_of(CLINICAL)
        self._ledger = LedgerFolder(folder, ring, by_day, cipher, begin, TRAILING)
        self._days = ClinicalDays(files_of(folder), ring, horizon_days)
        self._senders: dict[tuple[str, bytes, bytes], int] = {}
        # Nothing counts as signed: one that was killed may have left its last second unsigned.
        self._sealed, self._sealed_at = 0, 0
        self._failed = False
        """The last commit failed, and may stand all the same."""
        self.witnesses: tuple[Head, ...] = ()

    @property
    def last(self) -> Head:
        """The head after the newest entry."""
        return self._ledger.last

    @property
    def lost(self) -> int:
        """How many of the newest entries that were given out are not there any more."""
        return self._ledger.lost

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        """Make all arrivals durable in one commit (see ledger.arrival.ClinicalWriter)."""
        if not arrivals:
            return []
        try:
            return self._append(arrivals)
        except (apsw.Error, OSError) as fault:
            raise StoreFailedError(f"the clinical ledger: {fault}") from fault

    def sign_with(self, key: Ed25519PrivateKey) -> None:
        """Sign with another key from now on: the site's own was handed over."""
        self._signing = key

    def go_on(self, now: int) -> None:
        """Begin a new file at once where the newest is damaged: readers wait for one.

        Raises StoreFailedError.
        """
        if self._ledger.is_left:
            self._turn(now)

    def seal(self, at: int) -> None:
        """Sign the present head if entries came since the last checkpoint."""
        if self._ledger.is_begun and self._sealed < self.last.sequence:
            seal = seal_of(self._signing, self.last, at, self.witnesses)
            self._ledger.append((), seal)
            self._sealed, self._sealed_at = self.last.sequence, at

    def seal_again(self, at: int) -> bool:
        """Sign the present head anew with the witnesses of now; False where there is none."""
        if not self._ledger.is_begun or not self.last.sequence:
            return False
        self._ledger.append((), seal_of(self._signing, self.last, at, self.witnesses))
        self._sealed, self._sealed_at = self.last.sequence, at
        return True

    def close(self, at: int) -> None:
        """Sign the head and close all files."""
        self.seal(at)
        self._days.close()
        self._ledger.close()

    def _append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        now = arrivals[0].received
        if self._ledger.would_turn(now):
            self._turn(now)
        self._follow()
        if self._failed:
            self._days.settle()
            self._failed = False
        batch = _Batch(self._ledger.onward, self._days)
        answers = [batch.take(arrival, self._sender(arrival)) for arrival in arrivals]
        if batch.rows:
            seal = self._due_seal(batch.last, now)
            # Marks first: one too many costs a look, one too few would store a repeat.
            self._days.mark(batch.marks)
            self._store(batch, seal)
            if seal is not None:
                self._sealed, self._sealed_at = batch.last.sequence, now
        return answers

    def _store(self, batch: _Batch, seal: Seal | None) -> None:
        try:
            filed = self._ledger.append(batch.rows, seal, batch.named)
        except StoreFailedError:
            self._failed = True
            raise
        self._days.add(batch.named)
        if filed:
            self._days.filed()

    def _turn(self, now: int) -> None:
        # The closing day is signed to its last entry before the next one begins.
        self.seal(now)
        self._ledger.turn(now)

    def _follow(self) -> None:
        """Let the days ask the file that is written to, also where that failed before."""
        path = self._ledger.path
        if path is not None and not self._days.writes_to(path):
            self._days.begin(path)

    def _sender(self, arrival: Arrival) -> int:
        names = (arrival.feed, arrival.application, arrival.facility)
        sender = self._senders.get(names)
        if sender is None:
            if len(self._senders) >= _SENDERS_KEPT:
                self._senders.clear()
            sender = self._senders[names] = sender_of(*names)
        return sender

    def _due_seal(self, head: Head, now: int) -> Seal | None:
        if 0 <= now - self._sealed_at < _SEAL_EVERY:
            return None
        return seal_of(self._signing, head, now, self.witnesses)


class _Batch:
    """The arrivals of one commit: what is new becomes rows, what is not finds its answer."""

    def __init__(self, last: Head, days: ClinicalDays) -> None:
        self._days = days
        self._sequence, self._head = last.sequence, last.head
        self._used: dict[tuple[int, bytes], dict[int, list[tuple[Arrival, Appended]]]] = {}
        self.rows: list[Row] = []
        self.named: list[Waiting] = []
        self.marks: list[int] = []

    @property
    def last(self) -> Head:
        """The head after the batch."""
        return Head(CLINICAL, self._sequence, self._head)

    def take(self, arrival: Arrival, sender: int) -> Appended:
        """Take one arrival in and return its answer, true once the batch is durable."""
        control = arrival.control
        if not control:
            return self._keep(arrival, (sender, None, 0), reused=False)
        fingerprint = fingerprint_of(arrival.body)
        used = self._used.setdefault((sender, control), {})
        for earlier, answer in used.get(fingerprint, ()):
            if earlier.body == arrival.body:
                return Appended(answer.sequence, answer.received, Verdict.REPEATED)
        mark = mark_of(sender, control)
        known = self._days.known(arrival, sender, mark)
        if known is not None and known.first is not None:
            return Appended(known.first.sequence, known.first.received, Verdict.REPEATED)
        reused = known is not None or bool(used)
        answer = self._keep(arrival, (sender, control, fingerprint), reused=reused)
        used.setdefault(fingerprint, []).append((arrival, answer))
        self.marks.append(mark)
        return answer

    def _keep(
        self, arrival: Arrival, found_by: tuple[int, bytes | None, int], *, reused: bool
    ) -> Appended:
        sender, name, fingerprint = found_by
        payload = encode_clinical(arrival, id_reused=reused)
        self._sequence += 1
        self._head = link(self._head, self._sequence, payload)
        self.rows.append((self._sequence, name, sender, fingerprint, payload, self._head))
        if name is not None:
            self.named.append((name, sender, fingerprint, self._sequence))
        verdict = Verdict.ID_REUSED if reused else Verdict.NEW
        return Appended(self._sequence, arrival.received, verdict)


class ClinicalLedger:
    """Reads the clinical ledger by cursor (port: ledger.arrival.ClinicalReader).

    Where entries cannot be read from the disk any more, one of Kind.UNREADABLE stands for them.
    """

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._reader = LedgerReader(folder, ring)

    def after(self, sequence: int, limit: int) -> list[Entry]:
        """Return up to `limit` entries following `sequence`, in order; fewer of large ones."""
        return [_entry(s, p) for s, p in self._reader.after(sequence, limit)]

    def entry(self, sequence: int) -> Entry | None:
        """Return one entry, or None when it is not kept or cannot be read (any more)."""
        payload = self._reader.payload(sequence)
        return None if payload is None else decode_clinical(sequence, payload)

    def first_sequence(self) -> int:
        """Return the first entry that was not erased, 0 where its file cannot be opened."""
        return self._reader.first_sequence()

    def last_sequence(self) -> int:
        """Return the sequence of the newest entry, 0 if there is none."""
        return self._reader.last_sequence()

    def close(self) -> None:
        """Close all files."""
        self._reader.close()


def _entry(sequence: int, payload: bytes | None) -> Entry:
    if payload == LEFT_OUT:
        return Entry(sequence, "", 0, Kind.LEFT_OUT, b"", b"", b"", b"", id_reused=False)
    why = "entries up to here cannot be read from the disk: run `wardkeep verify`"
    if payload is not None:
        try:
            return decode_clinical(sequence, payload)
        except LedgerFaultError as fault:
            why = str(fault)
    return Entry(sequence, "", 0, Kind.UNREADABLE, b"", b"", b"", why.encode(), id_reused=False)
