"""A ledger on disk: a folder of chained files, one a period, with one sequence through all.

Clinical rotates by day, access by month, operations never. The period only moves forward: a
clock that jumps back goes on in the file that is open.
"""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Callable
from pathlib import Path

import apsw

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import ChainedFile, key_path, start_of
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.errors import LedgerFaultError

Period = Callable[[int], str]


def by_day(at: int) -> str:
    """Return the UTC day of a time in microseconds, "2026-11-23"."""
    return dt.datetime.fromtimestamp(at // 1_000_000, dt.UTC).date().isoformat()


def by_month(at: int) -> str:
    """Return the UTC month of a time in microseconds, "2026-11"."""
    return by_day(at)[:7]


def never(_at: int) -> str:
    """Return the one name of a ledger that does not rotate."""
    return "operations"


def files_of(folder: Path) -> list[Path]:
    """Return the ledger's files in the order of their sequences."""
    return sorted(p for p in folder.glob("*.db") if not p.stem.endswith(".making"))


class LedgerFolder:
    """A ledger opened to append; the caller holds the writer's lock."""

    def __init__(
        self,
        folder: Path,
        ledger: str,
        ring: KeyRing,
        period: Period,
        cipher: encrypted_database.Cipher = "aegis",
    ) -> None:
        self._folder, self._ledger, self._ring = folder, ledger, ring
        self._period, self._cipher = period, cipher
        files = files_of(folder)
        self.path = files[-1] if files else None
        self._file = ChainedFile.open(files[-1], ring, ledger) if files else None

    @property
    def last(self) -> Head:
        """The head after the last entry of all."""
        return self._file.last if self._file else start_of(self._ledger)

    def would_turn(self, now: int) -> bool:
        """Tell whether the next `file` call would begin a new file."""
        return self.path is None or self._period(now) > self.path.stem

    def file(self, now: int) -> ChainedFile:
        """Return the file to append to at `now`, begun if its period is new."""
        if self._file is None or self.would_turn(now):
            path = self._folder / f"{self._period(now)}.db"
            new = ChainedFile.create(path, self._ring, self._cipher, self.last)
            if self._file is not None:
                self._file.close()
            self.path, self._file = path, new
        return self._file

    def close(self) -> None:
        """Close the open file."""
        if self._file is not None:
            self._file.close()


class LedgerReader:
    """Reads a ledger by cursor, also while another process writes it; safe between threads.

    Every method raises LedgerFaultError where a file cannot be read.
    """

    def __init__(self, folder: Path, ring: KeyRing) -> None:
        self._folder, self._ring = folder, ring
        self._files: list[tuple[int, Path, apsw.Connection]] = []
        self._guard = threading.Lock()

    def after(self, sequence: int, limit: int) -> list[tuple[int, bytes]]:
        """Return up to `limit` (sequence, payload) following `sequence`, across files."""
        rows: list[tuple[int, bytes]] = []
        with self._guard:
            for connection in self._from(sequence + 1):
                rows += self._rows(connection, sequence, limit - len(rows))
                if rows:
                    sequence = rows[-1][0]
                if len(rows) >= limit:
                    break
        return rows

    def payload(self, sequence: int) -> bytes | None:
        """Return one entry's payload, or None when it is not kept (any more)."""
        rows = self.after(sequence - 1, 1)
        return rows[0][1] if rows and rows[0][0] == sequence else None

    def last_sequence(self) -> int:
        """Return the sequence of the newest entry, 0 if there is none."""
        with self._guard:
            self._discover()
            for first, _, connection in reversed(self._files):
                newest = self._one(connection, "select max(sequence) from entry")
                return first - 1 if newest is None else newest
        return 0

    def close(self) -> None:
        """Close all files."""
        with self._guard:
            for _, _, connection in self._files:
                connection.close()
            self._files.clear()

    def _from(self, sequence: int) -> list[apsw.Connection]:
        self._discover()
        begin = 0
        for place, (first, _, _) in enumerate(self._files):
            if first <= sequence:
                begin = place
        return [connection for _, _, connection in self._files[begin:]]

    def _discover(self) -> None:
        known = {path for _, path, _ in self._files}
        for path in files_of(self._folder):
            if path in known:
                continue
            key = self._ring.open_key(key_path(path))
            connection = encrypted_database.open_for_reading(path, key)
            first = self._one(connection, "select first from beginning")
            self._files.append((first or 0, path, connection))
        self._files.sort(key=lambda f: f[0])

    @staticmethod
    def _rows(
        connection: apsw.Connection, sequence: int, limit: int
    ) -> list[tuple[int, bytes]]:
        try:
            found: list[tuple[int, bytes]] = connection.execute(  # type: ignore[assignment]
                "select sequence, payload from entry where sequence > ?"
                " order by sequence limit ?",
                (sequence, limit),
            ).fetchall()
        except apsw.Error as fault:
            raise LedgerFaultError(f"after entry {sequence}: {fault}") from fault
        return found

    @staticmethod
    def _one(connection: apsw.Connection, query: str) -> int | None:
        try:
            answer = connection.execute(query).get
        except apsw.Error as fault:
            raise LedgerFaultError(f"{fault}") from fault
        return answer if isinstance(answer, int) else None
