"""A ledger that another box writes, as this box holds it: same entries, same heads, own keys.

Rules: nothing is stored that does not follow from what is held, or that a checkpoint signed by
a pinned key contradicts; nothing held is ever overwritten; an entry is stored once, in one
commit with those that came with it. Whatever contradicts raises CopyContradictedError.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path

import apsw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wardkeep.adapters.chained_file import ChainedFile, Row, start_of
from wardkeep.adapters.encrypted_database import Cipher
from wardkeep.adapters.errors import CopyContradictedError, UnknownSignerError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.ledger import checkpoint
from wardkeep.ledger.chain import link
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import UNDECODABLE
from wardkeep.ledger.errors import LedgerFaultError, StoreFailedError
from wardkeep.ledger.found_by import FoundBy, of_payload
from wardkeep.ledger.loss import UNSEEN
from wardkeep.wire.copying import Chunk, FileStart, Seal

# Names of files come over the wire: nothing but a period may be made here.
_STEM = re.compile(r"(?:\d{4}-\d\d(?:-\d\d)?|operations)(?:\+\d\d)?")
_FORMS = {1, 2}
_SEALED = (
    "select coalesce((select max(sequence) from checkpoint), (select first - 1 from beginning))"
)
_NOWHERE: FoundBy = (None, 0, 0)


class CopiedLedger:
    """One ledger of another box, opened to append what arrives; the caller holds the lock.

    `signers` returns the believed keys of the boxes that sign it; it is asked again, with the
    payloads that came, for a checkpoint that none of them signed.
    """

    def __init__(
        self,
        folder: Path,
        ledger: str,
        ring: KeyRing,
        cipher: Cipher,
        signers: Callable[[Sequence[bytes]], Sequence[Ed25519PublicKey]],
    ) -> None:
        self._folder, self._ring, self._cipher = folder, ring, cipher
        self._ask_signers = signers
        self._signers = tuple(signers(()))
        self.last = start_of(ledger)
        self.sealed = 0
        """The newest checkpoint that is held, by sequence."""
        self.newest_seal: tuple[bytes, bytes] | None = None
        """The newest that came since this was opened: body and signature."""
        self._file: ChainedFile | None = None
        self._stem = ""
        if files := files_of(folder):
            self._go_on_in(files)

    def take(self, chunk: Chunk) -> int:
        """Verify rows and checkpoints, make them durable, return how many rows were new.

        Raises CopyContradictedError, UnknownSignerError, and StoreFailedError where the disk
        does not take them: then nothing of the chunk is stored.
        """
        if chunk.start is None or not (chunk.rows or chunk.seals):
            return 0
        last = self._begins(chunk.start) if chunk.start.stem != self._stem else self.last
        rows = self._followed(chunk, last)
        self._know_signers(chunk)
        heads = {row[0]: row[5] for row in rows}
        for seal in chunk.seals:
            self._check(seal, heads, last)
        if self._stem != chunk.start.stem:
            self._turn(chunk.start)
        self._append(rows, chunk.seals)
        return len(rows)

    def close(self) -> None:
        """Close the file."""
        if self._file is not None:
            self._file.close()

    def _append(self, rows: Sequence[Row], seals: Sequence[Seal]) -> None:
        if self._file is None:
            raise StoreFailedError("no file of this ledger was begun")
        named = [(name, sender, mark, s) for s, name, sender, mark, *_ in rows if name]
        self._file.append_sealed(rows, seals, named)
        if rows:
            self.last = Head(self.last.ledger, rows[-1][0], rows[-1][5])
        if seals:
            self.sealed, *newest = seals[-1]
            self.newest_seal = (newest[0], newest[1])

    def _begins(self, start: FileStart) -> Head:
        """Return the head that a new file goes on from."""
        if not _STEM.fullmatch(start.stem) or start.form not in _FORMS:
            raise CopyContradictedError(f"{start.stem!r} is no file of a ledger")
        if start.stem <= self._stem:
            raise CopyContradictedError(f"{start.stem} was sent after {self._stem}")
        begun = Head(self.last.ledger, start.first - 1, start.head)
        if not self._stem:
            return begun  # what the first erased before is not there to be copied
        if begun.sequence < self.last.sequence or (
            begun.sequence == self.last.sequence and begun.head != self.last.head
        ):
            raise CopyContradictedError(
                f"{start.stem} does not go on from entry {self.last.sequence}"
            )
        return begun

    def _followed(self, chunk: Chunk, last: Head) -> list[Row]:
        rows: list[Row] = []
        sequence, head = last.sequence, last.head
        for number, payload, its_head in chunk.rows:
            if number <= sequence:
                raise CopyContradictedError(f"entry {number} was sent after entry {sequence}")
            before: bytes | None = head
            if number != sequence + 1:
                before = self._behind_a_loss(number, sequence, head)
            if before is None and not chunk.broken and number - UNSEEN <= sequence + 1:
                raise CopyContradictedError(f"no entry was sent before entry {number}")
            if before is not None and link(before, number, payload) != its_head:
                what = f"entry {number} does not follow from what is held"
                raise CopyContradictedError(what)
            rows.append((number, *self._found_by(number, payload), payload, its_head))
            sequence, head = number, its_head
        return rows

    def _behind_a_loss(self, number: int, sequence: int, head: bytes) -> bytes | None:
        """Return the held head that an entry goes on from behind numbers that were left out.

        A box that lost its newest entries leaves out UNSEEN numbers behind the last it knows.
        """
        base = number - 1 - UNSEEN
        return head if base == sequence else self._held(base)

    def _found_by(self, sequence: int, payload: bytes) -> FoundBy:
        try:
            return of_payload(self.last.ledger, sequence, payload)
        except LedgerFaultError:
            return _NOWHERE  # of a later version, perhaps: kept as it came

    def _know_signers(self, chunk: Chunk) -> None:
        """See that believed keys signed every checkpoint; the first may have handed over."""
        unknown = [seal for seal in chunk.seals if not self._is_signed(seal)]
        if unknown:
            self._signers = tuple(self._ask_signers([row[1] for row in chunk.rows]))
        for seal in unknown:
            if not self._is_signed(seal):
                raise UnknownSignerError(f"checkpoint {seal[0]} is signed by no pinned key")

    def _is_signed(self, seal: Seal) -> bool:
        return checkpoint.is_signed_by_one(self._signers, seal[1], seal[2])

    def _check(self, seal: Seal, heads: dict[int, bytes], last: Head) -> None:
        sequence, body, _ = seal
        try:
            said = checkpoint.decode(body).head
        except UNDECODABLE as fault:
            raise CopyContradictedError(f"checkpoint {sequence} cannot be read") from fault
        held = heads.get(said.sequence)
        if held is None:
            held = last.head if said.sequence == last.sequence else self._held(said.sequence)
        if said.ledger != last.ledger or said.sequence != sequence:
            raise CopyContradictedError(f"checkpoint {sequence} is of another entry")
        if held is not None and held != said.head:
            raise CopyContradictedError(f"checkpoint {sequence} was signed over another head")

    def _held(self, sequence: int) -> bytes | None:
        if self._file is None:
            return None
        query = "select head from entry where sequence = ?"
        try:
            found = self._file.connection.execute(query, (sequence,)).fetchone()
        except apsw.Error as fault:
            raise StoreFailedError(f"the {self.last.ledger} ledger: {fault}") from fault
        return bytes(found[0]) if found else None

    def _turn(self, start: FileStart) -> None:
        path = self._folder / f"{start.stem}.db"
        begun = Head(self.last.ledger, start.first - 1, start.head)
        made = ChainedFile.create(path, self._ring, self._cipher, begun, start.form)
        if self._file is not None:
            self._file.close()
        self._file, self._stem, self.last = made, start.stem, begun

    def _go_on_in(self, files: Sequence[Path]) -> None:
        self._file = ChainedFile.open(files[-1], self._ring, start_of(self.last.ledger))
        self._stem, self.last = files[-1].stem, self._file.stored
        try:
            # Checkpoints of a file come before rows of the next: none is missing before it.
            found = self._file.connection.execute(_SEALED).get
        except apsw.Error as fault:
            raise StoreFailedError(f"{files[-1].name}: {fault}") from fault
        self.sealed = found if isinstance(found, int) else 0
