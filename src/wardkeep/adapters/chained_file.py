"""One encrypted file of a ledger: chained entries, signed checkpoints, what it begins with."""

from __future__ import annotations

import contextlib
import errno
from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from typing import NoReturn

import apsw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.adapters import encrypted_database, trailing_index
from wardkeep.adapters.background_checkpoint import BackgroundCheckpoint
from wardkeep.adapters.files import sync_folder
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.trailing_index import TrailingIndex, Waiting
from wardkeep.ledger import checkpoint
from wardkeep.ledger.chain import GENESIS
from wardkeep.ledger.checkpoint import Checkpoint, Head
from wardkeep.ledger.encoding import UNDECODABLE
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError, StoreFailedError
from wardkeep.ledger.loss import UNSEEN

# `name`, `sender` and `fingerprint` only find entries again; the payload is what counts.
# Clinical: MSH-10 and the numbers of ledger.repeats; operations: the part; access: the record
# number.
_SCHEMA = """
create table beginning(ledger text, first integer, head blob, format integer) strict;
create table entry(sequence integer primary key, name blob, sender integer, fingerprint integer,
                   payload blob not null, head blob not null) strict;
create table checkpoint(sequence integer primary key, body blob not null,
                        signature blob not null) strict;
"""
_INDEX = "create index seen on entry(name, sender, fingerprint) where name is not null;"
INDEXED, TRAILING = 1, 2
"""Formats of a file: found by name at once, or by an index that trails (trailing_index)."""
# A reader in the middle of a row is done by then; else the log stays beside the file, as good.
_CLOSING_MS = 200
# Many rows a statement: SQLite is entered once for them, and the thread that reads the feeds is
# let in once, not at every row (each way in and out gives the interpreter's lock away).
_INSERTS = tuple(
    (size, "insert into entry values" + ",".join(["(?,?,?,?,?,?)"] * size))
    for size in (64, 8, 1)
)
# SQLError, TypeError: the tables or what the file begins with are not there. FileNotFoundError:
# its cipher's name is gone.
_DAMAGE = (apsw.CorruptError, apsw.NotADBError, apsw.SQLError, TypeError, FileNotFoundError)
Row = tuple[int, bytes | None, int, int, bytes, bytes]
"""Sequence, name, sender, fingerprint, payload, head."""
Seal = tuple[int, bytes, bytes]
"""Sequence, checkpoint body, signature."""


def behind(head: Head) -> Head:
    """Return the head that a ledger goes on from when `head` was perhaps not the last."""
    return Head(head.ledger, head.sequence + UNSEEN, head.head)


def is_damage(fault: KeyMissingError | StoreFailedError) -> bool:
    """Tell whether a fault lies in the file itself, and not in the disk or the machine."""
    cause = fault.__cause__
    if isinstance(fault, KeyMissingError):
        return not isinstance(cause, OSError) or isinstance(cause, FileNotFoundError)
    return isinstance(cause, _DAMAGE)


def key_path(path: Path) -> Path:
    """Return where the wrapped key of the store at `path` lies."""
    return path.with_suffix(".key")


