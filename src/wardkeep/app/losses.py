"""Looks at a start whether a ledger was shortened or rolled back, and records who goes on."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Sequence

from wardkeep.adapters.clinical_store import CLINICAL
from wardkeep.adapters.clock import now
from wardkeep.adapters.heads_seen import LedgerPlaces, given_out
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_losses import accepted_losses, find_losses, still_missing
from wardkeep.adapters.operations_store import OPERATIONS, EventStore, open_operations
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.errors import LedgerShortenedError
from wardkeep.app.folder import HospitalFolder
from wardkeep.hospital.site import Site
from wardkeep.kernel.wall_clock import utc
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.ledger.loss import Loss, LossAccepted, LossKind, not_accepted, to_event

_WORDS = {
    LossKind.TAIL_REMOVED: "gone from the end: cut off or damaged, or an older copy put back",
    LossKind.FILE_GONE: "gone with their file",
    LossKind.MISSING: "missing",
    LossKind.REWRITTEN: "not what was seen",
}


def open_losses(folder: HospitalFolder, ring: KeyRing) -> list[Loss]:
    """Return what is missing of the ledgers and was accepted by nobody yet."""
    accepted = accepted_losses(folder.operations, ring)
    return not_accepted(find_losses(folder.ledgers, ring), accepted)


def standing_losses(folder: HospitalFolder, ring: KeyRing) -> list[Loss]:
    """Return what is missing, whether or not somebody accepted it."""
    found = find_losses(folder.ledgers, ring)
    accepted = [
        each for event in accepted_losses(folder.operations, ring) for each in event.losses
    ]
    known = {(one.ledger, one.first): one for one in [*found, *accepted]}
    return still_missing(known.values(), folder.ledgers, ring)


def accepted_and_missing(folder: HospitalFolder, ring: KeyRing) -> list[str]:
    """Return a sentence for each loss that somebody accepted and nobody brought back."""
    told: list[str] = []
    for event in accepted_losses(folder.operations, ring):
        for each in still_missing(event.losses, folder.ledgers, ring):
            lost = words_of(each, folder.ledgers)
            told.append(f"{lost}; accepted by {event.by}, {utc(event.at)}: {event.why}")
    return told


def by_ledger(losses: Iterable[Loss]) -> dict[str, int]:
    """Return how many entries each ledger lacks."""
    lost: dict[str, int] = {}
    for each in losses:
        lost[each.ledger] = lost.get(each.ledger, 0) + each.entries
    return lost


def refuse_if_shortened(folder: HospitalFolder, ring: KeyRing) -> None:
    """Raise LedgerShortenedError where a ledger lacks entries and nobody accepted that."""
    losses = open_losses(folder, ring)
    if losses:
        told = "; ".join(words_of(each, folder.ledgers) for each in losses)
        raise LedgerShortenedError(f"entries are missing: {told}")


def accept(folder: HospitalFolder, site: Site, ring: KeyRing, why: str) -> Sequence[Loss]:
    """Record that the person at the terminal goes on without what is missing; return that.

    Raises StoreLockedError, StoreFailedError, OSError.
    """
    with WriterLock(folder.writer_lock):
        losses = open_losses(folder, ring)
        if any(each.ledger == CLINICAL for each in losses):
            # What FHIR servers told may be among what is gone: all of it is asked for again.
            folder.poll_places.unlink(missing_ok=True)
        if losses:
            by = f"os:{getpass.getuser()}"
            event = LossAccepted(now(), by, why, tuple(losses))
            heads = given_out(folder.ledgers, ring)
            store = open_operations(folder.operations, ring, site.cipher, heads.get(OPERATIONS))
            try:
                store.go_on(event.at)
                store.append([to_event(event)])
            finally:
                store.close()
        return losses


def note_in_mid_run(
    losses: Sequence[Loss], operations: EventStore[OperationsEvent], at: int
) -> None:
    """Record what a writer finds that was started again beside a running server.

    A person was asked when the server was started; the hospital keeps its intake now.
    """
    if losses:
        why = "found while the server ran; intake went on"
        operations.append([to_event(LossAccepted(at, "serve", why, tuple(losses)))])


def words_of(loss: Loss, places: LedgerPlaces) -> str:
    """Return a loss in words, its ledger first."""
    return f"{loss.ledger}: {what_is_lost(loss, places)}"


def what_is_lost(loss: Loss, places: LedgerPlaces) -> str:
    """Return how many entries are lost, which of which file, and who saw them when."""
    several = f"{loss.entries:,} entries, {loss.first} to {loss.last}, are"
    which = f"entry {loss.first} is" if loss.entries == 1 else several
    how = _WORDS[loss.kind]
    if (
        loss.kind is LossKind.TAIL_REMOVED
        and not (places.of(loss.ledger) / loss.file).is_file()
    ):
        how = "gone with the whole file"
    seen = f"; {loss.seen}" if loss.kind is LossKind.FILE_GONE else f"; seen by: {loss.seen}"
    since = f", {utc(loss.since)}" if loss.since else ""
    return f"{which} {how} ({loss.file}{seen}{since})"
