"""Verifies the three ledgers of a folder against chains, seals, each other and outside."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import msgspec

from wardkeep.adapters.heads_seen import LedgerPlaces, seen_outside
from wardkeep.adapters.ledger_check import LedgerCheck, Progress
from wardkeep.adapters.ledger_losses import accepted_losses, find_losses
from wardkeep.app.errors import BRING_BACK, LedgerShortenedError
from wardkeep.app.folder import open_folder
from wardkeep.app.folder_faults import format_faults, signing_fault
from wardkeep.app.losses import what_is_lost
from wardkeep.app.site_keys import open_keys
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.loss import Loss, LossAccepted
from wardkeep.ledger.verification import Fault, FaultKind


class Verdict(msgspec.Struct, frozen=True, kw_only=True):
    """What `wardkeep verify --json` prints: entries per ledger, faults in order.

    `unnamed` counts the faults beyond the first 1,000 of a ledger, which are not listed;
    `witnesses` the heads outside the ledgers that they were held against.
    """

    ok: bool
    entries: dict[str, int]
    first_fault: Fault | None
    faults: list[Fault]
    unnamed: int
    witnesses: int = 0


def verify(path: Path, progress: Progress, printed: Sequence[Head] = ()) -> Verdict:
    """Read every entry of every ledger of the folder at `path`; works beside a running server.

    The folder may be a copy on read-only media. Nothing in it is changed. `printed` are heads
    as pages say them, which may be short. What is wrong with the folder itself is told behind
    the faults of the ledgers.
    Raises NotAHospitalFolderError, KeyMissingError.
    """
    folder = open_folder(path)
    ring = open_keys(folder)
    unsigning = signing_fault(ring)
    if unsigning:
        ring = ring.for_reading()
    ledgers = {
        "clinical": folder.clinical,
        "operations": folder.operations,
        "access": folder.access,
    }
    seen = [each.head for each in seen_outside(folder.ledgers, ring)]
    with tempfile.TemporaryDirectory(prefix="wardkeep-verify-") as scratch:
        check = LedgerCheck(ledgers, ring, Path(scratch), seen, printed)
        walks = [check.walk(ledger, progress) for ledger in ledgers]
        check.close()
    accepted = accepted_losses(folder.operations, ring)
    losses = find_losses(folder.ledgers, ring)
    named = [fault for walk in walks for fault in walk.finish()]
    told = [_as_told_at_a_start(fault, losses, folder.ledgers) for fault in named]
    faults = [_with_word(fault, accepted) for fault in told]

    faults += [*([unsigning] if unsigning else []), *format_faults(folder)]
    return Verdict(
        ok=not faults,
        entries={walk.last.ledger: walk.entries for walk in walks},
        first_fault=faults[0] if faults else None,
        faults=faults,
        unnamed=sum(walk.unnamed for walk in walks),
        witnesses=len(seen) + len(printed),
    )


def _as_told_at_a_start(fault: Fault, losses: Iterable[Loss], places: LedgerPlaces) -> Fault:
    """Return a fault in the words in which `serve` refuses to start for it, if it does."""
    if fault.kind not in {FaultKind.TAIL_REMOVED, FaultKind.MISSING}:
        return fault
    for each in losses:
        if each.ledger == fault.ledger and each.first <= fault.entry <= each.last:
            return msgspec.structs.replace(
                fault,
                what=what_is_lost(each, places),
                file=each.file,
                remedy=LedgerShortenedError.remedy,
            )
    return fault


def _with_word(fault: Fault, accepted: Iterable[LossAccepted]) -> Fault:
    """Return a fault with who went on without these entries, where somebody did."""
    for event in accepted:
        for loss in event.losses:
            if loss.ledger == fault.ledger and loss.first <= fault.entry <= loss.last:
                what = f"{fault.what}; accepted by {event.by}: {event.why}"
                return msgspec.structs.replace(fault, what=what, remedy=f"{BRING_BACK}.")
    return fault
