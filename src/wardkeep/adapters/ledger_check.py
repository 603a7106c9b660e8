"""Reads the three ledgers for `wardkeep verify`: every row, every seal, every witness.

All that is witnessed is read before any ledger is walked: beside a running server the walks
then find at least as much as was witnessed. Nothing is changed, the logs of the stores neither.
"""

from __future__ import annotations

import contextlib
import shutil
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import groupby
from pathlib import Path
from typing import Any

import apsw

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import INDEXED, key_path, start_of
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.ledger import checkpoint
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import UNDECODABLE, decode_operations
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError
from wardkeep.ledger.handover import PART as HANDED_OVER
from wardkeep.ledger.handover import SigningKeyHandedOver, chain_of
from wardkeep.ledger.handover import from_event as from_signing
from wardkeep.ledger.verification import Walk, Witnesses
from wardkeep.ledger.witness import GapLeft, PeriodErased, from_event

Progress = Callable[[str, int], None]
_Read = tuple[int, int]
"""How many entries an index ought to hold, and the sum of their numbers."""
_CHUNK = 2_000
_INDEX = "select count(*), sum(sequence) from entry indexed by seen where name is not null"
_LEFT_OUT = (
    "select min(each.sequence) from entry as each not indexed where each.name is not null"
    " and not exists (select 1 from entry as one indexed by seen where one.name = each.name"
    " and one.sender = each.sender and one.fingerprint = each.fingerprint"
    " and one.sequence = each.sequence)"
)
# Where a writer of an earlier release was killed, one head may have been witnessed, not signed:
# its next writer did not sign again what it had left. All later entries are signed for.
_UNSIGNED_ALLOWED = 1
# What a trailing index lacks, and what it holds that is not there.
_NOT_FOUND = (
    (
        "select min(entry.sequence) from entry left join seen using"
        " (name, sender, fingerprint, sequence) where entry.name is not null"
        " and entry.sequence <= (select sequence from seen_upto) and seen.sequence is null"
    ),
    (
        "select min(seen.sequence) from seen left join entry using (sequence)"
        " where (seen.name, seen.sender, seen.fingerprint)"
        " is not (entry.name, entry.sender, entry.fingerprint)"
    ),
    "select min(sequence) from seen where sequence > (select sequence from seen_upto)",
)
_COLUMNS = "select sequence, payload, head, name, sender, fingerprint from entry"
_AFTER = f"{_COLUMNS} where sequence > ? order by sequence limit ?"
_ONE = f"{_COLUMNS} where sequence = ?"


