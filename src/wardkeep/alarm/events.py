"""What this part writes to the operations ledger. A published event is never edited."""

from __future__ import annotations

import msgspec

PART = "alarm"


class AlarmRaised(msgspec.Struct, frozen=True, kw_only=True, tag="AlarmRaised.v1"):
    """An alarm began to stand. Times in UTC microseconds; `at` is when it was recorded."""

    code: str
    subject: str
    detail: str
    since: int
    at: int


class AlarmCleared(msgspec.Struct, frozen=True, kw_only=True, tag="AlarmCleared.v1"):
    """What had been told by AlarmRaised is over. Times in UTC microseconds."""

    code: str
    subject: str
    at: int


AlarmEvent = AlarmRaised | AlarmCleared
_decoder: msgspec.json.Decoder[AlarmEvent] = msgspec.json.Decoder(AlarmEvent)


def encode(event: AlarmEvent) -> bytes:
    """Return the event as JSON; its name and version stand under `type`."""
    return msgspec.json.encode(event)


def decode(body: bytes) -> AlarmEvent:
    """Return the event that `encode` made; raises msgspec.DecodeError."""
    return _decoder.decode(body)