class ChainedFile:
    """A file opened to append: `stored` is the head after its newest entry.

    `last` is a later one where `given_out` says that entries were lost (see LedgerFolder).
    Every method that writes raises StoreFailedError and then nothing of the call is stored.
    """

    def __init__(self, connection: apsw.Connection, given_out: Head) -> None:
        self.connection = connection
        self._given_out = given_out
        self.stored = self._end()
        self._index = self._trailing()
        self._carrier: BackgroundCheckpoint | None = None

    @property
    def last(self) -> Head:
        """The newest head that is known."""
        return max(self.stored, self._given_out, key=lambda head: head.sequence)

    @property
    def onward(self) -> Head:
        """The head that the next entry goes on from; behind a loss, some numbers later."""
        lost = self._given_out.sequence > self.stored.sequence
        return behind(self._given_out) if lost else self.stored

    @classmethod
    def create(
        cls,
        path: Path,
        ring: KeyRing,
        cipher: encrypted_database.Cipher,
        after: Head,
        form: int = INDEXED,
    ) -> ChainedFile:
        """Make the file that goes on after a head of the same ledger.

        It appears under its name only when it is complete: a half-made one is made anew.
        """
        making = path.with_name(f"{path.stem}.making.db")
        try:
            for leftover in path.parent.glob(f"{path.stem}.making*"):
                leftover.unlink()
            key = ring.make_key(key_path(path))
            connection = encrypted_database.create(making, key, cipher)
            with connection:
                _lay_out(connection, after, form)
            _close_whole(connection, making)
            encrypted_database.cipher_file(making).rename(encrypted_database.cipher_file(path))
            making.rename(path)
            sync_folder(path.parent)
        except (apsw.Error, OSError) as fault:
            raise StoreFailedError(f"{path.name} cannot be made: {fault}") from fault
        return cls._opened(path, key, after)

    @classmethod
    def open(cls, path: Path, ring: KeyRing, given_out: Head) -> ChainedFile:
        """Open an existing file of the ledger of `given_out` to append."""
        key = ring.open_key(key_path(path))
        if path.is_file() and not path.stat().st_size:
            # SQLite would lay out a store in it: a damaged file stays as it is.
            raise StoreFailedError(f"{path.name} is empty") from TypeError()
        return cls._opened(path, key, given_out)

    @classmethod
    def _opened(cls, path: Path, key: bytes, given_out: Head) -> ChainedFile:
        file = cls(encrypted_database.open_for_writing(path, key), given_out)
        if file._index is not None:
            # Thousands of messages a second come here; the other ledgers stay small.
            file._carrier = BackgroundCheckpoint(
                file.connection, lambda: encrypted_database.open_for_writing(path, key)
            )
        return file

    def append(
        self, rows: Sequence[Row], seal: Seal | None = None, named: Sequence[Waiting] = ()
    ) -> bool:
        """Make rows durable in one commit, with a checkpoint if one is due.

        `named` are those that a trailing index will find. Tells whether it finds all now.
        """
        return self.append_sealed(rows, () if seal is None else (seal,), named)

    def append_sealed(
        self, rows: Sequence[Row], seals: Sequence[Seal], named: Sequence[Waiting] = ()
    ) -> bool:
        """Append as `append` does, with any number of checkpoints."""
        filing = self._index is not None and self._index.is_due(len(named))
        try:
            # Not `with connection`: leaving it keeps the interpreter locked while syncing.
            self.connection.execute("begin immediate")
            self._insert(rows)
            if self._index is not None and filing:
                self._index.file(named, rows[-1][0])
            for seal in seals:
                self.connection.execute("insert or replace into checkpoint values(?,?,?)", seal)
            self.connection.execute("commit")
        except apsw.Error as fault:
            self._fail(fault)
        except BaseException:
            self._roll_back()
            raise
        if rows:
            self.stored = Head(self.ledger, rows[-1][0], rows[-1][5])
        if self._index is not None:
            self._index.filed() if filing else self._index.wait(named)
        return filing or self._index is None

    def _fail(self, fault: apsw.Error) -> NoReturn:
        self._roll_back()
        # A commit that failed late may stand all the same: go on from what is there.
        self.stored = self._end()
        self._index = self._trailing()
        raise StoreFailedError(f"the {self.ledger} ledger: {fault}") from fault

    def _trailing(self) -> TrailingIndex | None:
        try:
            form = self.connection.execute("select format from beginning").get
            return TrailingIndex(self.connection) if form == TRAILING else None
        except apsw.Error as fault:
            raise StoreFailedError(f"the {self.ledger} ledger: {fault}") from fault

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            with contextlib.suppress(apsw.Error):
                self.connection.execute("rollback")

    def _insert(self, rows: Sequence[Row]) -> None:
        begin = 0
        for size, statement in _INSERTS:
            while len(rows) - begin >= size:
                values = list(chain.from_iterable(rows[begin : begin + size]))
                self.connection.execute(statement, values)
                begin += size

    def close(self) -> None:
        """Close the file; what was appended stays, its log put into it if nobody reads."""
        if self._carrier is not None:
            self._carrier.close()
        self.connection.set_busy_timeout(_CLOSING_MS)
        with contextlib.suppress(apsw.Error):
            self.connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        self.connection.close()

    @property
    def ledger(self) -> str:
        """The name of the ledger."""
        return self._given_out.ledger

    def _end(self) -> Head:
        try:
            first, begin = self.connection.execute("select first, head from beginning").get
            row = self.connection.execute(
                "select sequence, head from entry order by sequence desc limit 1"
            ).get
        except (apsw.Error, TypeError) as fault:
            raise StoreFailedError(f"the {self.ledger} ledger: {fault}") from fault
        return Head(self.ledger, *row) if row else Head(self.ledger, first - 1, begin)


def _close_whole(connection: apsw.Connection, path: Path) -> None:
    """Carry the log of a store into it and close it; raises where the disk is too full for it.

    Closing alone says nothing, and the file without its log would be nothing.
    """
    connection.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
    connection.close()
    if encrypted_database.has_log(path):
        raise OSError(errno.ENOSPC, "its log could not be carried into it")


def _lay_out(connection: apsw.Connection, after: Head, form: int) -> None:
    first = after.sequence + 1
    connection.execute(_SCHEMA)
    if form == TRAILING:
        connection.execute(trailing_index.SCHEMA)
        connection.execute(trailing_index.BEGIN, (after.sequence,))
    else:
        connection.execute(_INDEX)
    connection.execute(
        "insert into beginning values(?,?,?,?)", (after.ledger, first, after.head, form)
    )


def readable_head(path: Path, ring: KeyRing) -> Head | None:
    """Return the newest head that can still be read of a damaged file, None if none can."""
    try:
        connection = encrypted_database.open_for_reading(path, ring.open_key(key_path(path)))
    except (KeyMissingError, LedgerFaultError):
        return None
    heads: list[Head] = []
    with contextlib.closing(connection):
        with contextlib.suppress(apsw.Error, TypeError):
            ledger, first, head = connection.execute(
                "select ledger, first, head from beginning"
            ).get
            heads.append(Head(ledger, first - 1, head))
            row = connection.execute(
                "select sequence, head from entry order by sequence desc limit 1"
            ).get
            heads += [Head(ledger, *row)] if row else []
        with contextlib.suppress(apsw.Error, *UNDECODABLE):
            for (body,) in connection.execute(
                "select body from checkpoint order by sequence desc limit 1"
            ):
                heads.append(checkpoint.decode(body).head)
    return max(heads, key=lambda head: head.sequence, default=None)


def seal_of(key: Ed25519PrivateKey, head: Head, at: int, others: tuple[Head, ...] = ()) -> Seal:
    """Return the checkpoint row that signs a head."""
    body = checkpoint.encode(Checkpoint(head, at, others))
    return head.sequence, body, checkpoint.sign(key, body)


def start_of(ledger: str) -> Head:
    """Return the head of a ledger that has no entry yet."""
    return Head(ledger, 0, GENESIS)