class LedgerCheck:
    """The ledgers in `folders` (by name, "operations" among them), opened to be checked.

    A store on read-only media with a log beside it is read from a copy under `scratch`. `seen`
    are heads that are kept outside the ledgers, `printed` those on paper, of which only the
    first bytes are known.
    """

    def __init__(
        self,
        folders: Mapping[str, Path],
        ring: KeyRing,
        scratch: Path,
        seen: Iterable[Head] = (),
        printed: Iterable[Head] = (),
    ) -> None:
        self._files = {
            ledger: [_File(path, ring, scratch) for path in files_of(folder)]
            for ledger, folder in folders.items()
        }
        self._witnesses = {ledger: Witnesses() for ledger in folders}
        self._starts = {ledger: start_of(ledger) for ledger in folders}
        self._gaps: dict[str, dict[int, int]] = {ledger: {} for ledger in folders}
        self._unsigned: dict[str, list[int]] = {ledger: [] for ledger in folders}
        self._by_others = {ledger: array("q") for ledger in folders}
        """The entries whose head another ledger holds: each was signed before."""
        handed = [each for file in self._files["operations"] for each in _handed_over(file)]
        self._verifying = chain_of(ring.verifying_keys(), handed)
        for ledger, files in self._files.items():
            for file in files:
                self._read_seals(ledger, file)
        for file in self._files["operations"]:
            self._read_events(file)
        for head in seen:
            self._witnessed(head)
        for head in printed:
            self._witnesses[head.ledger].add_printed(head)

    def walk(self, ledger: str, progress: Progress) -> Walk:
        """Walk all files of a ledger in order; `finish` of the walk names the faults."""
        walk = Walk(self._starts[ledger], self._witnesses[ledger], self._gaps[ledger])
        for file in self._files[ledger]:
            if _is_erased(file, self._starts[ledger].sequence):
                continue
            _walk_file(walk, file, progress)
            if self._verifying:
                self._look_at_seals(walk, file, newest=file is self._files[ledger][-1])
        # Without any key of the site nobody can tell what it signed.
        for sequence in self._unsigned[ledger] if self._verifying else ():
            walk.unsigned(sequence)
        return walk

    def close(self) -> None:
        """Close all files."""
        for files in self._files.values():
            for file in files:
                file.close()

    def _look_at_seals(self, walk: Walk, file: _File, *, newest: bool) -> None:
        """Name what was signed and is not any more: a page of checkpoints that was put back."""
        if file.fault:
            return
        # Beside a running server more was signed, and told to others, since seals were read.
        signed = frozenset(file.sealed) | self._signed_since(file)
        given = self._given(file, walk.last, signed)
        runs = [list(run) for bare, run in groupby(given, lambda s: s not in signed) if bare]
        for run in runs:
            ends_the_ledger = newest and run[-1] == given[-1]
            if len(run) > (0 if ends_the_ledger else _UNSIGNED_ALLOWED):
                what = f"no checkpoint signs entries {run[0]} to {run[-1]} any more"
                walk.unsigned(run[0], what)

    def _given(self, file: _File, last: Head, signed: frozenset[int]) -> list[int]:
        """Return the entries of a file that are there, and whose head another ledger holds.

        Those that are missing or unreadable are named by the walk.
        """
        given = {s for s in self._by_others[last.ledger] if file.first <= s <= last.sequence}
        return sorted(s for s in given if s in signed or _is_there(file, s))

    def _signed_since(self, file: _File) -> set[int]:
        """Return the entries that were signed after the seals of a file had been read."""
        newest = "select * from checkpoint where sequence > ?"
        try:
            return {
                sequence
                for sequence, body, signature in file.rows(newest, max(file.sealed, default=0))
                if checkpoint.is_signed_by_one(self._verifying, body, signature)
            }
        except apsw.Error:
            return set()  # the walk names it

    def _read_seals(self, ledger: str, file: _File) -> None:
        try:
            for sequence, body, signature in file.rows("select * from checkpoint"):
                if not checkpoint.is_signed_by_one(self._verifying, body, signature):
                    self._unsigned[ledger].append(sequence)
                    continue
                seal = checkpoint.decode(body)
                file.sealed.append(seal.head.sequence)
                self._witnessed(seal.head)
                self._witnessed_by_another(seal.others)
        except (apsw.Error, *UNDECODABLE) as bad:
            file.seals_fault = f"its checkpoints cannot be read: {bad}"

    def _read_events(self, file: _File) -> None:
        # All of them and not those found by name: a row may have been hidden from its index.
        for sequence, payload, *_ in _rows(file, 0, lambda _sequence, _why: None):
            try:
                said = from_event(decode_operations(sequence, payload))
            except (LedgerFaultError, *UNDECODABLE):
                continue  # the walk over this ledger names it
            if isinstance(said, PeriodErased):
                self._starts[said.through.ledger] = said.through
            elif isinstance(said, GapLeft):
                self._gaps[said.before.ledger][said.before.sequence] = said.upto
            elif said is not None:
                self._witnessed_by_another(said.heads)

    def _witnessed_by_another(self, heads: Iterable[Head]) -> None:
        for head in heads:
            self._witnessed(head)
            if head.ledger in self._by_others:
                self._by_others[head.ledger].append(head.sequence)

    def _witnessed(self, head: Head) -> None:
        if head.ledger in self._witnesses and head.sequence > 0:
            self._witnesses[head.ledger].add(head)


class _File:
    """One file of a ledger; `fault` says why it cannot be read at all.

    `first` is its first entry, `sealed` are the entries that a checkpoint signs.
    """

    def __init__(self, path: Path, ring: KeyRing, scratch: Path) -> None:
        self.path, self.fault, self.seals_fault = path, "", ""
        self.first, self.sealed = 0, array("q")
        self._connection: apsw.Connection | None = None
        try:
            self._connection = _open(path, ring.open_key(key_path(path)), scratch)
        except (LedgerFaultError, KeyMissingError) as bad:
            self.fault = str(bad)

    def rows(self, query: str, *values: int) -> list[tuple[Any, ...]]:
        """Return what a query finds; raises apsw.Error where a page cannot be read."""
        if self._connection is None:
            return []
        return self._connection.execute(query, values).fetchall()

    def each(self, query: str, *values: int | bytes) -> Iterator[tuple[Any, ...]]:
        """Yield what a query finds row by row: messages may have 64 MB."""
        if self._connection is not None:
            yield from self._connection.execute(query, values)

    def close(self) -> None:
        if self._connection is not None:
            self._connection.close()


def _is_there(file: _File, sequence: int) -> bool:
    try:
        return bool(file.rows("select 1 from entry where sequence = ?", sequence))
    except apsw.Error:
        return False


