"""Who may change whose account on a page. From state, request and `now` to events or an error.

Rules kept here:
- Nobody changes the own account so: who is alone with it could lock everybody else out, or
  give the own account what it lacks. One's own PIN, password and factors have their pages.
- Accounts of crisis leads and auditors are changed by crisis leads alone, and only they make
  somebody one: else whoever keeps accounts could rise above them, or blind who watches.
- The last lead who can log in stays (access.decide).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from enum import StrEnum

import msgspec

from wardkeep.access.decide import (
    disable_account,
    enable_account,
    give_roles,
    remove_factors,
    remove_pin,
)
from wardkeep.access.errors import (
    AccountAboveError,
    AccountUnknownError,
    NotSureError,
    OwnAccountError,
)
from wardkeep.access.events import AccountChange, Role
from wardkeep.access.state import Account, Accounts

RESERVED = frozenset({Role.LEAD, Role.AUDITOR})
"""Roles that leads alone give and take."""


class Change(StrEnum):
    """What may be done to an account on a page."""

    DISABLE = "disable"
    ENABLE = "enable"
    ROLES = "roles"
    PIN = "pin"
    FACTORS = "factors"


FOR_GOOD = frozenset({Change.PIN, Change.FACTORS})
"""What cannot be undone: its owner must set up another."""


class Keeper(msgspec.Struct, frozen=True):
    """Who changes accounts: the account's name and its roles."""

    name: str
    roles: tuple[Role, ...]


class Wish(msgspec.Struct, frozen=True, kw_only=True):
    """What a keeper wants: `roles` for Change.ROLES alone, `sure` for what is for good."""

    name: str
    change: Change
    roles: tuple[Role, ...] = ()
    sure: bool = False


_Decide = Callable[[Accounts, str, int, str], Sequence[AccountChange]]
_DECISIONS: Mapping[Change, _Decide] = {
    Change.DISABLE: disable_account,
    Change.ENABLE: enable_account,
    Change.PIN: remove_pin,
    Change.FACTORS: remove_factors,
}


def change_account(
    accounts: Accounts, keeper: Keeper, wish: Wish, now: int
) -> Sequence[AccountChange]:
    """Return what the keeper's wish comes to; nothing where it is so already.

    Raises AccountUnknownError, OwnAccountError, AccountAboveError, NotSureError, NoRoleError,
    LastLeadError.
    """
    account = accounts.get(wish.name)
    if account is None:
        raise AccountUnknownError(f"no account is named {wish.name!r}")
    if wish.name == keeper.name:
        raise OwnAccountError(f"{keeper.name} would change the own account")
    if is_above(keeper, account) or not _may_give(keeper, wish.roles):
        raise AccountAboveError(f"{keeper.name} may not change {wish.name} so")
    if wish.change in FOR_GOOD and not wish.sure:
        raise NotSureError("it was not said to be meant")
    if wish.change is Change.ROLES:
        return give_roles(accounts, wish.name, wish.roles, now, keeper.name)
    return _DECISIONS[wish.change](accounts, wish.name, now, keeper.name)


def is_above(keeper: Keeper, account: Account) -> bool:
    """Tell whether the account holds a role that the keeper may not touch."""
    return not _may_give(keeper, account.roles)


def _may_give(keeper: Keeper, roles: Collection[Role]) -> bool:
    return Role.LEAD in keeper.roles or RESERVED.isdisjoint(roles)
