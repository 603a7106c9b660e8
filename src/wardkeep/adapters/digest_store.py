"""Keeps the keyed digests of erased days by month, and the keys they are made with apart.

`digests/keys.db` holds a key for each patient and feed, by tags that are no numbers; a file a
month (of the erasing) holds the digests. Rules kept here: a key that is erased leaves neither
the file nor its log, and is not made again for messages from before.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import NamedTuple

import apsw

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.encrypted_database import Cipher
from wardkeep.adapters.files import make_private_folder, sync_folder
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import by_month
from wardkeep.ledger.digests import KEY_BYTES, digest_of, feed_tag, patient_tag, subject_of
from wardkeep.ledger.errors import StoreFailedError

_KEYS = """
create table if not exists own(name text primary key, key blob not null) without rowid;
create table if not exists subject(tag blob primary key, key blob not null) without rowid;
create table if not exists erased(tag blob primary key, at integer not null) without rowid;
"""
_DIGESTS = """
create table if not exists digest(sequence integer primary key, received integer not null,
                                  subject blob not null, digest blob not null) strict;
create index if not exists by_digest on digest(digest);
"""
_SUFFIXES = (".db", ".db-wal", ".db-shm", ".cipher", ".key")


class Told(NamedTuple):
    """A message of an erased day, and the record numbers that it names.

    `received` in UTC microseconds.
    """

    sequence: int
    received: int
    feed: str
    body: bytes
    numbers: Sequence[str]


class Proof(NamedTuple):
    """That bytes are those of an erased entry: its sequence and arrival (UTC microseconds)."""

    sequence: int
    received: int


class DigestStore:
    """The digests of one site; every method raises StoreFailedError or KeyMissingError."""

    def __init__(self, folder: Path, ring: KeyRing, cipher: Cipher = "aegis") -> None:
        self._folder, self._ring, self._cipher = folder, ring, cipher
        try:
            make_private_folder(folder)
        except OSError as fault:
            raise StoreFailedError(f"{folder.name} cannot be made: {fault}") from fault
        self._keys = self._open("keys", _KEYS)
        self._keys.pragma("secure_delete", True)  # noqa: FBT003  # apsw's own signature
        self._tags = self._tag_key()

    def add(self, told: Iterable[Told], now: int) -> None:
        """Keep the digests of messages whose day is erased at `now`; again does no harm."""
        rows = []
        try:
            with self._keys:
                for each in told:
                    tag = subject_of(self._tags, each.feed, each.numbers)
                    if not self._is_erased(tag, each.received):
                        digest = digest_of(self._key(tag), each.body)
                        rows.append((each.sequence, each.received, tag, digest))
            with closing(self._open(by_month(now), _DIGESTS)) as month, month:
                month.executemany("insert or replace into digest values(?,?,?,?)", rows)
        except apsw.Error as fault:
            raise StoreFailedError(f"the digests: {fault}") from fault

    def prove(self, body: bytes, numbers: Sequence[str], feeds: Sequence[str]) -> Proof | None:
        """Return the erased entry whose bytes these are, None where no digest says so."""
        tags = [patient_tag(self._tags, number) for number in numbers[:1]]
        tags += [feed_tag(self._tags, feed) for feed in feeds]
        digests = [digest_of(key, body) for tag in tags if (key := self._known(tag))]
        query = "select sequence, received from digest where digest = ?"
        for path in self._months():
            with closing(self._open(path.stem, _DIGESTS)) as month:
                for digest in digests:
                    row = month.execute(query, (digest,)).fetchone()
                    if row is not None:
                        return Proof(int(str(row[0])), int(str(row[1])))
        return None

    def erase(self, numbers: Iterable[str], now: int) -> int:
        """Erase the keys of a patient's numbers; return how many there were.

        Messages that came until `now` get no new one when their day is erased later.
        """
        erased = 0
        try:
            with self._keys:
                for number in numbers:
                    tag = patient_tag(self._tags, number)
                    self._keys.execute("delete from subject where tag = ?", (tag,))
                    erased += self._keys.changes()
                    self._keys.execute("insert or replace into erased values(?,?)", (tag, now))
            # Else the page with the key stays readable in the log.
            self._keys.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_TRUNCATE)
        except apsw.Error as fault:
            raise StoreFailedError(f"the digests: {fault}") from fault
        return erased

    def close(self) -> None:
        """Close the keys."""
        self._keys.close()

    def _tag_key(self) -> bytes:
        insert = "insert or ignore into own values('tags', ?)"
        try:
            self._keys.execute(insert, (os.urandom(KEY_BYTES),))
            return bytes(self._keys.execute("select key from own where name = 'tags'").get)
        except apsw.Error as fault:
            raise StoreFailedError(f"the digests: {fault}") from fault

    def _key(self, tag: bytes) -> bytes:
        known = self._known(tag)
        if known is not None:
            return known
        key = os.urandom(KEY_BYTES)
        self._keys.execute("insert into subject values(?,?)", (tag, key))
        return key

    def _known(self, tag: bytes) -> bytes | None:
        row = self._keys.execute("select key from subject where tag = ?", (tag,)).fetchone()
        return bytes(row[0]) if row else None

    def _is_erased(self, tag: bytes, received: int) -> bool:
        query = "select 1 from erased where tag = ? and at >= ?"
        return self._keys.execute(query, (tag, received)).fetchone() is not None

    def _months(self) -> list[Path]:
        return sorted(self._folder.glob("????-??.db"), reverse=True)

    def _open(self, name: str, schema: str) -> apsw.Connection:
        path = self._folder / f"{name}.db"
        key = self._ring.open_or_make_key(key_path(path))
        if not path.exists() or not encrypted_database.cipher_file(path).exists():
            connection = encrypted_database.create(path, key, self._cipher)
        else:
            connection = encrypted_database.open_for_writing(path, key)
        try:
            connection.execute(schema)
        except apsw.Error as fault:
            connection.close()
            raise StoreFailedError(f"{path.name}: {fault}") from fault
        return connection


def months_in(folder: Path) -> list[str]:
    """Return the months whose digests lie in a folder."""
    return sorted(path.stem for path in folder.glob("????-??.db"))


def erase_month(folder: Path, month: str) -> None:
    """Erase the digests of a month with their key; what is gone already is no error."""
    for suffix in _SUFFIXES:
        (folder / f"{month}{suffix}").unlink(missing_ok=True)
    sync_folder(folder)
