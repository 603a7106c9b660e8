"""The accounts as they stand: a fold over the access part's events."""

from __future__ import annotations

from collections.abc import Iterable, MutableMapping
from types import MappingProxyType
from typing import assert_never

import msgspec

from wardkeep.access.events import (
    AccessEvent,
    AccountAdded,
    AccountChange,
    AccountDescribed,
    AccountDisabled,
    AccountEnabled,
    AccountEvent,
    ActivationIssued,
    EntryEvent,
    FactorsRemoved,
    PasswordChanged,
    PinSet,
    Role,
    RolesGiven,
    SecurityKeyEnrolled,
    TotpEnrolled,
)


class SecurityKey(msgspec.Struct, frozen=True, kw_only=True):
    """A FIDO2 key of an account; id and COSE public key in base64url."""

    credential: str
    public_key: str
    label: str


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account.

    `changed`: when it was made, disabled or given its password, or lost a factor (UTC micros):
    sessions opened before it are over. `activation`, `pin_hash`, `totp` are "" where none is.
    """

    name: str
    roles: tuple[Role, ...]
    password_hash: str
    changed: int
    disabled: bool = False
    full_name: str = ""
    badge: str = ""
    language: str = ""
    activation: str = ""
    listed: bool = False
    pin_hash: str = ""
    totp: str = ""
    keys: tuple[SecurityKey, ...] = ()

    @property
    def has_second_factor(self) -> bool:
        """Say whether something beside the password is asked for at every login."""
        return bool(self.totp or self.keys)


Accounts = MappingProxyType[str, Account]
"""Accounts by name; never changed in place."""

NO_ACCOUNTS: Accounts = MappingProxyType({})


def evolve(accounts: Accounts, event: AccessEvent) -> Accounts:
    """Return the accounts after the event; one about a name never added changes nothing."""
    return fold((event,), accounts)


def fold(events: Iterable[AccessEvent], accounts: Accounts = NO_ACCOUNTS) -> Accounts:
    """Return the accounts after all events, in order."""
    grown: dict[str, Account] | None = None
    for event in events:
        if isinstance(event, EntryEvent):
            continue
        # Copied once for all events: thousands are imported in one commit.
        grown = dict(accounts) if grown is None else grown
        _apply(grown, event)
    return accounts if grown is None else MappingProxyType(grown)


def _apply(accounts: MutableMapping[str, Account], event: AccountEvent) -> None:
    if isinstance(event, AccountAdded):
        accounts[event.name] = Account(
            name=event.name,
            roles=event.roles,
            password_hash=event.password_hash,
            changed=event.at,
            full_name=event.full_name,
            badge=event.badge,
            language=event.language,
            activation=event.activation,
            listed=event.listed,
        )
    elif event.name in accounts:
        accounts[event.name] = _changed(accounts[event.name], event)


def _changed(account: Account, event: AccountChange) -> Account:
    match event:
        case PasswordChanged():
            return msgspec.structs.replace(
                account, password_hash=event.password_hash, changed=event.at, activation=""
            )
        case AccountDisabled():
            return msgspec.structs.replace(account, disabled=True, changed=event.at)
        case AccountEnabled():
            return msgspec.structs.replace(account, disabled=False)
        case AccountDescribed() | RolesGiven() | ActivationIssued() | PinSet():
            return _told(account, event)
        case TotpEnrolled() | SecurityKeyEnrolled() | FactorsRemoved():
            return _with_factors(account, event)
        case _ as never:
            assert_never(never)


def _told(
    account: Account, event: AccountDescribed | RolesGiven | ActivationIssued | PinSet
) -> Account:
    told = msgspec.structs.asdict(event)
    return msgspec.structs.replace(
        account, **{key: value for key, value in told.items() if key not in {"at", "by"}}
    )


def _with_factors(
    account: Account, event: TotpEnrolled | SecurityKeyEnrolled | FactorsRemoved
) -> Account:
    match event:
        case TotpEnrolled():
            return msgspec.structs.replace(account, totp=event.secret)
        case SecurityKeyEnrolled():
            key = SecurityKey(
                credential=event.credential, public_key=event.public_key, label=event.label
            )
            others = [k for k in account.keys if k.credential != key.credential]
            return msgspec.structs.replace(account, keys=(*others, key))
        case FactorsRemoved():
            kept = tuple(k for k in account.keys if k.credential not in event.credentials)
            return msgspec.structs.replace(
                account,
                totp="" if event.totp else account.totp,
                keys=kept,
                changed=event.at,
            )
        case _ as never:
            assert_never(never)
