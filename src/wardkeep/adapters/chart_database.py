"""The chart store's file: its tables and how it is opened; it can be made from the ledger."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import apsw
import msgspec

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.encrypted_database import Cipher
from wardkeep.adapters.errors import ChartsDamagedError
from wardkeep.adapters.files import sync_folder
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.ledger.errors import KeyMissingError, StoreFailedError

# No table yet (killed while it was made), not this cipher's, damaged, its cipher's name lost.
_UNUSABLE = (apsw.SQLError, apsw.NotADBError, apsw.CorruptError, FileNotFoundError)
_SCHEMA = """
create table meta(name text primary key, value) without rowid;
create table record(number text primary key, body blob not null, heard integer not null);
create table link(number text primary key, body blob not null) without rowid;
create table patient(number text primary key, ward text not null, room text not null,
                     bed text not null, words text not null, slim blob not null) strict;
create index lies on patient(ward, room, bed, number) where ward <> '';
create table view(number text primary key, chart blob not null);
create table ward(code text primary key, changed integer not null, charting blob) strict;
create table feed(name text primary key, memory blob not null, reused integer not null) strict;
create table quarantine(sequence integer primary key, feed text not null, body blob not null)
    strict;
create table unread(sequence integer primary key, feed text not null, received integer not null,
                    kind text not null) strict;
create table unread_about(number text not null, sequence integer not null,
                          primary key(number, sequence)) strict, without rowid;
create index unread_since on unread(received);
create table known(feed text not null, target text not null, body blob not null,
                   primary key(feed, target)) strict, without rowid;
create table asked(feed text not null, target text not null, sequence integer not null,
                   primary key(feed, target, sequence)) strict, without rowid;
"""
_FOUND = "create table if not exists found(number text primary key, body blob not null) strict"
"""What a search shows of whom `view` holds; stores of version 0.2 have none until it opens."""

WRITE_RECORD = (
    "insert into record values(?1, ?2, ?3) on conflict(number) do update"
    " set body = excluded.body, heard = max(heard, excluded.heard)"
)
"""`heard`: the newest entry that said anything under the number."""


def open_to_fold(path: Path, ring: KeyRing, cipher: Cipher, fold: str) -> apsw.Connection:
    """Open the store to write, made new if there is none or if `fold` is another.

    `fold` names everything the fold depends on (its version and the site's rules): with another
    one the charts are folded again from the ledger, so that a changed rule holds for all. So
    they are where the store was never finished, is damaged at its head or its key is lost.
    Raises StoreFailedError where it is busy or the disk is full.
    """
    made = _open_made(path, ring, fold) if path.exists() else None
    if made is not None:
        return _made_ready(made)
    discard(path)
    key = ring.make_key(key_path(path))
    connection = encrypted_database.create(path, key, cipher)
    with connection:
        connection.execute(_SCHEMA)
        connection.execute(_FOUND)
        connection.executemany(
            "insert into meta values(?,?)",
            [("fold", fold), ("cursor", 0), ("operations", 0), ("revision", 0), ("carried", 0)],
        )
    _relax(connection)
    return connection


def open_carried(path: Path, ring: KeyRing, cipher: Cipher) -> apsw.Connection | None:
    """Open the carried charts to write, by whatever rules they were folded; None if unusable.

    Made new where there are none. Raises StoreFailedError.
    """
    if path.exists():
        made = _open_any(path, ring)
        return _made_ready(made[0]) if made else None
    return open_to_fold(path, ring, cipher, "carried")


def successor_of(path: Path) -> Path:
    """Return where charts are folded anew while those at `path` are still read."""
    return path.with_name("next.db")


def place_to_fold(path: Path, ring: KeyRing, fold: str) -> Path:
    """Return where to fold: `path`, or its successor where `path` was folded by other rules.

    Old charts say how old they are; charts half folded would miss patients and stops of
    orders, and nobody could see it. So the old ones stand until `take_over`. A store that
    cannot be read at all has nothing to show and is made anew in its place.
    """
    if not path.exists():
        return path
    made = _open_any(path, ring)
    if made is None:
        return path
    connection, known = made
    connection.close()
    if known == fold:
        discard(successor_of(path))
        return path
    return successor_of(path)


def take_over(path: Path) -> None:
    """Put the successor, closed and complete, in the place of the store at `path`.

    Killed on the way, the store at `path` cannot be opened and is made anew. Raises
    StoreFailedError.
    """
    new = successor_of(path)
    try:
        # Readers that have the old store open keep it until they look at the file again.
        for log in (f"{path.name}-wal", f"{path.name}-shm"):
            path.with_name(log).unlink(missing_ok=True)
        encrypted_database.cipher_file(new).rename(encrypted_database.cipher_file(path))
        key_path(new).rename(key_path(path))
        new.rename(path)
        sync_folder(path.parent)
    except OSError as fault:
        raise StoreFailedError(f"the chart store cannot be put in place: {fault}") from fault


def discard(path: Path) -> None:
    """Delete a store with its key, log and cipher's name."""
    for leftover in path.parent.glob(f"{path.stem}.*"):
        leftover.unlink()


@contextmanager
def faults_named() -> Iterator[None]:
    """Turn the database's errors into ChartsDamagedError or StoreFailedError."""
    try:
        yield
    except (apsw.CorruptError, apsw.NotADBError, msgspec.DecodeError) as fault:
        raise ChartsDamagedError(f"the chart store: {type(fault).__name__}") from fault
    except apsw.Error as fault:
        raise StoreFailedError(f"the chart store: {type(fault).__name__}") from fault


def _open_made(path: Path, ring: KeyRing, fold: str) -> apsw.Connection | None:
    made = _open_any(path, ring)
    if made is None:
        return None
    connection, known = made
    if known == fold:
        return connection
    connection.close()
    return None


def _open_any(path: Path, ring: KeyRing) -> tuple[apsw.Connection, object] | None:
    """Return the store and the name of its fold, None where it cannot be used."""
    try:
        connection = encrypted_database.open_for_writing(path, ring.open_key(key_path(path)))
    except KeyMissingError:
        return None
    except StoreFailedError as fault:
        if isinstance(fault.__cause__, _UNUSABLE):
            return None
        raise
    try:
        known = connection.execute("select value from meta where name = 'fold'").get
    except _UNUSABLE:
        known = None
    if known is not None:
        return connection, known
    connection.close()
    return None


def open_to_read(path: Path, ring: KeyRing) -> apsw.Connection:
    """Open the store to read beside the process that folds; raises LedgerFaultError."""
    return encrypted_database.open_for_reading(path, ring.open_key(key_path(path)))


def _made_ready(connection: apsw.Connection) -> apsw.Connection:
    try:
        connection.execute(_FOUND)
    except apsw.Error as fault:
        connection.close()
        raise StoreFailedError(f"the chart store: {type(fault).__name__}") from fault
    _relax(connection)
    return connection


def _relax(connection: apsw.Connection) -> None:
    # The ledger is the truth: after a power cut the last changes are folded again from it.
    connection.pragma("synchronous", "normal")
