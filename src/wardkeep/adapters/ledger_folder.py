"""A ledger on disk, to append: a folder of files, one a period, one sequence through all.

Clinical rotates by day, access by month, operations never. The period only moves forward: a
clock that jumps back goes on in the file that is open.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from pathlib import Path

import apsw

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import (
    INDEXED,
    ChainedFile,
    Row,
    Seal,
    behind,
    is_damage,
    readable_head,
)
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.trailing_index import Waiting
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.errors import KeyMissingError, StoreFailedError

_LOG = logging.getLogger(__name__)
Period = Callable[[int], str]
# A copy that somebody laid beside the files is none of them. "+02" is the second file of a
# period whose first was damaged.
_NAME = re.compile(r"(\d{4}-\d\d(?:-\d\d)?|operations)(?:\+(\d\d))?")


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
    found = (path for path in folder.glob("*.db") if _NAME.fullmatch(path.stem))
    return sorted(found, key=lambda path: path.stem)


def period_of(path: Path) -> str:
    """Return the period of a file, the same for all files of one period."""
    return _part(path)[0]


def set_aside(folder: Path) -> list[Path]:
    """Return the files that were left because of damage: another of the same period follows."""
    files = files_of(folder)
    return [one for one, other in pairwise(files) if period_of(one) == period_of(other)]


class LedgerFolder:
    """A ledger opened to append; the caller holds the writer's lock.

    `given_out` is the newest head of this ledger that another ledger holds. Where it is later
    than what lies here (a log that was lost, an older copy put back), or where the newest file
    is damaged or its key gone, the sequence goes on in a new place behind it: no sequence is
    given out twice, and `wardkeep verify` names the entries between as missing. A damaged file
    stays as it is. Raises StoreFailedError where the disk cannot be read or written at all.
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
        self._folder, self._ring = folder, ring
        self._period, self._cipher, self._form = period, cipher, form
        self._looked_at, self._turned = -1, False
        self._begin, self.lost = given_out, 0
        """`lost`: how many of the newest entries that were given out are not there."""
        self._file: ChainedFile | None = None
        self.path = next(reversed(files_of(folder)), None)
        if self.path is not None:
            self._open(self.path, given_out)
        else:
            self.lost = given_out.sequence

    @property
    def last(self) -> Head:
        """The newest head that is known."""
        return self._file.last if self._file else self._begin

    @property
    def onward(self) -> Head:
        """The head that the next entry goes on from; behind a loss, some numbers later."""
        if self._file is not None:
            return self._file.onward
        begin = self._begin
        return behind(begin) if self.path is not None or self.lost else begin

    @property
    def is_left(self) -> bool:
        """Whether the newest file was left because of damage and none follows it yet."""
        return self._file is None and self.path is not None

    @property
    def is_begun(self) -> bool:
        """Whether a file is open to append; `turn` begins one."""
        return self._file is not None

    def would_turn(self, now: int) -> bool:
        """Tell whether a new period has begun, or there is no sound file yet."""
        if self.path is None or self._file is None:
            return True
        second = now // SECOND
        if second != self._looked_at:
            self._looked_at, self._turned = second, self._period(now) > self.path.stem
        return self._turned

    def turn(self, now: int) -> Path:
        """Begin the file of the period of `now`, or the next one of it, and return its path."""
        path = self._folder / f"{self._next_name(now)}.db"
        if path.exists():
            # Made, but not opened: no process, no handle was to be had just then.
            new = ChainedFile.open(path, self._ring, self.last)
        else:
            new = ChainedFile.create(path, self._ring, self._cipher, self.onward, self._form)
        if self._file is not None:
            self._file.close()
        self.path, self._file, self._looked_at = path, new, -1
        return path

    def append(
        self, rows: Sequence[Row], seal: Seal | None = None, named: Sequence[Waiting] = ()
    ) -> bool:
        """Append to the newest file (ChainedFile.append); damage in it ends its use.

        Raises StoreFailedError; the next entries go into a new file if it was for damage.
        """
        if self._file is None:
            raise StoreFailedError("no file of this ledger was begun")
        try:
            return self._file.append(rows, seal, named)
        except StoreFailedError as fault:
            if is_damage(fault):
                self._leave(self._file, fault)
            raise

    def close(self) -> None:
        """Close the open file."""
        if self._file is not None:
            self._file.close()

    def _open(self, path: Path, given_out: Head) -> None:
        try:
            self._file = ChainedFile.open(path, self._ring, given_out)
            self.lost = max(0, given_out.sequence - self._file.stored.sequence)
        except (KeyMissingError, StoreFailedError) as fault:
            if not is_damage(fault):
                raise
            _LOG.error(
                "%s is left as it is, a new file goes on behind it: %s", path.name, fault
            )
            readable = readable_head(path, self._ring) or given_out
            self._begin = max(given_out, readable, key=lambda head: head.sequence)

    def _leave(self, file: ChainedFile, fault: StoreFailedError) -> None:
        _LOG.error("%s stays as it is, a new file follows it: %s", self.path, fault)
        self._begin, self._file = file.last, None
        with contextlib.suppress(apsw.Error):
            file.close()

    def _next_name(self, now: int) -> str:
        period = self._period(now)
        if self._file is not None or self.path is None:
            return period
        left, number = _part(self.path)
        return f"{left}+{number + 1:02}" if left >= period else period


def _part(path: Path) -> tuple[str, int]:
    """Return the period of a file and which of it it is, from 1."""
    found = _NAME.fullmatch(path.stem)
    return (found[1], int(found[2] or 1)) if found else (path.stem, 1)
