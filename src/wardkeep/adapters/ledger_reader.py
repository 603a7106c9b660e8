"""Reads a ledger by cursor, also while another process writes it.

What cannot be read from the disk does not stop what can: it shows as a hole, and the cursor
goes on behind it.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import apsw
import msgspec

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of, taken_over
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError

_LOG = logging.getLogger(__name__)
_QUERY = "select sequence, payload from entry where sequence > ? order by sequence limit ?"
# Operations and access have 0 in both: named here, the index gives the entries of a name in
# their order. Without it ten million were sorted, or read backwards, for the newest one.
_NAMED = "select sequence, payload from entry where name = ? and sender = 0 and fingerprint = 0"
_NAMED_QUERY = f"{_NAMED} and sequence > ? order by sequence limit ?"
_NEWEST_NAMED = f"{_NAMED} order by sequence desc limit 1"
BYTES_AT_ONCE = 32 * 1024 * 1024
"""Messages may have 64 MB: a thousand of them must not be in memory at once."""
Found = tuple[int, bytes | None]
"""Sequence and payload; None where all back to the entry before is unreadable."""
LEFT_OUT = b""
"""Stands for numbers that were left out when another box went on with the ledger."""


class _Opened(msgspec.Struct, frozen=True):
    path: Path
    first: int
    connection: apsw.Connection


class LedgerReader:
    """Reads across the files of a ledger; safe between threads.

    Every method raises LedgerFaultError or KeyMissingError where the newest file is unreadable.
    """

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._folder, self._ring = folder, ring
        self._files: list[_Opened] = []
        self._shut: set[Path] = set()
        self._guard = threading.Lock()

    def after(self, sequence: int, limit: int, name: bytes | None = None) -> list[Found]:
        """Return up to `limit` entries following `sequence`, those of one `name` if given.

        Fewer where they are large: after BYTES_AT_ONCE no more are begun.
        """
        found: list[Found] = []
        room = BYTES_AT_ONCE
        with self._guard:
            for file in self._from(sequence + 1):
                if name is None and file.first > sequence + 1:
                    found += self._lacking(file, sequence)
                some = _rows(file.connection, sequence, limit - len(found), name, room)
                found += some
                room -= _size(some)
                if len(found) >= limit or room <= 0:
                    break
                sequence = max(sequence, _newest(file))
        return found

    def payload(self, sequence: int) -> bytes | None:
        """Return one entry's payload, None when it is not kept or not readable (any more)."""
        rows = self.after(sequence - 1, 1)
        return rows[0][1] or None if rows and rows[0][0] == sequence else None

    def newest(self, name: bytes) -> bytes | None:
        """Return the payload of the newest entry of a name, None if there is none."""
        with self._guard:
            self._discover()
            for file in reversed(self._files):
                row = _ask(file.connection, _NEWEST_NAMED, name)
                if isinstance(row, tuple):
                    return bytes(row[1])
        return None

    def first_sequence(self) -> int:
        """Return what the oldest file begins with, readable or not; 1 if there is no file.

        0 where the oldest file cannot be opened: then nobody can tell.
        """
        with self._guard:
            self._discover()
            if not self._files:
                return 1
            oldest = self._files[0]
            older = (path for path in self._shut if path.stem < oldest.path.stem)
            return 0 if any(path.exists() for path in older) else oldest.first

    def last_sequence(self) -> int:
        """Return the sequence of the newest entry, 0 if there is none."""
        with self._guard:
            self._discover()
            return _newest(self._files[-1]) if self._files else 0

    def shut(self) -> list[str]:
        """Return the names of files that cannot be opened: what they hold is not read."""
        with self._guard:
            self._discover()
            return sorted(path.name for path in self._shut if path.exists())

    def close(self) -> None:
        """Close all files."""
        with self._guard:
            for file in self._files:
                file.connection.close()
            self._files.clear()

    def _lacking(self, file: _Opened, sequence: int) -> list[Found]:
        """Return what stands for the entries between `sequence` and a file."""
        if taken_over(file.path).exists():
            return [(file.first - 1, LEFT_OUT)]
        return [(file.first - 1, None)] if sequence > 0 or self._shut else []

    def _from(self, sequence: int) -> list[_Opened]:
        self._discover()
        begin = 0
        for place, file in enumerate(self._files):
            if file.first <= sequence:
                begin = place
        return self._files[begin:]

    def _close_erased(self, there: set[Path]) -> None:
        """Let go of files that are gone: whoever erased them meant that nobody reads them."""
        gone = [file for file in self._files if file.path not in there]
        for file in gone:
            file.connection.close()
            self._files.remove(file)

    def _discover(self) -> None:
        known = {file.path for file in self._files} | self._shut
        paths = files_of(self._folder)
        self._close_erased(set(paths))
        for path in paths:
            if path in known:
                continue
            try:
                self._files.append(_open(path, self._ring))
            except (LedgerFaultError, KeyMissingError) as fault:
                if path == paths[-1]:
                    raise
                _LOG.error("%s; what follows it is read", fault)
                self._shut.add(path)
        self._files.sort(key=lambda file: (file.first, file.path))


def _open(path: Path, ring: KeyRing) -> _Opened:
    connection = encrypted_database.open_for_reading(path, ring.open_key(key_path(path)))
    first = _ask(connection, "select first from beginning")
    if not isinstance(first, int):
        raise LedgerFaultError(f"{path.name} does not say what it begins with")
    return _Opened(path, first, connection)


def _rows(
    connection: apsw.Connection, sequence: int, limit: int, name: bytes | None, room: int
) -> list[Found]:
    query = _QUERY if name is None else _NAMED_QUERY
    values = (sequence, limit) if name is None else (name, sequence, limit)
    cursor = connection.cursor()
    try:
        return _some(cursor.execute(query, values), room)
    except apsw.Error:
        upto = min(sequence + limit, _newest_of(connection))
        return _some(_by_key(connection, range(sequence + 1, upto + 1), name), room)
    finally:
        cursor.close(True)  # noqa: FBT003  # apsw's own signature: rows left over are meant


def _some(rows: Iterable[Any], room: int) -> list[Found]:
    """Return rows until they hold `room` bytes."""
    found: list[Found] = []
    size = 0
    for row in rows:
        found.append(row)
        size += len(row[1] or b"")
        if size >= room:
            break
    return found


def _size(found: list[Found]) -> int:
    return sum(len(payload or b"") for _, payload in found)


def _by_key(
    connection: apsw.Connection, sequences: range, name: bytes | None
) -> Iterator[Found]:
    query = "select name, payload from entry where sequence = ?"
    for sequence in sequences:
        try:
            row = connection.execute(query, (sequence,)).fetchone()
        except apsw.Error:
            yield sequence, None
            continue
        if row is not None and name in {None, row[0]}:
            yield sequence, bytes(row[1])


def _newest(file: _Opened) -> int:
    return max(file.first - 1, _newest_of(file.connection))


def _newest_of(connection: apsw.Connection) -> int:
    """Return the newest sequence of a file; where its last page is damaged, the last signed."""
    try:
        newest = _ask(connection, "select max(sequence) from entry")
    except LedgerFaultError:
        newest = _ask(connection, "select max(sequence) from checkpoint")
    return newest if isinstance(newest, int) else 0


def _ask(connection: apsw.Connection, query: str, *values: bytes) -> object:
    try:
        return connection.execute(query, values).get
    except apsw.Error as fault:
        raise LedgerFaultError(f"a ledger's file: {fault}") from fault
