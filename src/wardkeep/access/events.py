"""What the access part writes to the operations ledger about accounts and their factors.

Sealed codes, officers and broken glass stand in `access.entry_events`.
"""

from __future__ import annotations

from enum import StrEnum

import msgspec
from typing_extensions import override

from wardkeep.access.errors import UnreadableAccountEventError


class Role(StrEnum):
    """What an account may be used for; an account may hold several roles."""

    NURSE = "nurse"
    """Sees wards and patients. Version 0.1 wrote it as "ward", which reads as this for ever."""
    PHYSICIAN = "physician"
    PHARMACIST = "pharmacist"
    LABORATORY = "laboratory"
    """Sees wards and patients, to tell results by telephone; no messages as they came."""
    IT = "it"
    """Sees streams, feeds, quarantine and raw messages; keeps accounts."""
    LEAD = "lead"
    """Leads the hospital through a crisis: sees and does everything."""
    AUDITOR = "auditor"
    """Sees who looked at whom; sees no patient."""

    @classmethod
    @override
    def _missing_(cls, value: object) -> Role | None:
        return cls.NURSE if value == "ward" else None


class _Written(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag=lambda name: f"{name}.v1",
):
    """What every event tells: whose account, when (UTC microseconds), who or what caused it."""

    name: str
    at: int
    by: str


class AccountAddedFirst(msgspec.Struct, frozen=True, kw_only=True, tag="AccountAdded.v1"):
    """An account was made, as version 0.1 wrote it: reads as AccountAdded."""

    name: str
    roles: tuple[Role, ...]
    password_hash: str
    at: int
    by: str


class AccountAdded(_Written, frozen=True, kw_only=True, tag="AccountAdded.v2"):
    """An account was made. `password_hash` is an argon2id string, or "" until it is activated.

    `activation`: the digest of a one-time code by which its owner chooses a password.
    """

    roles: tuple[Role, ...]
    password_hash: str = ""
    full_name: str = ""
    badge: str = ""
    language: str = ""
    activation: str = ""


class AccountDescribed(_Written, frozen=True, kw_only=True):
    """An account's owner is told otherwise: full name, badge number, language."""

    full_name: str
    badge: str
    language: str


class RolesGiven(_Written, frozen=True, kw_only=True):
    """An account has these roles and no other."""

    roles: tuple[Role, ...]


class ActivationIssued(_Written, frozen=True, kw_only=True):
    """A one-time code was printed for the account; one printed earlier opens nothing."""

    activation: str


class PasswordChanged(msgspec.Struct, frozen=True, kw_only=True, tag="PasswordChanged.v1"):
    """An account has a new password; sessions opened before it end, so does its code."""

    name: str
    password_hash: str
    at: int
    by: str


class PinSet(_Written, frozen=True, kw_only=True):
    """An account has a new PIN, an argon2id string; "" takes the PIN away."""

    pin_hash: str


class TotpEnrolled(_Written, frozen=True, kw_only=True):
    """An account's app gives codes by this secret (RFC 6238; base32)."""

    secret: str


class SecurityKeyEnrolled(_Written, frozen=True, kw_only=True):
    """A FIDO2 key is a second factor of the account; id and COSE public key in base64url."""

    credential: str
    public_key: str
    label: str


class FactorsRemoved(_Written, frozen=True, kw_only=True):
    """The account's app, or the keys named, count no more; sessions opened before it end."""

    totp: bool = False
    credentials: tuple[str, ...] = ()


class AccountDisabled(msgspec.Struct, frozen=True, kw_only=True, tag="AccountDisabled.v1"):
    """An account may no longer log in; its sessions end."""

    name: str
    at: int
    by: str


class AccountEnabled(_Written, frozen=True, kw_only=True):
    """A disabled account may log in again."""


AccountChange = (
    AccountDescribed
    | RolesGiven
    | ActivationIssued
    | PasswordChanged
    | PinSet
    | TotpEnrolled
    | SecurityKeyEnrolled
    | FactorsRemoved
    | AccountDisabled
    | AccountEnabled
)
"""What happens to an account after it was made."""
AccountEvent = AccountAdded | AccountChange

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[AccountAddedFirst | AccountEvent] = msgspec.json.Decoder(
    AccountAddedFirst | AccountEvent
)


def encode(event: AccountEvent) -> bytes:
    """Return the event as JSON, name and version in "type"; equal events, equal bytes."""
    return _encoder.encode(event)


def decode(body: bytes) -> AccountEvent:
    """Return the event that `encode` wrote; raises UnreadableAccountEventError."""
    try:
        event = _decoder.decode(body)
    except msgspec.DecodeError as fault:
        raise UnreadableAccountEventError(
            f"an account event cannot be read: {fault}"
        ) from fault
    if isinstance(event, AccountAddedFirst):
        return AccountAdded(
            name=event.name,
            roles=event.roles,
            password_hash=event.password_hash,
            at=event.at,
            by=event.by,
        )
    return event


def titled(event: msgspec.Struct) -> tuple[str, int]:
    """Return name and version of an event, as its entry in the ledger is headed."""
    name, _, version = str(event.__struct_config__.tag).partition(".v")
    return name, int(version)