def _handed_over(file: _File) -> Iterator[SigningKeyHandedOver]:
    """Yield the hand-overs of the signing key that a file of the operations ledger holds."""
    query = "select sequence, payload from entry where name = ? order by sequence"
    with contextlib.suppress(apsw.Error, LedgerFaultError):
        for sequence, payload in file.each(query, HANDED_OVER.encode()):
            event = from_signing(decode_operations(sequence, payload))
            if event is not None:
                yield event


def _open(path: Path, key: bytes, scratch: Path) -> apsw.Connection:
    if encrypted_database.can_be_written(path) or not encrypted_database.has_log(path):
        return encrypted_database.open_for_reading(path, key)
    copy = scratch / path.parent.name
    copy.mkdir(mode=0o700, exist_ok=True)
    for each in path.parent.glob(f"{path.stem}.*"):
        if not each.name.endswith((".key", "-shm")):
            shutil.copyfile(each, copy / each.name)
    return encrypted_database.open_for_reading(copy / path.name, key)


def _walk_file(walk: Walk, file: _File, progress: Progress) -> None:
    try:
        beginning = file.rows("select first, head, format from beginning")
    except apsw.Error as bad:
        beginning, file.fault = [], f"{file.path.name}: {bad}"
    if not beginning:
        fault = file.fault or f"{file.path.name} does not say how it begins"
        walk.unreadable_file(fault, file.path.name)
        return
    [(first, head, form)] = beginning
    walk.begin_file(first, head, file.path.name)
    file.first = first
    read = _read_all(walk, file, progress)
    try:
        for hidden in _hidden(file, form, read):
            walk.unfindable(hidden, f"{file.path.name}: its index does not lead to this entry")
    except apsw.Error as bad:
        walk.unfindable(first, f"{file.path.name}: {bad}")
    if file.seals_fault:
        walk.unreadable_seals(first, f"{file.path.name}: {file.seals_fault}")


def _is_erased(file: _File, through: int) -> bool:
    """Tell whether a file was recorded as erased, and lies there still: it goes soon."""
    try:
        return (
            bool(through)
            and bool(file.rows("select 1 from beginning"))
            and (
                max(_newest(file), file.rows("select first from beginning")[0][0] - 1)
                <= through
            )
        )
    except apsw.Error:
        return False


def _read_all(walk: Walk, file: _File, progress: Progress) -> _Read | None:
    """Walk the rows; return what of them an index holds, None where not all could be read."""
    named = total = 0
    whole = True

    def unreadable(sequence: int, why: str) -> None:
        nonlocal whole
        whole = False
        walk.unreadable(sequence, why)

    for sequence, payload, stored, *found_by in _rows(file, file.first - 1, unreadable):
        walk.row(sequence, payload, stored, tuple(found_by))
        if found_by[0] is not None:
            named, total = named + 1, total + sequence
        if walk.entries % _CHUNK == 0:
            progress(walk.last.ledger, walk.entries)
    return (named, total) if whole else None


def _hidden(file: _File, form: int, read: _Read | None) -> Iterator[int]:
    """Yield entries that the index does not lead to, or leads to wrongly."""
    if form == INDEXED:
        [(named, total)] = file.rows(_INDEX)
        if read is not None and (named, total or 0) != read:
            [(hidden,)] = file.rows(_LEFT_OUT)
            yield hidden or file.first
        return
    for query in _NOT_FOUND:
        [(hidden,)] = file.rows(query)
        if hidden is not None:
            yield hidden


def _rows(
    file: _File, cursor: int, unreadable: Callable[[int, str], None]
) -> Iterator[tuple[Any, ...]]:
    """Yield rows in order; where a page cannot be read, go on key by key behind it."""
    going = True
    while going:
        read = 0
        try:
            for row in file.each(_AFTER, cursor, _CHUNK):
                yield row
                cursor, read = row[0], read + 1
            going = read == _CHUNK
        except apsw.Error as bad:
            newest = _newest(file)
            if newest <= cursor:
                unreadable(cursor + 1, f"nor what follows: {bad}")
                return
            upto = min(newest, cursor + _CHUNK)
            yield from _by_key(file, range(cursor + 1, upto + 1), unreadable)
            cursor = upto


def _by_key(
    file: _File, sequences: range, unreadable: Callable[[int, str], None]
) -> Iterator[tuple[Any, ...]]:
    for sequence in sequences:
        try:
            yield from file.rows(_ONE, sequence)
        except apsw.Error as bad:
            unreadable(sequence, f"the page cannot be read: {bad}")


def _newest(file: _File) -> int:
    """Return the newest sequence of a file; where its last page is damaged, the last signed."""
    newest = 0
    for query in ("select max(sequence) from entry", "select max(sequence) from checkpoint"):
        with contextlib.suppress(apsw.Error):
            newest = max(newest, file.rows(query)[0][0] or 0)
    return newest
