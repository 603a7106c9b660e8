"""Reads the three ledgers for `wardkeep verify`: every row, every seal, every witness.

A folder that cannot be written (a copy on read-only media) is read from a scratch copy, since
SQLite needs to write the log's index beside the file.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import apsw
import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path, start_of
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.ledger import checkpoint
from wardkeep.ledger.encoding import decode_operations
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError
from wardkeep.ledger.verification import Fault, FaultKind, Walk, fault
from wardkeep.ledger.witness import from_event

Witnesses = dict[str, dict[int, bytes]]
Progress = Callable[[str, int], None]
_CHUNK = 2_000


def check_ledger(
    folder: Path, ledger: str, ring: KeyRing, witnesses: Witnesses, progress: Progress
) -> Walk:
    """Walk all files of a ledger; heads it holds of other ledgers are added to `witnesses`."""
    files = files_of(folder)
    opened = [(path, _open(path, ring)) for path in files]
    mine = witnesses.setdefault(ledger, {})
    verifying = ring.verifying_key()
    bad = [
        sequence
        for _, connection in opened
        if not isinstance(connection, str)
        for sequence in _seals(connection, verifying, witnesses)
    ]
    walk = Walk(start_of(ledger), mine)
    first_kept = True
    for path, connection in opened:
        if isinstance(connection, str):
            walk.faults.append(
                fault(ledger, walk.last.sequence + 1, FaultKind.UNREADABLE, connection)
            )
            continue
        _walk_file(walk, connection, path, progress, anchor=first_kept)
        first_kept = False
        connection.close()
    for sequence in bad:
        walk.unsigned(sequence)
    return walk


def witnesses_in(folder: Path, ring: KeyRing) -> Witnesses:
    """Return the heads that the operations ledger witnessed, by ledger and sequence."""
    found: Witnesses = {}
    for path in files_of(folder):
        connection = _open(path, ring)
        if isinstance(connection, str):
            continue
        for sequence, payload, _ in _rows(connection, 0, lambda _s, _w: None):
            try:
                seen = from_event(decode_operations(sequence, payload))
            except (LedgerFaultError, msgspec.DecodeError):
                continue  # the walk over this ledger names it
            for head in seen.heads if seen else ():
                found.setdefault(head.ledger, {})[head.sequence] = head.head
        connection.close()
    return found


def scratch_copy(folder: Path, scratch: Path) -> Path:
    """Return `folder`, or where it cannot be written a copy of it under `scratch`."""
    if os.access(folder, os.W_OK) and not os.statvfs(folder).f_flag & os.ST_RDONLY:
        return folder
    copy = scratch / folder.name
    shutil.copytree(folder, copy, ignore=shutil.ignore_patterns("packs", "run", "*-shm"))
    for path in [copy, *copy.rglob("*")]:
        path.chmod(0o700 if path.is_dir() else 0o600)
    return copy


def _open(path: Path, ring: KeyRing) -> apsw.Connection | str:
    try:
        return encrypted_database.open_for_reading(path, ring.open_key(key_path(path)))
    except (LedgerFaultError, KeyMissingError) as bad:
        return str(bad)


def _seals(
    connection: apsw.Connection, verifying: Ed25519PublicKey, witnesses: Witnesses
) -> Iterator[int]:
    """Collect the heads in a file's checkpoints; yield the sequences of bad signatures."""
    try:
        for sequence, body, signature in connection.execute("select * from checkpoint"):
            if not checkpoint.is_signed(verifying, body, signature):
                yield sequence
                continue
            seal = checkpoint.decode(body)
            for head in (seal.head, *seal.others):
                witnesses.setdefault(head.ledger, {})[head.sequence] = head.head
    except (apsw.Error, msgspec.DecodeError):
        return  # the rows' own walk tells what can still be read


def _walk_file(
    walk: Walk, connection: apsw.Connection, path: Path, progress: Progress, *, anchor: bool
) -> None:
    try:
        first, head = connection.execute("select first, head from beginning").get
    except (apsw.Error, TypeError) as bad:
        walk.unreadable(walk.last.sequence + 1, f"{path.name}: {bad}")
        return
    if anchor:
        # Days before the first kept one were deleted by retention: the walk begins here.
        walk.last = type(walk.last)(walk.last.ledger, first - 1, head)
    else:
        walk.begin_file(first, head, path.name)
    for sequence, payload, stored in _rows(connection, first - 1, walk.unreadable):
        walk.row(sequence, payload, stored)
        if walk.entries % _CHUNK == 0:
            progress(walk.last.ledger, walk.entries)


def _rows(
    connection: apsw.Connection, cursor: int, unreadable: Callable[[int, str], None]
) -> Iterator[tuple[int, bytes, bytes]]:
    """Yield rows in order; where a page cannot be read, go on key by key behind it."""
    query = (
        "select sequence, payload, head from entry where sequence > ? order by sequence limit ?"
    )
    while True:
        try:
            rows = connection.execute(query, (cursor, _CHUNK)).fetchall()
        except apsw.Error:
            upto = min(_last(connection, cursor), cursor + _CHUNK)
            yield from _one_by_one(connection, range(cursor + 1, upto + 1), unreadable)
            if upto <= cursor:
                return
            cursor = upto
            continue
        if not rows:
            return
        yield from rows  # type: ignore[misc]
        cursor = rows[-1][0]  # type: ignore[assignment]


def _one_by_one(
    connection: apsw.Connection, sequences: range, unreadable: Callable[[int, str], None]
) -> Iterator[tuple[int, bytes, bytes]]:
    for sequence in sequences:
        try:
            row = connection.execute(
                "select sequence, payload, head from entry where sequence = ?", (sequence,)
            ).fetchone()
        except apsw.Error as bad:
            unreadable(sequence, f"the page cannot be read: {bad}")
            continue
        if row is not None:
            yield row


def _last(connection: apsw.Connection, cursor: int) -> int:
    for query in (
        "select max(sequence) from entry",
        "select max(sequence) from checkpoint",
    ):
        try:
            newest = connection.execute(query).get
        except apsw.Error:
            continue
        if isinstance(newest, int):
            return newest
    return cursor


def faults_of(walks: list[Walk]) -> list[Fault]:
    """Return the faults of several walks, ledger by ledger."""
    return [each for walk in walks for each in walk.finish()]
