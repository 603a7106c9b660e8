"""What the access part writes to the operations ledger: accounts and their changes."""

from __future__ import annotations

from enum import StrEnum

import msgspec

from wardkeep.access.errors import UnreadableAccountEventError


class Role(StrEnum):
    """What an account may be used for; an account may hold several roles."""

    WARD = "ward"
    """Sees wards and patients."""
    IT = "it"
    """Sees streams, feeds, quarantine and raw messages; keeps accounts."""
    LEAD = "lead"
    """Leads the hospital through a crisis: sees and does all that WARD and IT may."""
    AUDITOR = "auditor"
    """Sees who looked at whom; sees no patient."""


class AccountAdded(msgspec.Struct, frozen=True, kw_only=True, tag="AccountAdded.v1"):
    """An account was made. `password_hash` is an argon2id string; times in UTC microseconds."""

    name: str
    roles: tuple[Role, ...]
    password_hash: str
    at: int
    by: str


class PasswordChanged(msgspec.Struct, frozen=True, kw_only=True, tag="PasswordChanged.v1"):
    """An account has a new password; sessions opened before it end."""

    name: str
    password_hash: str
    at: int
    by: str


class AccountDisabled(msgspec.Struct, frozen=True, kw_only=True, tag="AccountDisabled.v1"):
    """An account may no longer log in; its sessions end."""

    name: str
    at: int
    by: str


AccountEvent = AccountAdded | PasswordChanged | AccountDisabled

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[AccountEvent] = msgspec.json.Decoder(AccountEvent)


def encode(event: AccountEvent) -> bytes:
    """Return the event as JSON, name and version in "type"; equal events, equal bytes."""
    return _encoder.encode(event)


def decode(body: bytes) -> AccountEvent:
    """Return the event that `encode` wrote; raises UnreadableAccountEventError."""
    try:
        return _decoder.decode(body)
    except msgspec.DecodeError as fault:
        raise UnreadableAccountEventError(
            f"an account event cannot be read: {fault}"
        ) from fault
