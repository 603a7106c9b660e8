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
    """One account. `changed`: when it was made, disabled or given its password (UTC micros)."""

    name: str
    roles: tuple[Role, ...]
    password_hash: str
    changed: int
    disabled: bool = False


Accounts = MappingProxyType[str, Account]
"""Accounts by name; never changed in place."""

NO_ACCOUNTS: Accounts = MappingProxyType({})


def evolve(accounts: Accounts, event: AccountEvent) -> Accounts:
    """Return the accounts after the event; one about a name never added changes nothing."""
    if isinstance(event, AccountAdded):
        made = Account(
            name=event.name,
            roles=event.roles,
            password_hash=event.password_hash,
            changed=event.at,
        )
        return MappingProxyType({**accounts, event.name: made})
    if event.name not in accounts:
        return accounts
    return MappingProxyType({**accounts, event.name: _changed(accounts[event.name], event)})


def _changed(account: Account, event: PasswordChanged | AccountDisabled) -> Account:
    match event:
        case PasswordChanged():
            return msgspec.structs.replace(
                account, password_hash=event.password_hash, changed=event.at
            )
        case AccountDisabled():
            return msgspec.structs.replace(account, disabled=True, changed=event.at)
        case _ as never:
            assert_never(never)


def fold(events: Iterable[AccountEvent], accounts: Accounts = NO_ACCOUNTS) -> Accounts:
    """Return the accounts after all events, in order."""
    for event in events:
        accounts = evolve(accounts, event)
    return accounts
