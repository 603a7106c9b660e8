"""What an entry is found by in its store, beside its sequence: derived from its payload alone.

The chain covers payloads; `wardkeep verify` holds these columns against them, so that nobody
can hide an entry from those who look for it by name.
"""

from __future__ import annotations

from wardkeep.ledger.arrival import Entry
from wardkeep.ledger.encoding import (
    LookEntry,
    OperationsEvent,
    decode_clinical,
    decode_look,
    decode_operations,
)
from wardkeep.ledger.repeats import fingerprint_of, sender_of

FoundBy = tuple[bytes | None, int, int]
"""Name, sender, fingerprint."""


def of_clinical(entry: Entry) -> FoundBy:
    """Return MSH-10 (None if empty), the sender's number and the fingerprint of the bytes."""
    sender = sender_of(entry.feed, entry.application, entry.facility)
    if not entry.control:
        return None, sender, 0
    return entry.control, sender, fingerprint_of(entry.body)


def of_operations(event: OperationsEvent) -> FoundBy:
    """Return the part that wrote the event."""
    return event.part.encode(), 0, 0


def of_look(look: LookEntry) -> FoundBy:
    """Return the record number that was looked at."""
    return look.record.encode(), 0, 0


def of_payload(ledger: str, sequence: int, payload: bytes) -> FoundBy:
    """Return what a payload of a ledger must be found by; raises LedgerFaultError."""
    if ledger == "clinical":
        return of_clinical(decode_clinical(sequence, payload))
    if ledger == "operations":
        return of_operations(decode_operations(sequence, payload))
    return of_look(decode_look(sequence, payload))
