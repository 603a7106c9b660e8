"""Finds at a start what the ledgers had and have no more, without reading them whole.

Looks at how each file begins and ends, and at the entry of each head that somebody saw: some
milliseconds a file. Files and pages that cannot be read are damage that shows by itself and
count as nothing here (`wardkeep verify` reads everything).
"""

from __future__ import annotations

import contextlib
from collections.abc import Collection, Iterable, Sequence
from itertools import pairwise
from pathlib import Path

import apsw
import msgspec

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.heads_seen import LEDGERS, LedgerPlaces, heads_seen
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import (
    UNWITNESSED,
    by_day,
    by_month,
    files_of,
    follows_damage,
)
from wardkeep.adapters.operations_store import ACCESS, OPERATIONS, read_operations
from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger import loss
from wardkeep.ledger.chain import GENESIS
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import UNDECODABLE, OperationsEvent
from wardkeep.ledger.loss import UNSEEN, Loss, LossAccepted, LossKind, Seen
from wardkeep.ledger.witness import ERASURES, GAPS, GapLeft, PeriodErased, from_event

_AT = "select head from entry where sequence = ?"
_BEFORE = "select max(sequence) from entry where sequence < ?"
_BEHIND = "select min(sequence) from entry where sequence > ?"
_MOST_EVENTS = 100_000
# What is left out behind a damaged file, whose name says so (adapters.ledger_folder).
_LEFT_OUT = UNWITNESSED + UNSEEN


class _File(msgspec.Struct, frozen=True):
    """How a file begins and ends; `last` is `first - 1` where it holds nothing."""

    path: Path
    first: int
    begin: bytes
    last: int
    head: bytes


def find_losses(places: LedgerPlaces, ring: KeyRing) -> list[Loss]:
    """Return what is missing or not what it was, ledger by ledger."""
    # First: whoever writes meanwhile adds behind it.
    seen = heads_seen(places, ring)
    erased = _erased_through(places.operations, ring)
    left_out = _left_out_on_purpose(places.operations, ring)
    found: list[Loss] = []
    for ledger in LEDGERS:
        known = [each for each in seen if each.head.ledger == ledger]
        look = _Look(ledger, places.of(ledger), ring, erased.get(ledger, 0))
        found += look.losses(known, left_out)
    return found


def accepted_losses(operations: Path, ring: KeyRing) -> list[LossAccepted]:
    """Return what was accepted so far, oldest first; nothing where that cannot be read."""
    return [
        event
        for each in _events(operations, ring, loss.PART)
        if (event := loss.from_event(each)) is not None
    ]


def still_missing(losses: Iterable[Loss], places: LedgerPlaces, ring: KeyRing) -> list[Loss]:
    """Return the losses whose entries were neither brought back nor erased since."""
    erased = _erased_through(places.operations, ring)
    kept: dict[str, _Look] = {}
    missing: list[Loss] = []
    for each in losses:
        if each.last <= erased.get(each.ledger, 0):
            continue
        if each.ledger not in kept:
            kept[each.ledger] = _Look(each.ledger, places.of(each.ledger), ring, 0)
        if each.kind is LossKind.REWRITTEN or not kept[each.ledger].has(each.first):
            missing.append(each)
    return missing


