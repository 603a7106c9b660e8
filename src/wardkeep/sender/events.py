"""What this part writes to the operations ledger. A published event is never edited."""

from __future__ import annotations

from enum import StrEnum

import msgspec

PART = "sender"


class Trait(StrEnum):
    """By what a sender is told apart."""

    ADDRESS = "address"
    CERTIFICATE = "certificate"
    TOKEN = "token"  # noqa: S105  a trait's name
    """The number and note of what a FHIR sender shows at the door."""
    APPLICATION = "application"
    """MSH-3 and MSH-4 (HL7 v2.5.1, 2.15.9.3 and 2.15.9.4)."""
    MESSAGE_TYPE = "message_type"
    RATE = "rate"
    """Messages in one hour of the day, far beyond what the feed knew for it."""


class SenderKnown(msgspec.Struct, frozen=True, kw_only=True, tag="SenderKnown.v1"):
    """Somebody said that what appeared on a feed is known. `at` in UTC microseconds."""

    feed: str
    trait: Trait
    name: str
    by: str
    at: int


def encode(event: SenderKnown) -> bytes:
    """Return the event as JSON; its name and version stand under `type`."""
    return msgspec.json.encode(event)


def decode(body: bytes) -> SenderKnown:
    """Return the event that `encode` made; raises msgspec.DecodeError."""
    return msgspec.json.decode(body, type=SenderKnown)
