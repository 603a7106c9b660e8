"""A ledger on disk, to append: a folder of files, one a period, one sequence through all.

Clinical rotates by day, access by month, operations never. The period only moves forward: a
clock that jumps back goes on in the file that is open.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from pathlib import Path

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import INDEXED, ChainedFile
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.errors import StoreFailedError

Period = Callable[[int], str]
# A copy that somebody laid beside the files is none of them.
_PERIOD = re.compile(r"\d{4}-\d\d(-\d\d)?|operations")


def by_day(at: int) -> str:
    """Return the UTC day of a time in microseconds, "2026-11-23"."""
    return dt.datetime.fromtimestamp(at // SECOND, dt.UTC).date().isoformat()


def by_month(at: int) -> str:
    """Return the UTC month of a time in microseconds, "2026-11"."""
    return by_day(at)[:7]


def never(_at: int) -> str:
    """Return the one name of a ledger that does not rotate."""
    return "operations"


def files_of(folder: Path) -> list[Path]:
    """Return the ledger's files in the order of their sequences."""
    return sorted(path for path in folder.glob("*.db") if _PERIOD.fullmatch(path.stem))


class LedgerFolder:
    """A ledger opened to append; the caller holds the writer's lock.

    `given_out` is the newest head of this ledger that another ledger holds. Where it is later
    than what lies here (a log that was lost, an older copy put back) the sequence goes on
    behind it: no sequence is given out twice, and `wardkeep verify` names the entries between
    as missing.
    """

    def __init__(
        self,
        folder: Path,
        ring: KeyRing,
        period: Period,
        cipher: encrypted_database.Cipher,
        given_out: Head,
        form: int = INDEXED,
    ) -> None:
        self._form = form
        self._looked_at, self._turned = -1, False
        self._folder, self._ring = folder, ring
        self._period, self._cipher = period, cipher
        files = files_of(folder)
        self.path = files[-1] if files else None
        self._file = ChainedFile.open(files[-1], ring, given_out) if files else None
        stored = self._file.stored.sequence if self._file else 0
        self._begin = given_out
        self.lost = max(0, given_out.sequence - stored)
        """How many of the newest entries that were given out are not there."""

    @property
    def last(self) -> Head:
        """The head after the last entry of all."""
        return self._file.last if self._file else self._begin

    def would_turn(self, now: int) -> bool:
        """Tell whether a new period has begun, or there is no file yet."""
        if self.path is None:
            return True
        second = now // SECOND
        if second != self._looked_at:
            self._looked_at, self._turned = second, self._period(now) > self.path.stem
        return self._turned

    def turn(self, now: int) -> Path:
        """Begin the file of the period of `now` and return its path."""
        path = self._folder / f"{self._period(now)}.db"
        new = ChainedFile.create(path, self._ring, self._cipher, self.last, self._form)
        if self._file is not None:
            self._file.close()
        self.path, self._file, self._looked_at = path, new, -1
        return path

    @property
    def newest(self) -> ChainedFile:
        """The file that is appended to; `turn` must have begun one."""
        if self._file is None:
            raise StoreFailedError("no file of this ledger was begun")
        return self._file

    def close(self) -> None:
        """Close the open file."""
        if self._file is not None:
            self._file.close()
