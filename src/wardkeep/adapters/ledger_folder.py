"""A ledger on disk, to append: a folder of files, one a period, one sequence through all.

Clinical rotates by day, access by month, operations never. The period only moves forward: a
clock that jumps back goes on in the file that is open.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import re
from collections.abc import Callable, Iterable, Sequence
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
    key_path,
    readable_head,
)
from wardkeep.adapters.errors import CopiedLedgerError
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.trailing_index import Waiting
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.errors import KeyMissingError, StoreFailedError

_LOG = logging.getLogger(__name__)
UNWITNESSED = 10_000_000
"""Numbers left out where nothing tells how far the newest day had come: more than a day of the
largest groups of hospitals has messages (own choice)."""
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


def copy_mark(folder: Path) -> Path:
    """Return what lies in the folder of a ledger that only another box may write."""
    return folder / "copied"


def taken_over(path: Path) -> Path:
    """Return what lies beside a file with which another box went on; it follows no damage."""
    return path.with_suffix(".taken-over")


def follows_damage(path: Path) -> bool:
    """Say whether a file bears the number of one that goes on behind a file that was left."""
    return _part(path)[1] > 1


def next_stem(folder: Path, period: str) -> str:
    """Return the name of a file that goes on behind all that lie in a folder."""
    newest = next(reversed(files_of(folder)), None)
    if newest is None or period > newest.stem:
        return period
    left, number = _part(newest)
    return f"{left}+{number + 1:02}"


def set_aside(folder: Path) -> list[Path]:
    """Return the files that were left because of damage, or are gone though their key is there.

    What follows one of them has a number: "+02" is the second file of its own period, or the
    first one behind a file of an earlier period.
    """
    # One look at the folder: a year has a thousand files, and each overview asks.
    names = {path.name for path in folder.glob("*")}
    files = sorted(_stems(names, ".db"))
    gone = [
        stem
        for stem in _stems(names, ".key")
        if not {f"{stem}.db", f"{stem}.making.db"} & names
    ]
    behind_gone = {_parts(stem)[0] for stem in gone}
    left = [
        one
        for one, other in pairwise(files)
        if _parts(other)[1] > 1
        and f"{other}.taken-over" not in names
        and (_parts(one)[0] == _parts(other)[0] or _parts(other)[0] not in behind_gone)
    ]
    return [folder / f"{stem}.db" for stem in sorted({*left, *gone})]


def _stems(names: Iterable[str], suffix: str) -> list[str]:
    stems = (name.removesuffix(suffix) for name in names if name.endswith(suffix))
    return [stem for stem in stems if _NAME.fullmatch(stem)]


def _is_being_made(path: Path) -> bool:
    return path.with_name(f"{path.stem}.making.db").exists()


def _has_remains(path: Path) -> bool:
    """Say whether a file is gone and its key or log is not: neither may be overwritten."""
    if path.exists() or _is_being_made(path):
        return False
    return any(each.exists() for each in (key_path(path), path.with_name(f"{path.name}-wal")))


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
        if copy_mark(folder).exists():
            raise CopiedLedgerError(f"the {given_out.ledger} ledger here is a copy")
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
        while _has_remains(path):
            period, number = _part(path)
            path = self._folder / f"{period}+{number + 1:02}.db"
        if path.exists():
            # Made, but not opened: no process, no handle was to be had just then.
            opened = self._opened(path)
            if opened is None:
                return self.turn(now)
            new = opened
        else:
            new = ChainedFile.create(path, self._ring, self._cipher, self.onward, self._form)
        if self._file is not None:
            self._file.close()
        self.path, self._file, self._looked_at = path, new, -1
        return path

    def _opened(self, path: Path) -> ChainedFile | None:
        """Open a file that was made before; None where it is damaged and must be left."""
        try:
            return ChainedFile.open(path, self._ring, self.last)
        except (KeyMissingError, StoreFailedError) as fault:
            if not is_damage(fault):
                raise
            _LOG.error("%s stays as it is, a new file follows it: %s", path.name, fault)
        begin = self.last
        if self._file is not None:
            self._file.close()
        self._begin, self._file, self.path = begin, None, path
        return None

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
            self._begin = self._newest_known(path, given_out)

    def _newest_known(self, path: Path, given_out: Head) -> Head:
        """Return the newest head that is known where the newest file is damaged."""
        readable = readable_head(path, self._ring)
        if readable is None:
            earlier = reversed(files_of(self._folder)[:-1])
            heads = (readable_head(each, self._ring) for each in earlier)
            before = next((head for head in heads if head is not None), None)
            if before is not None and before.sequence >= given_out.sequence:
                # No witness knows the lost day either: its numbers may all have been read.
                return Head(before.ledger, before.sequence + UNWITNESSED, before.head)
        known = [given_out, *([readable] if readable else [])]
        return max(known, key=lambda head: head.sequence)

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
        # The number tells, also on a later day, that the file before was left.
        return f"{left}+{number + 1:02}" if left >= period else f"{period}+02"


def _part(path: Path) -> tuple[str, int]:
    return _parts(path.stem)


def _parts(stem: str) -> tuple[str, int]:
    """Return the period of a file and which of it it is, from 1."""
    found = _NAME.fullmatch(stem)
    return (found[1], int(found[2] or 1)) if found else (stem, 1)
