"""What may be done to accounts: from state, request and `now` to events or a named error."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from itertools import pairwise

from wardkeep.access.errors import (
    AccountExistsError,
    AccountUnknownError,
    BadAccountNameError,
    GuessablePasswordError,
    LastLeadError,
    NoRoleError,
    WeakPasswordError,
    WeakPinError,
)
from wardkeep.access.events import (
    AccountAdded,
    AccountDisabled,
    AccountEnabled,
    ActivationIssued,
    FactorsRemoved,
    PasswordChanged,
    PinSet,
    Role,
    RolesGiven,
)
from wardkeep.access.guessable import is_guessable
from wardkeep.access.state import Account, Accounts

NAME = re.compile(r"[a-z][a-z0-9._-]{0,63}")
# NIST SP 800-63B-4 asks 15 where the password stands alone, 8 beside a second factor; the
# site stands alone but has no exposure to the internet. 128 bounds the work of one hash.
SHORTEST_PASSWORD = 10
LONGEST_PASSWORD = 128
# NIST SP 800-63B-4 3.1.1.2: at least six digits where it is verified on a server.
SHORTEST_PIN = 6
LONGEST_PIN = 12


def check_password(password: str, about: Iterable[str] = ()) -> None:
    """Raise WeakPasswordError unless 10 to 128 characters long; no rules on their kind.

    Raises GuessablePasswordError for one that falls to a list of usual passwords or is made
    of the words `about` the person and the site.
    """
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise WeakPasswordError(f"the password has {len(password)} characters")
    if is_guessable(password, about):
        raise GuessablePasswordError("the password is among those that are tried first")


def check_pin(pin: str, badge: str) -> None:
    """Raise WeakPinError unless 6 to 12 digits that are not the first that anybody tries."""
    if not (pin.isascii() and pin.isdigit() and SHORTEST_PIN <= len(pin) <= LONGEST_PIN):
        raise WeakPinError("a PIN has 6 to 12 digits")
    steps = {(int(b) - int(a)) % 10 for a, b in pairwise(pin)}
    repeats = pin in (pin + pin)[1:-1]  # 481481, 121212
    if (len(steps) == 1 and steps <= {0, 1, 9}) or repeats or (badge and pin in badge):
        raise WeakPinError("this PIN is among the first that anybody would try")


def add_account(
    accounts: Accounts,
    name: str,
    roles: Collection[Role],
    password_hash: str,
    now: int,
    by: str,
) -> list[AccountAdded]:
    """Make an account. A disabled account's name is never given to somebody else.

    Raises BadAccountNameError, NoRoleError, AccountExistsError.
    """
    if not NAME.fullmatch(name):
        raise BadAccountNameError(f"{name!r} cannot be the name of an account")
    if not roles:
        raise NoRoleError(f"the account {name} was given no role")
    if name in accounts:
        raise AccountExistsError(f"an account named {name} is already there")
    made = AccountAdded(
        name=name, roles=in_order(roles), password_hash=password_hash, at=now, by=by
    )
    return [made]


def in_order(roles: Collection[Role]) -> tuple[Role, ...]:
    """Return the roles each once, in the order of the table of rights."""
    return tuple(role for role in Role if role in set(roles))


def give_roles(
    accounts: Accounts, name: str, roles: Collection[Role], now: int, by: str
) -> list[RolesGiven]:
    """Give an account these roles and no other; nothing to do if it has them.

    Raises AccountUnknownError, NoRoleError, and LastLeadError.
    """
    account = _known(accounts, name)
    if not roles:
        raise NoRoleError(f"the account {name} would be left with no role")
    if in_order(roles) == account.roles:
        return []
    if Role.LEAD not in roles:
        _see_that_a_lead_stays(accounts, name)
    return [RolesGiven(name=name, roles=in_order(roles), at=now, by=by)]


def enable_account(accounts: Accounts, name: str, now: int, by: str) -> list[AccountEnabled]:
    """Let a disabled account log in again, if it may not. Raises AccountUnknownError."""
    if not _known(accounts, name).disabled:
        return []
    return [AccountEnabled(name=name, at=now, by=by)]


def remove_factors(accounts: Accounts, name: str, now: int, by: str) -> list[FactorsRemoved]:
    """Take all second factors of an account away, lost ones; nothing to do without any.

    Raises AccountUnknownError.
    """
    account = _known(accounts, name)
    if not account.has_second_factor:
        return []
    lost = tuple(key.credential for key in account.keys)
    return [FactorsRemoved(name=name, totp=bool(account.totp), credentials=lost, at=now, by=by)]


def remove_pin(accounts: Accounts, name: str, now: int, by: str) -> list[PinSet]:
    """Take an account's PIN away, a lost one; nothing to do without. AccountUnknownError."""
    if not _known(accounts, name).pin_hash:
        return []
    return [PinSet(name=name, pin_hash="", at=now, by=by)]


def change_password(
    accounts: Accounts, name: str, password_hash: str, now: int, by: str
) -> list[PasswordChanged]:
    """Give an account a new password. Raises AccountUnknownError."""
    _known(accounts, name)
    return [PasswordChanged(name=name, password_hash=password_hash, at=now, by=by)]


def issue_activation(
    accounts: Accounts, name: str, digest: str, now: int, by: str
) -> list[ActivationIssued]:
    """Let the code of this digest open the account once. Raises AccountUnknownError."""
    _known(accounts, name)
    return [ActivationIssued(name=name, activation=digest, at=now, by=by)]


def disable_account(accounts: Accounts, name: str, now: int, by: str) -> list[AccountDisabled]:
    """Keep an account from logging in; nothing to do if it already is.

    Raises AccountUnknownError, and LastLeadError for the last lead that could still log in.
    """
    account = _known(accounts, name)
    if account.disabled:
        return []
    _see_that_a_lead_stays(accounts, name)
    return [AccountDisabled(name=name, at=now, by=by)]


def _see_that_a_lead_stays(accounts: Accounts, leaving: str) -> None:
    leads = [a for a in accounts.values() if Role.LEAD in a.roles and not a.disabled]
    # One that was never activated has no password: nobody could log in with it.
    others = [a for a in leads if a.name != leaving and a.password_hash]
    if not others and leaving in {a.name for a in leads}:
        raise LastLeadError(f"{leaving} is the last account with the role lead")


def _known(accounts: Accounts, name: str) -> Account:
    if name not in accounts:
        raise AccountUnknownError(f"no account is named {name!r}")
    return accounts[name]
