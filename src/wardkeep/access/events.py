"""What the access part writes to the operations ledger: accounts, factors, other ways in."""

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


class _Caused(
    msgspec.Struct,
    frozen=True,
    kw_only=True,
    omit_defaults=True,
    tag=lambda name: f"{name}.v1",
):
    """What every event tells: when it was (UTC microseconds), who or what caused it."""

    at: int
    by: str


class _Written(_Caused, frozen=True, kw_only=True):
    """An event of the account `name`."""

    name: str


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
    listed: bool = False
    """It stands on the hospital's list of people, and may one day be missing from it."""


class AccountDescribed(_Written, frozen=True, kw_only=True):
    """An account's owner is told otherwise: full name, badge number, language."""

    full_name: str
    badge: str
    language: str
    listed: bool = False


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


class CodesPrinted(_Caused, frozen=True, kw_only=True):
    """A sheet of sealed codes was printed, by their digests in the order of their numbers."""

    sheet: str
    role: Role
    hours: int
    digests: tuple[str, ...]


class CodeUsed(_Caused, frozen=True, kw_only=True):
    """A sealed code opened a session; `by` is the name that was typed with it."""

    sheet: str
    number: int


class CodesRevoked(_Caused, frozen=True, kw_only=True):
    """These numbers of a sheet open nothing any more; sessions that they opened end."""

    sheet: str
    numbers: tuple[int, ...]


class OpenedByTwo(_Caused, frozen=True, kw_only=True):
    """Two officers, `by` and `second`, opened a session for somebody until `until`."""

    second: str
    person: str
    role: Role
    until: int


class GlassBroken(_Caused, frozen=True, kw_only=True):
    """Somebody without the right sees patients until `until`, for the reason given."""

    person: str
    reason: str
    until: int


class WardPcMarked(_Caused, frozen=True, kw_only=True):
    """Badge and PIN may be used in the browser in front of `by`; `place` says which it is."""

    place: str


EntryEvent = CodesPrinted | CodeUsed | CodesRevoked | OpenedByTwo | GlassBroken | WardPcMarked
"""Ways in beside the accounts."""
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
AccessEvent = AccountEvent | EntryEvent

_encoder = msgspec.json.Encoder(order="deterministic")
_decoder: msgspec.json.Decoder[AccountAddedFirst | AccessEvent] = msgspec.json.Decoder(
    AccountAddedFirst | AccessEvent
)


def encode(event: AccessEvent) -> bytes:
    """Return the event as JSON, name and version in "type"; equal events, equal bytes."""
    return _encoder.encode(event)


def decode(body: bytes) -> AccessEvent:
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
