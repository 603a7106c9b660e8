"""Walks a ledger entry by entry and names what its chain, seals and witnesses contradict.

Rules: a fault is named once, at the first entry that shows it; the walk goes on behind a hole
from the next head that can be read, so that one flipped bit does not hide a second fault.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

from wardkeep.ledger.chain import link
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.errors import LedgerFaultError
from wardkeep.ledger.found_by import FoundBy, of_payload


class FaultKind(StrEnum):
    """What can be wrong with a ledger."""

    ALTERED = "altered"
    REORDERED = "reordered"
    MISSING = "missing"
    UNREADABLE = "unreadable"
    REWRITTEN = "rewritten"
    """Chained soundly, but another head was signed or witnessed: an older state is back."""
    TAIL_REMOVED = "tail-removed"
    UNSIGNED = "unsigned"


_EVIDENCE = "Keep the folder as it is (evidence); compare with a copy or a backup."
REMEDY = {
    FaultKind.ALTERED: _EVIDENCE,
    FaultKind.REORDERED: _EVIDENCE,
    FaultKind.MISSING: "Bring the entries back from a copy or a backup of this folder.",
    FaultKind.UNREADABLE: "Check the disk; bring the file back from a copy or a backup.",
    FaultKind.REWRITTEN: "An older or other state lies here: bring back the newest copy.",
    FaultKind.TAIL_REMOVED: "What was seen last is gone: bring back the newest copy.",
    FaultKind.UNSIGNED: "No key of this site signed it (any more): suspect tampering.",
}

FAULTS_NAMED = 1_000
"""Named per ledger; behind them faults are only counted: whoever reads needs the first ones."""
# Rows exchanged with each other are told from altered ones by trying every place of every other
# misfit: with more misfits than this they are all called altered.
_MISFITS_COMPARED = 48
# Heads witnessed once a second for a month are 2.6 million; every second one goes when there
# are more than these. Any later head contradicts a rewritten chain as well, only less closely.
_HEADS_KEPT = 200_000


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault: in which ledger and file, at which entry, of which kind, and what to do."""

    ledger: str
    entry: int
    kind: FaultKind
    what: str
    remedy: str
    file: str = ""


class Witnesses:
    """Heads of one ledger that checkpoints and other ledgers hold of it."""

    def __init__(self) -> None:
        self._heads: dict[int, bytes] = {}
        self._printed: dict[int, bytes] = {}
        self.newest = 0
        """The highest sequence that anybody has seen."""

    def add(self, head: Head) -> None:
        """Remember a head; where two witnesses disagree, no head is right."""
        self.newest = max(self.newest, head.sequence)
        known = self._heads.setdefault(head.sequence, head.head)
        if known != head.head:
            self._heads[head.sequence] = b""
        if len(self._heads) > _HEADS_KEPT:
            self._heads = dict(sorted(self._heads.items(), reverse=True)[::2])

    def add_printed(self, head: Head) -> None:
        """Remember what a page says of a head: its first bytes."""
        self.newest = max(self.newest, head.sequence)
        self._printed[head.sequence] = head.head

    def agree(self, head: Head) -> bool | None:
        """Tell whether everybody who looked then saw this head, None if nobody looked."""
        seen, printed = self._heads.get(head.sequence), self._printed.get(head.sequence)
        if seen is None and printed is None:
            return None
        return seen in {None, head.head} and head.head.startswith(printed or b"")

    def newest_between(self, last: Head, before: int) -> int:
        """Return the highest entry that anybody has seen behind a head, 0 if none.

        The head itself is witnessed too as the one behind which a ledger went on.
        """
        seen = (s for s in self._heads if last.sequence < s < before)
        return max((s for s in seen if self._heads[s] != last.head), default=0)

    def at(self, sequence: int) -> bytes | None:
        """Return the head that was seen after an entry, None if nobody looked then."""
        return self._heads.get(sequence)


class _Misfit(msgspec.Struct, frozen=True):
    """A row whose head does not follow from the head before it and its payload."""

    sequence: int
    before: bytes
    payload: bytes
    head: bytes
    file: str


