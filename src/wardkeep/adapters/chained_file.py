"""One encrypted file of a ledger: chained entries, signed checkpoints, what it begins with."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

import apsw
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.ledger import checkpoint
from wardkeep.ledger.chain import GENESIS
from wardkeep.ledger.checkpoint import Checkpoint, Head
from wardkeep.ledger.errors import StoreFailedError

_SCHEMA = """
create table beginning(ledger text, first integer, head blob, format integer) strict;
create table entry(sequence integer primary key, control blob, feed text,
                   payload blob not null, head blob not null) strict;
create index seen on entry(control, feed) where control is not null;
create table checkpoint(sequence integer primary key, body blob not null,
                        signature blob not null) strict;
"""
Row = tuple[int, bytes | None, str | None, bytes, bytes]


def key_path(path: Path) -> Path:
    """Return where the wrapped key of the store at `path` lies."""
    return path.with_suffix(".key")


class ChainedFile:
    """A file opened to append. `last` is the head after its last entry.

    Every method that writes raises StoreFailedError and then nothing of the call is stored.
    """

    def __init__(self, connection: apsw.Connection, ledger: str) -> None:
        self.connection = connection
        self.ledger = ledger
        self.first, self.last = _ends(connection, ledger)

    @classmethod
    def create(
        cls, path: Path, ring: KeyRing, cipher: encrypted_database.Cipher, after: Head
    ) -> ChainedFile:
        """Make the file that goes on after a head of the same ledger.

        It appears under its name only when it is complete: a half-made one is made anew.
        """
        for leftover in path.parent.glob(f"{path.stem}.making*"):
            leftover.unlink()
        making = path.with_name(f"{path.stem}.making.db")
        key = ring.make_key(key_path(path))
        connection = encrypted_database.create(making, key, cipher)
        try:
            with connection:
                connection.execute(_SCHEMA)
                connection.execute(
                    "insert into beginning values(?,?,?,1)",
                    (after.ledger, after.sequence + 1, after.head),
                )
            connection.close()
            encrypted_database.cipher_file(making).rename(encrypted_database.cipher_file(path))
            making.rename(path)
        except (apsw.Error, OSError) as fault:
            raise StoreFailedError(f"{path.name} cannot be made: {fault}") from fault
        return cls(encrypted_database.open_for_writing(path, key), after.ledger)

    @classmethod
    def open(cls, path: Path, ring: KeyRing, ledger: str) -> ChainedFile:
        """Open an existing file to append."""
        connection = encrypted_database.open_for_writing(path, ring.open_key(key_path(path)))
        return cls(connection, ledger)

    def append(self, rows: Sequence[Row], seal: tuple[int, bytes, bytes] | None = None) -> None:
        """Make rows (sequence, control, feed, payload, head) durable in one commit."""
        try:
            with self.connection:
                self.connection.executemany("insert into entry values(?,?,?,?,?)", rows)
                if seal is not None:
                    self.connection.execute(
                        "insert or replace into checkpoint values(?,?,?)", seal
                    )
        except apsw.Error as fault:
            # A commit that failed late may stand all the same: go on from what is there.
            self.first, self.last = _ends(self.connection, self.ledger)
            raise StoreFailedError(f"the {self.ledger} ledger: {fault}") from fault
        if rows:
            self.last = Head(self.ledger, rows[-1][0], rows[-1][4])

    def close(self) -> None:
        """Close the file; what was appended stays."""
        self.connection.close()


def seal_of(
    key: Ed25519PrivateKey, head: Head, at: int, others: tuple[Head, ...] = ()
) -> tuple[int, bytes, bytes]:
    """Return the checkpoint row that signs a head."""
    body = checkpoint.encode(Checkpoint(head, at, others))
    return head.sequence, body, checkpoint.sign(key, body)


def payloads_after(
    connection: apsw.Connection, sequence: int, limit: int
) -> Iterator[tuple[int, bytes]]:
    """Yield up to `limit` (sequence, payload) that follow `sequence`."""
    yield from connection.execute(
        "select sequence, payload from entry where sequence > ? order by sequence limit ?",
        (sequence, limit),
    )


def _ends(connection: apsw.Connection, ledger: str) -> tuple[int, Head]:
    try:
        first, begin = connection.execute("select first, head from beginning").get
        row = connection.execute(
            "select sequence, head from entry order by sequence desc limit 1"
        ).get
    except (apsw.Error, TypeError) as fault:
        raise StoreFailedError(f"the {ledger} ledger: {fault}") from fault
    last = Head(ledger, *row) if row else Head(ledger, first - 1, begin)
    return first, last


def start_of(ledger: str) -> Head:
    """Return the head of a ledger that has no entry yet."""
    return Head(ledger, 0, GENESIS)
