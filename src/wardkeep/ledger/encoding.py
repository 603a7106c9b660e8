"""Entries to bytes and back: MessagePack arrays with a leading format number.

The bytes are what the chain covers; field order is fixed by the structs below and never
edited: another format gets another number (docs/design.md, "Ledger format").
"""

from __future__ import annotations

import msgspec

from wardkeep.ledger.arrival import Arrival, Entry, Kind
from wardkeep.ledger.errors import LedgerFaultError


class _ClinicalPayload(msgspec.Struct, frozen=True, array_like=True):
    form: int
    feed: str
    received: int
    kind: Kind
    application: bytes
    facility: bytes
    control: bytes
    id_reused: bool
    body: bytes


class OperationsEvent(msgspec.Struct, frozen=True, array_like=True):
    """One event of the operations ledger as a part wrote it.

    `body` is the part's own encoding; `at` in UTC microseconds; `by` who or what caused it.
    """

    part: str
    name: str
    version: int
    at: int
    by: str
    body: bytes


class LookEntry(msgspec.Struct, frozen=True, array_like=True):
    """One look at a patient in the access ledger; fields as in access.look."""

    at: int
    who: str
    record: str
    page: str
    why: str


_encoder = msgspec.msgpack.Encoder()
_clinical = msgspec.msgpack.Decoder(_ClinicalPayload)
_operations = msgspec.msgpack.Decoder(OperationsEvent)
_look = msgspec.msgpack.Decoder(LookEntry)
_FORM = 1
# What msgspec raises: the second for text that is not UTF-8 (msgspec 0.22).
UNDECODABLE = (msgspec.DecodeError, UnicodeDecodeError)


def encode_clinical(arrival: Arrival, *, id_reused: bool) -> bytes:
    """Return the payload of a clinical entry."""
    return _encoder.encode(
        (
            _FORM,
            arrival.feed,
            arrival.received,
            arrival.kind,
            arrival.application,
            arrival.facility,
            arrival.control,
            id_reused,
            arrival.body,
        )
    )


def decode_clinical(sequence: int, payload: bytes) -> Entry:
    """Return the entry whose payload was written; raises LedgerFaultError."""
    try:
        p = _clinical.decode(payload)
    except UNDECODABLE as fault:
        raise LedgerFaultError(
            f"clinical entry {sequence} cannot be decoded: {fault}"
        ) from fault
    if p.form != _FORM:
        raise LedgerFaultError(f"clinical entry {sequence} has the unknown form {p.form}")
    return Entry(
        sequence,
        p.feed,
        p.received,
        p.kind,
        p.application,
        p.facility,
        p.control,
        p.body,
        p.id_reused,
    )


def encode_operations(event: OperationsEvent) -> bytes:
    """Return the payload of an operations entry."""
    return _encoder.encode(event)


def decode_operations(sequence: int, payload: bytes) -> OperationsEvent:
    """Return the event; raises LedgerFaultError."""
    try:
        return _operations.decode(payload)
    except UNDECODABLE as fault:
        raise LedgerFaultError(
            f"operations entry {sequence} cannot be decoded: {fault}"
        ) from fault


def encode_look(look: LookEntry) -> bytes:
    """Return the payload of an access entry."""
    return _encoder.encode(look)


def decode_look(sequence: int, payload: bytes) -> LookEntry:
    """Return the look; raises LedgerFaultError."""
    try:
        return _look.decode(payload)
    except UNDECODABLE as fault:
        raise LedgerFaultError(f"access entry {sequence} cannot be decoded: {fault}") from fault