class Walk:
    """The state of a walk over one ledger; hand it every file and row in order, then `finish`.

    `start` is the head before the first entry that must be there. `gaps` are numbers that were
    left out on purpose (witness.GapLeft): from the entry before to the last of them.
    """

    def __init__(
        self, start: Head, witnesses: Witnesses, gaps: Mapping[int, int] | None = None
    ) -> None:
        self._gaps = gaps or {}
        self.last = start
        self.entries = 0
        self.unnamed = 0
        """Faults beyond FAULTS_NAMED."""
        self._faults: list[Fault] = []
        self._witnesses = witnesses
        self._misfits: list[_Misfit] = []
        self._rewritten = False
        self._sound = start.sequence
        self._blind = False
        self._file = ""

    def begin_file(self, first: int, head: bytes, name: str) -> None:
        """Say how the next file begins; a file between that is gone shows here."""
        before, self._file = self._file, name
        if self._blind:
            self._blind = False
        elif self._gaps.get(self.last.sequence) == first - 1 and head == self.last.head:
            self._left_out(first)
        elif first > self.last.sequence + 1:
            ends = f"{before} ends with entry {self.last.sequence}, " if before else ""
            self._missing(first, f"{ends}{name} begins at entry {first}")
        elif head != self.last.head or first <= self.last.sequence:
            what = f"{name} does not go on from entry {self.last.sequence}"
            self._add(first, FaultKind.REWRITTEN, what)
        self.last = Head(self.last.ledger, first - 1, head)

    def row(self, sequence: int, payload: bytes, head: bytes, found_by: FoundBy) -> None:
        """Check a row against the one before it, and what it is found by against its bytes."""
        before = self.last.head
        if sequence != self.last.sequence + 1:
            self._missing(sequence, f"the next entry is {sequence}")
            before = self._witnesses.at(sequence - 1) or b""
        if before and link(before, sequence, payload) != head:
            self._misfit(_Misfit(sequence, before, payload, head, self._file))
        elif not _is_found_by(self.last.ledger, sequence, payload, found_by):
            self._add(sequence, FaultKind.ALTERED, "what it is found by is not in its bytes")
        self.entries += 1
        self.last = Head(self.last.ledger, sequence, head)
        agree = self._witnesses.agree(self.last)
        if agree is not None and not self._rewritten:
            self._compare(sequence, agree=agree)

    def unreadable(self, sequence: int, why: str) -> None:
        """Say that a row cannot be read; the walk goes on behind it."""
        self._add(sequence, FaultKind.UNREADABLE, why)
        self.last = Head(self.last.ledger, sequence, self._witnesses.at(sequence) or b"")

    def unreadable_file(self, why: str, name: str = "") -> None:
        """Say that a whole file cannot be read; how far it went is not known."""
        self._file = name
        self._add(self.last.sequence + 1, FaultKind.UNREADABLE, why)
        self._blind = True

    def unfindable(self, first: int, why: str) -> None:
        """Say that what a file's entries are found by cannot be read."""
        what = f"the entries are whole, but what they are found by is not: {why}"
        self._add(first, FaultKind.UNREADABLE, what)

    def unreadable_seals(self, first: int, why: str) -> None:
        """Say that what signs a file's entries cannot be read."""
        self._add(first, FaultKind.UNREADABLE, why)

    def unsigned(
        self, sequence: int, what: str = "the checkpoint's signature does not hold"
    ) -> None:
        """Say that an entry was signed, and is not, or not by the site."""
        self._add(sequence, FaultKind.UNSIGNED, what)

    def finish(self) -> list[Fault]:
        """Return the faults by entry, at most FAULTS_NAMED."""
        newest = self._witnesses.newest
        if newest > self.last.sequence and not self._blind:
            what = f"entries {self.last.sequence + 1} to {newest} were there and are gone"
            self._add(self.last.sequence + 1, FaultKind.TAIL_REMOVED, what)
        self._judge_misfits()
        return sorted(self._faults, key=lambda fault: fault.entry)[:FAULTS_NAMED]

    def _compare(self, sequence: int, *, agree: bool) -> None:
        if agree:
            self._sound = sequence
            return
        self._rewritten = True
        what = f"another head was signed or witnessed; the last that agrees is {self._sound}"
        self._add(sequence, FaultKind.REWRITTEN, what)

    def _misfit(self, misfit: _Misfit) -> None:
        if len(self._misfits) < FAULTS_NAMED:
            self._misfits.append(misfit)
        else:
            self.unnamed += 1

    def _judge_misfits(self) -> None:
        near = self._misfits[:_MISFITS_COMPARED]
        heads = {each.before for each in near} | {each.head for each in near}
        for misfit in near:
            if _leads_to(misfit.sequence, misfit.payload, heads, misfit.head):
                continue  # sound itself: only the row before it is not the one it followed
            for other in near:
                if link(misfit.before, misfit.sequence, other.payload) == misfit.head:
                    what = f"the bytes of entry {other.sequence} or others stand here"
                    self._add(misfit.sequence, FaultKind.REORDERED, what, misfit.file)
                    break
                if _leads_to(other.sequence, misfit.payload, heads, misfit.head):
                    what = f"what stands here was entry {other.sequence}"
                    self._add(misfit.sequence, FaultKind.REORDERED, what, misfit.file)
                    break
            else:
                self._altered(misfit)
        for misfit in self._misfits[_MISFITS_COMPARED:]:
            self._altered(misfit)

    def _altered(self, misfit: _Misfit) -> None:
        what = "the bytes are not those of the chain (or the head of the entry before is not)"
        self._add(misfit.sequence, FaultKind.ALTERED, what, misfit.file)

    def _left_out(self, upto: int) -> None:
        """Name what was lost when another box went on: what somebody saw and nobody copied."""
        first = self.last.sequence + 1
        if seen := self._witnesses.newest_between(self.last, upto):
            what = f"entry {first} to {seen} were lost with the box that wrote them"
            self._add(first, FaultKind.MISSING, what)

    def _missing(self, upto: int, what: str) -> None:
        first = self.last.sequence + 1
        kind = FaultKind.MISSING if upto > first else FaultKind.REORDERED
        self._add(first, kind, f"entry {first} to {upto - 1} missing: {what}")

    def _add(self, entry: int, kind: FaultKind, what: str, file: str = "") -> None:
        if len(self._faults) >= FAULTS_NAMED * 2:
            self.unnamed += 1
            return
        fault = Fault(
            ledger=self.last.ledger,
            entry=entry,
            kind=kind,
            what=what,
            remedy=REMEDY[kind],
            file=file or self._file,
        )
        self._faults.append(fault)


def _is_found_by(ledger: str, sequence: int, payload: bytes, found_by: FoundBy) -> bool:
    try:
        return of_payload(ledger, sequence, payload) == found_by
    except LedgerFaultError:
        return False


def _leads_to(sequence: int, payload: bytes, before: set[bytes], head: bytes) -> bool:
    """Tell whether `payload` as entry `sequence` leads from any head before to `head`."""
    return any(link(each, sequence, payload) == head for each in before)
