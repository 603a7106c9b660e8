"""What custody writes to the operations ledger. A published event is never edited."""

from __future__ import annotations

import msgspec

from wardkeep.custody.errors import CustodyEventError

PART = "custody"


class ServerKeyRotated(msgspec.Struct, frozen=True, kw_only=True, tag="ServerKeyRotated.v1"):
    """Every key file and pack is wrapped to a new server key; the old one opens nothing."""

    at: int
    by: str
    files: int


class ServerKeyMoved(msgspec.Struct, frozen=True, kw_only=True, tag="ServerKeyMoved.v1"):
    """The server's key lies elsewhere: "file", "usb", "credential" or "passphrase"."""

    at: int
    by: str
    before: str
    now: str


class RecoveryReplaced(msgspec.Struct, frozen=True, kw_only=True, tag="RecoveryReplaced.v1"):
    """New recovery words or sheets were made; the ones before open nothing.

    `needed` of `sheets` open; 1 of 1 for words.
    """

    at: int
    by: str
    sheets: int
    needed: int
    officers: tuple[str, ...]
    confirmed: bool


class PatientKeyErased(msgspec.Struct, frozen=True, kw_only=True, tag="PatientKeyErased.v1"):
    """The digest key of a patient was erased (GDPR, article 17); the number is not kept."""

    at: int
    by: str
    why: str


class EnvelopesPrinted(msgspec.Struct, frozen=True, kw_only=True, tag="EnvelopesPrinted.v1"):
    """Keys that open ward packs were printed as words, for sealed envelopes.

    `holders` are codes of wards, "crisis" and "pharmacy".
    """

    at: int
    by: str
    holders: tuple[str, ...]


CustodyEvent = (
    ServerKeyRotated | ServerKeyMoved | RecoveryReplaced | PatientKeyErased | EnvelopesPrinted
)

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[CustodyEvent] = msgspec.json.Decoder(CustodyEvent)


def encode(event: CustodyEvent) -> bytes:
    """Return the event as JSON, name and version in "type"; equal events, equal bytes."""
    return _encoder.encode(event)


def decode(body: bytes) -> CustodyEvent:
    """Return the event that `encode` wrote; raises CustodyEventError."""
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError as fault:
        raise CustodyEventError(f"an event of the keys cannot be read: {fault}") from fault
