"""The accounts as they stand: a fold over the access part's events."""

from __future__ import annotations

from collections.abc import Iterable
from types import MappingProxyType
from typing import assert_never

import msgspec

from wardkeep.access.events import (
    AccountAdded,
    AccountDisabled,
    AccountEvent,
    PasswordChanged,
    Role,
)


class Account(msgspec.Struct, frozen=True, kw_only=True):
    """One account. `changed` is when it was made, disabled or given its password (UTC micros)."""

    name: str
    roles: tuple[Role, ...]
    password_hash: str
    changed: int
    disabled: bool = False


Accounts = MappingProxyType[str, Account]
"""Accounts by name; never changed in place."""

NO_ACCOUNTS: Accounts = MappingProxyType({})


def evolve(accounts: Accounts, event: AccountEvent) -> Accounts:
    """Return the accounts after the event; an event about a name never added changes nothing."""
    match event:
        case AccountAdded():
            after = Account(
                name=event.name,
                roles=event.roles,
                password_hash=event.password_hash,
                changed=event.at,
            )
        case PasswordChanged() if event.name in accounts:
            after = msgspec.structs.replace(
                accounts[event.name], password_hash=event.password_hash, changed=event.at
            )
        case AccountDisabled() if event.name in accounts:
            after = msgspec.structs.replace(
                accounts[event.name], disabled=True, changed=event.at
            )
        case PasswordChanged() | AccountDisabled():
            return accounts
        case _ as never:
            assert_never(never)
    return MappingProxyType({**accounts, event.name: after})


def fold(events: Iterable[AccountEvent], accounts: Accounts = NO_ACCOUNTS) -> Accounts:
    """Return the accounts after all events, in order."""
    for event in events:
        accounts = evolve(accounts, event)
    return accounts
