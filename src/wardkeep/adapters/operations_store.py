"""The operations and access ledgers on disk: what is decided and done, and who looked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Generic, TypeVar

from wardkeep.adapters.chained_file import seal_of
from wardkeep.adapters.encrypted_database import Cipher
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import LedgerFolder, LedgerReader, by_month, never
from wardkeep.ledger.chain import link
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import (
    LookEntry,
    OperationsEvent,
    decode_look,
    decode_operations,
    encode_look,
    encode_operations,
)

T = TypeVar("T", OperationsEvent, LookEntry)
OPERATIONS = "operations"
ACCESS = "access"


class EventStore(Generic[T]):
    """A ledger of small entries opened to append; every append is one signed commit."""

    def __init__(self, ledger: LedgerFolder, ring: KeyRing) -> None:
        self._ledger, self._signing = ledger, ring.signing_key()
        self.witnesses: tuple[Head, ...] = ()

    @property
    def last(self) -> Head:
        """The head after the newest entry."""
        return self._ledger.last

    def append(self, entries: Sequence[T]) -> int:
        """Make entries durable in one commit and return the last sequence.

        Raises StoreFailedError: then none is stored.
        """
        if not entries:
            return self.last.sequence
        file = self._ledger.file(entries[0].at)
        last, rows = file.last, []
        for entry in entries:
            payload = _payload(entry)
            head = link(last.head, last.sequence + 1, payload)
            last = Head(last.ledger, last.sequence + 1, head)
            rows.append((last.sequence, None, None, payload, head))
        file.append(rows, seal_of(self._signing, last, entries[-1].at, self.witnesses))
        return last.sequence

    def close(self) -> None:
        """Close the file."""
        self._ledger.close()


def open_operations(
    folder: Path, ring: KeyRing, cipher: Cipher = "aegis"
) -> EventStore[OperationsEvent]:
    """Open the operations ledger to append; the caller holds the writer's lock."""
    return EventStore(LedgerFolder(folder, OPERATIONS, ring, never, cipher), ring)


def open_access(folder: Path, ring: KeyRing, cipher: Cipher = "aegis") -> EventStore[LookEntry]:
    """Open the access ledger to append; the caller holds the writer's lock."""
    return EventStore(LedgerFolder(folder, ACCESS, ring, by_month, cipher), ring)


def read_operations(folder: Path, ring: KeyRing) -> OperationsLedger:
    """Open the operations ledger to read, also beside its writer."""
    return OperationsLedger(LedgerReader(folder, ring))


class OperationsLedger:
    """Reads operations by cursor."""

    def __init__(self, reader: LedgerReader) -> None:
        self._reader = reader

    def after(
        self, sequence: int, part: str | None = None, limit: int = 10_000
    ) -> list[tuple[int, OperationsEvent]]:
        """Return up to `limit` events following `sequence`, of one part if named.

        The cursor to go on from is the last of *all* rows read: use `last_sequence` when the
        answer is empty.
        """
        rows = ((s, decode_operations(s, p)) for s, p in self._reader.after(sequence, limit))
        return [(s, e) for s, e in rows if part is None or e.part == part]

    def last_sequence(self) -> int:
        """Return the sequence of the newest event, 0 if there is none."""
        return self._reader.last_sequence()

    def close(self) -> None:
        """Close the file."""
        self._reader.close()


def read_looks(folder: Path, ring: KeyRing) -> list[LookEntry]:
    """Return every look that is kept, oldest first."""
    reader = LedgerReader(folder, ring)
    looks, cursor = [], 0
    while rows := reader.after(cursor, 10_000):
        looks += [decode_look(s, p) for s, p in rows]
        cursor = rows[-1][0]
    reader.close()
    return looks


def _payload(entry: OperationsEvent | LookEntry) -> bytes:
    return encode_look(entry) if isinstance(entry, LookEntry) else encode_operations(entry)
