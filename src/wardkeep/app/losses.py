"""Looks at a start whether a ledger was shortened or rolled back, and records who goes on."""

from __future__ import annotations

import getpass
from collections.abc import Iterable, Sequence

from wardkeep.adapters.clinical_store import CLINICAL
from wardkeep.adapters.clock import now
from wardkeep.adapters.heads_seen import given_out
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
    LossKind.TAIL_REMOVED: "are gone from the end",
    LossKind.FILE_GONE: "are gone with their file",
    LossKind.MISSING: "are missing",
    LossKind.REWRITTEN: "are not those that were seen",
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
        told = "; ".join(words_of(each) for each in losses)
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


def words_of(loss: Loss) -> str:
    """Return a loss in words: which entries of which file, and who saw them when."""
    span = f"{loss.first}" if loss.first == loss.last else f"{loss.first} to {loss.last}"
    seen = f"; {loss.seen}" if loss.kind is LossKind.FILE_GONE else f"; seen by: {loss.seen}"
    since = f", {_utc(loss.since)}" if loss.since else ""
    return f"{loss.ledger}: entries {span} {_WORDS[loss.kind]} ({loss.file}{seen}{since})"


def _utc(at: int) -> str:
    return utc(at)
