"""Opens encrypted SQLite files the one right way (apsw-sqlite3mc).

The cipher is not remembered by the file: its name stands in a plain file beside it, and key
and cipher are set before anything else. WAL and synchronous=FULL: a commit is on the disk.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal
from urllib.parse import quote

import apsw

from wardkeep.adapters.files import write_private
from wardkeep.ledger.errors import LedgerFaultError, StoreFailedError

Cipher = Literal["aegis", "sqlcipher"]
_PATIENCE_MS = 5_000
# Pages of 4 KiB: 16 MiB of log before a checkpoint; larger logs slow readers down.
CHECKPOINT_PAGES = 4_096
# A log that grew while a reader held an old state is cut back to this when it begins anew.
_LOG_KEPT_BYTES = 64 * 1024 * 1024


def cipher_file(path: Path) -> Path:
    """Return where the cipher's name of the store at `path` stands in clear."""
    return path.with_suffix(".cipher")


def create(path: Path, key: bytes, cipher: Cipher) -> apsw.Connection:
    """Make a new store at `path`, encrypted with a 32-byte key; raises StoreFailedError."""
    try:
        write_private(cipher_file(path), f"{cipher}\n".encode())
        path.touch(mode=0o600, exist_ok=True)
        return _open(str(path), key, cipher, apsw.SQLITE_OPEN_READWRITE)
    except (OSError, apsw.Error) as fault:
        raise StoreFailedError(f"{path.name} cannot be made: {fault}") from fault


def open_for_writing(path: Path, key: bytes) -> apsw.Connection:
    """Open an existing store to write; raises StoreFailedError."""
    try:
        return _open(str(path), key, cipher_of(path), apsw.SQLITE_OPEN_READWRITE)
    except (OSError, apsw.Error) as fault:
        raise StoreFailedError(f"{path.name} cannot be opened: {fault}") from fault


def open_for_reading(path: Path, key: bytes) -> apsw.Connection:
    """Open an existing store to read beside its writer; raises LedgerFaultError.

    Nothing in it is changed, its log neither. The log's index lies in the folder: where that
    cannot be written the store is read as by `open_unwritable`.
    """
    if not can_be_written(path):
        return open_unwritable(path, key)
    return _open_to_read(str(path), path, key, apsw.SQLITE_OPEN_READONLY)


def open_unwritable(path: Path, key: bytes) -> apsw.Connection:
    """Open a store on read-only media; raises LedgerFaultError, as where a log lies beside it.

    SQLite reads a store that nobody can write ("immutable") without its log, so what is only in
    the log would be missed in silence: then a copy elsewhere must be read instead.
    """
    if has_log(path):
        raise LedgerFaultError(f"{path.name} has a log beside it and cannot be read in place")
    uri = f"file:{quote(str(path))}?immutable=1"
    return _open_to_read(uri, path, key, apsw.SQLITE_OPEN_READONLY | apsw.SQLITE_OPEN_URI)


def can_be_written(path: Path) -> bool:
    """Tell whether something may be made beside a store, links followed."""
    folder = path.resolve().parent
    try:
        return os.access(folder, os.W_OK) and not os.statvfs(folder).f_flag & os.ST_RDONLY
    except OSError:
        return True  # opening it tells what is wrong


def has_log(path: Path) -> bool:
    """Tell whether the write-ahead log of a store holds anything."""
    log = path.with_name(f"{path.name}-wal")
    return log.exists() and log.stat().st_size > 0


def _open_to_read(name: str, path: Path, key: bytes, flags: int) -> apsw.Connection:
    try:
        connection = _open(name, key, cipher_of(path), flags)
        connection.pragma("query_only", True)  # noqa: FBT003  # apsw's own signature
    except (OSError, apsw.Error) as fault:
        raise LedgerFaultError(f"{path.name} cannot be read: {fault}") from fault
    return connection


def cipher_of(path: Path) -> Cipher:
    """Return the cipher of the store at `path`; the usual one where its file says none."""
    # A flipped bit in it is damage like any other: the usual cipher is tried.
    name = cipher_file(path).read_text(encoding="ascii", errors="replace").strip()
    return "sqlcipher" if name == "sqlcipher" else "aegis"


def _open(name: str, key: bytes, cipher: str, flags: int) -> apsw.Connection:
    connection = apsw.Connection(name, flags=flags)
    try:
        connection.pragma("cipher", cipher)
        connection.pragma("key", f"x'{key.hex()}'")
        connection.set_busy_timeout(_PATIENCE_MS)
        if flags & apsw.SQLITE_OPEN_READWRITE:
            connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", "full")
            connection.wal_autocheckpoint(CHECKPOINT_PAGES)
            connection.pragma("journal_size_limit", _LOG_KEPT_BYTES)
        connection.pragma("user_version")
    except apsw.Error:
        connection.close()
        raise
    return connection
