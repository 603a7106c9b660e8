"""The operations and access ledgers on disk: what is decided and done, and who looked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Generic, TypeVar

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.adapters.chained_file import seal_of, start_of
from wardkeep.adapters.encrypted_database import Cipher
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import LedgerFolder, by_month, never
from wardkeep.adapters.ledger_reader import LedgerReader
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

    @property
    def lost(self) -> int:
        """How many of the newest entries that were given out are not there any more."""
        return self._ledger.lost

    def append(self, entries: Sequence[T]) -> int:
        """Make entries durable in one commit and return the last sequence.

        Raises StoreFailedError: then none is stored.
        """
        if not entries:
            return self.last.sequence
        if self._ledger.would_turn(entries[0].at):
            self._ledger.turn(entries[0].at)
        last, rows = self._ledger.onward, []
        for entry in entries:
            name, payload = _encoded(entry)
            head = link(last.head, last.sequence + 1, payload)
            last = Head(last.ledger, last.sequence + 1, head)
            rows.append((last.sequence, name, 0, 0, payload, head))
        seal = seal_of(self._signing, last, entries[-1].at, self.witnesses)
        self._ledger.append(rows, seal)
        return last.sequence

    def sign_with(self, key: Ed25519PrivateKey) -> None:
        """Sign with another key from now on: the site's own was handed over."""
        self._signing = key

    def seal_again(self, at: int) -> bool:
        """Sign the present head anew with the witnesses of now; False where there is none."""
        if not self._ledger.is_begun or not self.last.sequence:
            return False
        self._ledger.append((), seal_of(self._signing, self.last, at, self.witnesses))
        return True

    def go_on(self, now: int) -> None:
        """Begin a new file at once where the newest is damaged: readers wait for one.

        Raises StoreFailedError.
        """
        if self._ledger.is_left:
            self._ledger.turn(now)

    def close(self) -> None:
        """Close the file."""
        self._ledger.close()


def open_operations(
    folder: Path, ring: KeyRing, cipher: Cipher = "aegis", given_out: Head | None = None
) -> EventStore[OperationsEvent]:
    """Open the operations ledger to append; the caller holds the writer's lock."""
    begin = given_out or start_of(OPERATIONS)
    return EventStore(LedgerFolder(folder, ring, never, cipher, begin), ring)


def open_access(
    folder: Path, ring: KeyRing, cipher: Cipher = "aegis", given_out: Head | None = None
) -> EventStore[LookEntry]:
    """Open the access ledger to append; the caller holds the writer's lock."""
    begin = given_out or start_of(ACCESS)
    return EventStore(LedgerFolder(folder, ring, by_month, cipher, begin), ring)


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

        No answer means that there are no more. What cannot be read from the disk is left out
        (`wardkeep verify` names it).
        """
        name = None if part is None else part.encode()
        rows = self._reader.after(sequence, limit, name)
        return [(s, decode_operations(s, p)) for s, p in rows if p]

    def before(self, at: int) -> int:
        """Return the sequence of the last event written before `at` (UTC µs), 0 for none.

        Where clocks were put back it is one of them. What cannot be read counts as written
        later: whoever reads on from here reads too much then, and not too little.
        """
        low, high = 0, self.last_sequence()
        while low < high:
            middle = (low + high) // 2
            found = self.after(middle, limit=1)
            if found and found[0][1].at < at:
                low = min(found[0][0], high)
            else:
                high = middle
        return low

    def newest(self, part: str) -> OperationsEvent | None:
        """Return the newest event of a part, None if there is none."""
        payload = self._reader.newest(part.encode())
        return None if payload is None else decode_operations(0, payload)

    def last_sequence(self) -> int:
        """Return the sequence of the newest event, 0 if there is none."""
        return self._reader.last_sequence()

    def shut(self) -> list[str]:
        """Return the names of files that cannot be opened: what they hold is not read."""
        return self._reader.shut()

    def close(self) -> None:
        """Close the file."""
        self._reader.close()


class AccessLedger:
    """Reads looks backwards, the newest first."""

    def __init__(self, reader: LedgerReader) -> None:
        self._reader = reader

    def before(self, sequence: int, limit: int) -> tuple[list[LookEntry], int]:
        """Return up to `limit` looks before entry `sequence` (0: the newest), newest first.

        The second value is the entry before which to ask on, 0 when there are no more. What
        cannot be read from the disk is left out (`wardkeep verify` names it).
        """
        end = sequence or self._reader.last_sequence() + 1
        begin = max(end - limit, 1)
        found = self._reader.after(begin - 1, end - begin)
        looks = [decode_look(s, p) for s, p in found if p is not None and s < end]
        return looks[::-1], begin if begin > 1 else 0


def open_access_ledger(folder: Path, ring: KeyRing) -> AccessLedger:
    """Open the access ledger to read, also beside its writer."""
    return AccessLedger(LedgerReader(folder, ring))


def read_looks(folder: Path, ring: KeyRing, record: str | None = None) -> list[LookEntry]:
    """Return every look that is kept, oldest first, those at one record number if given."""
    reader = LedgerReader(folder, ring)
    name = None if record is None else record.encode()
    looks, cursor = [], 0
    while rows := reader.after(cursor, 10_000, name):
        looks += [decode_look(s, p) for s, p in rows if p]
        cursor = rows[-1][0]
    reader.close()
    return looks


def _encoded(entry: OperationsEvent | LookEntry) -> tuple[bytes, bytes]:
    """Return what an entry is found by and its payload."""
    if isinstance(entry, LookEntry):
        return entry.record.encode(), encode_look(entry)
    return entry.part.encode(), encode_operations(entry)
