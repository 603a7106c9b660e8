"""Reads a ledger for whoever copies it: rows with their heads, checkpoints, files as they lie.

Reads beside the writer and changes nothing. What cannot be read from the disk is left out and
said so; the copy then holds what could be read.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError
from wardkeep.wire.copying import FileStart, Row, Seal

BYTES_AT_ONCE = 8 * 1024 * 1024
"""Rows of one answer: some 8,000 messages, a tenth of a second of work at either end."""
_ROWS = "select sequence, payload, head from entry where sequence > ? order by sequence limit ?"
_ROW = "select sequence, payload, head from entry where sequence = ?"
_SEALS = (
    "select sequence, body, signature from checkpoint where sequence > ? and sequence <= ?"
    " order by sequence limit ?"
)
_NEWEST = "select max(sequence) from entry"
# A checkpoint lies beside nearly each entry of the small ledgers.
_MOST_SEALS = 4_096


class Part(msgspec.Struct, frozen=True):
    """Rows and checkpoints of one file."""

    start: FileStart
    rows: tuple[Row, ...] = ()
    seals: tuple[Seal, ...] = ()
    broken: bool = False


class CopySource:
    """One ledger, read by cursor for one follower; not safe between threads."""

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._folder, self._ring = folder, ring
        self._files: dict[Path, tuple[FileStart, apsw.Connection]] = {}

    def newest(self) -> int:
        """Return the newest sequence, 0 if there is none; raises LedgerFaultError."""
        files = self._known()
        if not files:
            return 0
        start, connection = files[-1]
        return max(start.first - 1, _newest(connection))

    def after(self, sequence: int, sealed: int, most: int) -> Part | None:
        """Return what follows an entry and a checkpoint, None where nothing does.

        Checkpoints of a file come before rows of the next. Raises LedgerFaultError.
        """
        files = self._known()
        place = _holding(files, sequence)
        for start, connection in files[place:]:
            rows, broken = self._rows(connection, sequence, most)
            upto = rows[-1][0] if rows else sequence
            seals = _ask(connection, _SEALS, sealed, upto, _MOST_SEALS)
            if rows or seals:
                return Part(start, tuple(rows), tuple(seals), broken)
        return None

    def agrees(self, sequence: int, head: bytes) -> bool | None:
        """Tell whether an entry is held with a head; None where it is not held."""
        files = self._known()
        for start, connection in reversed(files):
            if start.first == sequence + 1:
                return start.head == head
            if start.first <= sequence:
                held = _ask(connection, _ROW, sequence)
                return bytes(held[0][2]) == head if held else None
        return None

    def close(self) -> None:
        """Close all files."""
        for _, connection in self._files.values():
            connection.close()
        self._files.clear()

    def _rows(
        self, connection: apsw.Connection, sequence: int, most: int
    ) -> tuple[list[Row], bool]:
        try:
            return _whole(connection.execute(_ROWS, (sequence, most))), False
        except apsw.Error:
            upto = min(sequence + most, _newest(connection))
            rows = _whole(_by_key(connection, range(sequence + 1, upto + 1)))
            return rows, True

    def _known(self) -> list[tuple[FileStart, apsw.Connection]]:
        for path in files_of(self._folder):
            if path not in self._files:
                # A file that is damaged whole: what the others hold is copied all the same.
                with contextlib.suppress(KeyMissingError, LedgerFaultError):
                    self._files[path] = _open(path, self._ring)
        gone = [path for path in self._files if not path.exists()]
        for path in gone:
            self._files.pop(path)[1].close()
        return [
            self._files[path]
            for path in sorted(self._files, key=lambda p: (self._files[p][0].first, p.stem))
        ]


def _open(path: Path, ring: KeyRing) -> tuple[FileStart, apsw.Connection]:
    connection = encrypted_database.open_for_reading(path, ring.open_key(key_path(path)))
    found = _ask(connection, "select first, head, format from beginning")
    if not found:
        raise LedgerFaultError(f"{path.name} does not say what it begins with")
    first, head, form = found[0]
    return FileStart(path.stem, first, head, form), connection


def _holding(files: list[tuple[FileStart, apsw.Connection]], sequence: int) -> int:
    """Return the place of the file that holds an entry, or of the first one."""
    found = [place for place, (start, _) in enumerate(files) if start.first <= sequence]
    return found[-1] if found else 0


def _whole(rows: Iterator[Any]) -> list[Row]:
    found: list[Row] = []
    room = BYTES_AT_ONCE
    for row in rows:
        found.append(row)
        room -= len(row[1])
        if room <= 0:
            break
    return found


def _by_key(connection: apsw.Connection, sequences: range) -> Iterator[Row]:
    for sequence in sequences:
        with contextlib.suppress(LedgerFaultError):
            yield from _ask(connection, _ROW, sequence)


def _newest(connection: apsw.Connection) -> int:
    try:
        found = _ask(connection, _NEWEST)
    except LedgerFaultError:
        found = _ask(connection, "select max(sequence) from checkpoint")
    return found[0][0] or 0


def _ask(connection: apsw.Connection, query: str, *values: int) -> list[Any]:
    try:
        return connection.execute(query, values).fetchall()
    except apsw.Error as fault:
        raise LedgerFaultError(f"a ledger's file: {fault}") from fault
