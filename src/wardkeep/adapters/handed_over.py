"""Reads the hand-overs of a site's signing key from its operations ledger."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.adapters.operations_store import read_operations
from wardkeep.ledger.encoding import decode_operations
from wardkeep.ledger.errors import LedgerFaultError
from wardkeep.ledger.handover import PART, SigningKeyHandedOver, from_event


def handed_over(operations: Path, ring: KeyRing) -> Iterator[SigningKeyHandedOver]:
    """Yield the hand-overs that a ledger holds, in order; raises LedgerFaultError."""
    if not files_of(operations):
        return
    ledger = read_operations(operations, ring)
    try:
        for _, event in ledger.after(0, PART):
            if (said := from_event(event)) is not None:
                yield said
    finally:
        ledger.close()


def handed_by(payload: bytes) -> SigningKeyHandedOver | None:
    """Return the hand-over that a payload of the operations ledger keeps, None if none."""
    try:
        return from_event(decode_operations(0, payload))
    except LedgerFaultError:
        return None
