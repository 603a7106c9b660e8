"""Walks a ledger entry by entry and names what its chain, seals and witnesses contradict.

Rules: a fault is named once, at the first entry that shows it; the walk goes on behind a hole
from the next head that can be read, so that one flipped bit does not hide a second fault.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wardkeep.ledger.chain import link
from wardkeep.ledger.checkpoint import Head


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
    FaultKind.TAIL_REMOVED: "The newest entries are gone: bring back the newest copy.",
    FaultKind.UNSIGNED: "The checkpoint is not signed with this site's key: suspect tampering.",
}


class Fault(msgspec.Struct, frozen=True, kw_only=True):
    """One fault: in which ledger, at which entry, of which kind, and what to do."""

    ledger: str
    entry: int
    kind: FaultKind
    what: str
    remedy: str


def fault(ledger: str, entry: int, kind: FaultKind, what: str) -> Fault:
    """Return a fault with the remedy of its kind."""
    return Fault(ledger=ledger, entry=entry, kind=kind, what=what, remedy=REMEDY[kind])


class Walk:
    """The state of a walk over one ledger; hand it every row in order, then `finish`.

    `witnesses` are heads by sequence that checkpoints or other ledgers hold of this one.
    """

    def __init__(self, start: Head, witnesses: dict[int, bytes]) -> None:
        self.last = start
        self.entries = 0
        self.faults: list[Fault] = []
        self._witnesses = witnesses
        self._misfits: list[tuple[int, bytes, bytes, bytes]] = []
        self._rewritten = False

    def begin_file(self, first: int, head: bytes, name: str) -> None:
        """Say how the next file begins; a file between that is gone shows here."""
        if first > self.last.sequence + 1:
            self._missing(first, f"{name} begins at entry {first}")
            self.last = Head(self.last.ledger, first - 1, head)
        elif head != self.last.head or first <= self.last.sequence:
            what = f"{name} does not go on from entry {self.last.sequence}"
            self._add(first, FaultKind.REWRITTEN, what)
            self.last = Head(self.last.ledger, first - 1, head)

    def row(self, sequence: int, payload: bytes, head: bytes) -> None:
        """Check one row against the one before it."""
        if sequence != self.last.sequence + 1:
            self._missing(sequence, f"the next entry is {sequence}")
        elif link(self.last.head, sequence, payload) != head:
            self._misfits.append((sequence, self.last.head, payload, head))
        self.entries += 1
        self.last = Head(self.last.ledger, sequence, head)
        witnessed = self._witnesses.get(sequence)
        if witnessed is not None and witnessed != head and not self._rewritten:
            self._rewritten = True
            self._add(sequence, FaultKind.REWRITTEN, "another head was signed or witnessed")

    def unreadable(self, sequence: int, why: str) -> None:
        """Say that a row cannot be read; the walk goes on behind it."""
        self._add(sequence, FaultKind.UNREADABLE, why)
        self.last = Head(self.last.ledger, sequence, b"")

    def unsigned(self, sequence: int) -> None:
        """Say that a checkpoint's signature is not the site's."""
        self._add(sequence, FaultKind.UNSIGNED, "the checkpoint's signature does not hold")

    def finish(self) -> list[Fault]:
        """Return all faults, by entry."""
        newest = max(self._witnesses, default=0)
        if newest > self.last.sequence:
            what = f"entries {self.last.sequence + 1} to {newest} were there and are gone"
            self._add(self.last.sequence + 1, FaultKind.TAIL_REMOVED, what)
        for sequence, before, _, head in self._misfits:
            moved = any(
                link(before, sequence, payload) == head for _, _, payload, _ in self._misfits
            )
            if moved:
                self._add(sequence, FaultKind.REORDERED, "another entry's bytes stand here")
            elif before:
                self._add(sequence, FaultKind.ALTERED, "the bytes are not those of the chain")
        return sorted(self.faults, key=lambda f: f.entry)

    def _missing(self, upto: int, what: str) -> None:
        first = self.last.sequence + 1
        kind = FaultKind.MISSING if upto > first else FaultKind.REORDERED
        self._add(first, kind, f"entry {first} to {upto - 1} missing: {what}")

    def _add(self, entry: int, kind: FaultKind, what: str) -> None:
        self.faults.append(fault(self.last.ledger, entry, kind, what))