class _Look:
    """One ledger's files, held against each other and against who saw its heads."""

    def __init__(self, ledger: str, folder: Path, ring: KeyRing, erased: int) -> None:
        self._ledger, self._ring, self._erased = ledger, ring, erased
        self._paths = files_of(folder)
        self._folder = folder
        self._files = [self._ends(path) for path in self._paths]

    def losses(self, seen: Sequence[Seen], left_out: Collection[GapLeft]) -> list[Loss]:
        """Return what is gone, in the order of the entries.

        `left_out` are numbers that another box left out when it went on.
        """
        seen = [each for each in seen if each.head.sequence > self._erased]
        gaps = {(each.before, each.upto) for each in left_out}
        found = [*self._gaps(gaps), *self._tail(seen), *self._within(seen)]
        return sorted(found, key=lambda each: each.first)

    def has(self, sequence: int) -> bool:
        """Tell whether an entry is there and can be read."""
        file = self._holding(sequence)
        return file is not None and self._at(file, sequence)[0] is not None

    def _ends(self, path: Path) -> _File | None:
        try:
            key = self._ring.open_key(key_path(path))
            opened = encrypted_database.open_for_reading(path, key)
        except WardkeepError:
            return None
        with contextlib.closing(opened) as connection:
            try:
                first, begin = connection.execute("select first, head from beginning").get
                last, head = connection.execute(
                    "select sequence, head from entry order by sequence desc limit 1"
                ).get or (first - 1, begin)
            except (apsw.Error, TypeError):
                return None
        return _File(path, first, begin, last, head)

    def _gaps(self, left_out: Collection[tuple[Head, int]]) -> list[Loss]:
        found: list[Loss] = []
        start = _File(self._folder, 1, GENESIS, self._erased, b"")
        for before, file in pairwise([start, *self._files]):
            if before is None or file is None:
                continue  # where a file cannot be read, its neighbours tell nothing
            # The head is not known ("") where what was before is erased.
            head = Head(self._ledger, before.last, file.begin)
            if (head, file.first - 1) in left_out and before.head in {file.begin, b""}:
                continue
            gap = file.first - before.last - 1
            if gap <= 0 or (gap <= _LEFT_OUT and follows_damage(file.path)):
                found += self._other_state(before, file)
                continue
            found.append(
                Loss(
                    ledger=self._ledger,
                    kind=LossKind.FILE_GONE,
                    first=before.last + 1,
                    last=file.first - 1,
                    file=self._between(before, file),
                    seen=f"{file.path.name} begins at entry {file.first}",
                )
            )
        return found

    def _other_state(self, before: _File, file: _File) -> list[Loss]:
        """Return what stands twice, or follows another entry than it did."""
        fits = before.last == file.first - 1 and before.head in {file.begin, b""}
        if fits or file.first > before.last + 1 or file.first <= self._erased:
            return []
        return [
            Loss(
                ledger=self._ledger,
                kind=LossKind.REWRITTEN,
                first=min(file.first, max(before.last, 1)),
                last=max(before.last, file.first - 1),
                file=before.path.name,
                seen=f"{file.path.name} follows another entry {file.first - 1}",
            )
        ]

    def _between(self, before: _File, file: _File) -> str:
        begins = "" if before.path == self._folder else before.path.stem
        keys = sorted(path.stem for path in self._folder.glob("*.key"))
        stores = {path.stem for path in self._paths}
        # The key of a day that was removed often lies there still, and says which day it was.
        alone = [f"{s}.db" for s in keys if begins < s < file.path.stem and s not in stores]
        if alone:
            return ", ".join(alone)
        if before.path == self._folder:
            return f"before {file.path.name}"
        return f"{before.path.name}, or a file behind it"

    def _tail(self, seen: Sequence[Seen]) -> list[Loss]:
        newest = max(seen, key=lambda each: each.head.sequence, default=None)
        if newest is None or (self._files and self._files[-1] is None):
            return []
        last = self._files[-1].last if self._files and self._files[-1] else self._erased
        if newest.head.sequence <= last:
            return []
        return [
            Loss(
                ledger=self._ledger,
                kind=LossKind.TAIL_REMOVED,
                first=last + 1,
                last=newest.head.sequence,
                file=self._file_at(newest.at),
                seen=newest.by,
                since=newest.at,
            )
        ]

    def _file_at(self, at: int) -> str:
        """Return the name of the file that held what was seen at a time."""
        period = {OPERATIONS: OPERATIONS, ACCESS: by_month(at)}.get(self._ledger, by_day(at))
        newest = self._paths[-1].stem if self._paths else ""
        return f"{max(period, newest)}.db"

    def _within(self, seen: Sequence[Seen]) -> list[Loss]:
        found: list[Loss] = []
        agreed = [self._erased]
        other: list[tuple[Seen, _File]] = []
        for each in sorted(seen, key=lambda one: one.head.sequence):
            file = self._holding(each.head.sequence)
            if file is None:
                continue
            head, before, behind = self._at(file, each.head.sequence)
            if head is None and before < behind:
                found.append(self._missing(file, before + 1, behind - 1, each))
            elif head == each.head.head:
                agreed.append(each.head.sequence)
            elif head:
                other.append((each, file))
        found = list({(loss.first, loss.last): loss for loss in found}.values())
        return found + self._rewritten(agreed, other)

    def _missing(self, file: _File, first: int, last: int, seen: Seen) -> Loss:
        return Loss(
            ledger=self._ledger,
            kind=LossKind.MISSING,
            first=first,
            last=last,
            file=file.path.name,
            seen=seen.by,
            since=seen.at,
        )

    def _rewritten(
        self, agreed: Sequence[int], other: Sequence[tuple[Seen, _File]]
    ) -> list[Loss]:
        if not other:
            return []
        (oldest, file), (newest, _) = other[0], other[-1]
        # The ledger's own checkpoint agrees with whatever state lies here.
        sound = max(each for each in agreed if each < oldest.head.sequence)
        return [
            Loss(
                ledger=self._ledger,
                kind=LossKind.REWRITTEN,
                first=sound + 1,
                last=newest.head.sequence,
                file=file.path.name,
                seen=newest.by,
                since=oldest.at,
            )
        ]

    def _holding(self, sequence: int) -> _File | None:
        files = [file for file in self._files if file and file.first <= sequence <= file.last]
        return files[-1] if files else None

    def _at(self, file: _File, sequence: int) -> tuple[bytes | None, int, int]:
        """Return the head at an entry; where it is missing, the entries round the hole.

        Nothing at all where the page cannot be read.
        """
        try:
            key = self._ring.open_key(key_path(file.path))
            with contextlib.closing(
                encrypted_database.open_for_reading(file.path, key)
            ) as connection:
                head = connection.execute(_AT, (sequence,)).get
                if head is not None:
                    return bytes(head), 0, 0
                before = connection.execute(_BEFORE, (sequence,)).get
                behind = connection.execute(_BEHIND, (sequence,)).get
        except (apsw.Error, WardkeepError):
            return None, 0, 0
        return None, before or file.first - 1, behind


def _erased_through(operations: Path, ring: KeyRing) -> dict[str, int]:
    erased: dict[str, int] = {}
    for each in _events(operations, ring, ERASURES):
        said = from_event(each)
        if isinstance(said, PeriodErased):
            ledger, sequence = said.through.ledger, said.through.sequence
            erased[ledger] = max(erased.get(ledger, 0), sequence)
    return erased


def _left_out_on_purpose(operations: Path, ring: KeyRing) -> list[GapLeft]:
    said = [from_event(each) for each in _events(operations, ring, GAPS)]
    return [each for each in said if isinstance(each, GapLeft)]


def _events(operations: Path, ring: KeyRing, part: str) -> list[OperationsEvent]:
    reader = read_operations(operations, ring)
    try:
        return [event for _, event in reader.after(0, part, _MOST_EVENTS)]
    except (WardkeepError, *UNDECODABLE):
        return []
    finally:
        reader.close()
