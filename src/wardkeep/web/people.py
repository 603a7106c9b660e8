"""How each account stands, as a page tells it: no hashes, no secrets, no codes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from enum import StrEnum

import msgspec

from wardkeep.access.events import Role
from wardkeep.access.sealed import SealedCodes
from wardkeep.access.state import Account, Accounts
from wardkeep.hospital.login import Login
from wardkeep.web.login_delay import PIN_LANE, Delayed
from wardkeep.web.screen import Web
from wardkeep.web.sessions import Session

FEW_CODES = 2
"""So many sealed codes of a role or fewer are too few for a night: print more."""


class Entry(StrEnum):
    """Whether an account lets anybody in."""

    OPEN = "open"
    NOT_ACTIVATED = "not_activated"
    """Nobody has chosen a password with its first code yet."""
    DISABLED = "disabled"


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One account. `last_login` in UTC microseconds, None where none was read.

    `factor_owed`: the site asks a second factor of its roles, and it has none yet.
    """

    account: Account
    entry: Entry
    factor_owed: bool
    last_login: int | None = None
    sessions: int = 0
    delayed: Delayed | None = None
    pin_used_up: bool = False


class Codes(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed codes of a role, counted; `printed`: when the newest sheet was (UTC µs)."""

    role: Role
    left: int = 0
    used: int = 0
    revoked: int = 0
    sheets: int = 0
    printed: int | None = None

    @property
    def few(self) -> bool:
        """Whether codes were printed and hardly any is left."""
        return self.sheets > 0 and self.left <= FEW_CODES


def entry_of(account: Account) -> Entry:
    """Return whether an account lets anybody in."""
    if account.disabled:
        return Entry.DISABLED
    return Entry.OPEN if account.password_hash else Entry.NOT_ACTIVATED


class Standings:
    """What the running web knows of accounts, gathered once for a page."""

    def __init__(self, web: Web, accounts: Accounts, now: int) -> None:
        self._login, self._logins = web.deps.site.login, web.last_logins
        self._delayed, self._used_up = web.delays.delayed(now), web.pins.used_up()
        self.open_now = web.sessions.all_open(accounts, now)
        self._sessions = Counter(s.account for s in self.open_now if not s.roles)

    def person(self, account: Account) -> Person:
        """Return how an account stands."""
        return Person(
            account=account,
            entry=entry_of(account),
            factor_owed=self.owes_factor(account),
            last_login=self._logins.at(account.name),
            sessions=self._sessions[account.name],
            delayed=self.delayed(account),
            pin_used_up=account.name in self._used_up,
        )

    def owes_factor(self, account: Account) -> bool:
        """Tell whether the site asks a second factor of the account, which has none."""
        return _owes_factor(account, self._login)

    def delayed(self, account: Account) -> Delayed | None:
        """Return what failed of late on the account or its badge."""
        by_badge = self._delayed.get(_pin_lane(account))
        return _worst(self._delayed.get(account.name), by_badge)

    def is_held_up(self, account: Account) -> bool:
        """Tell whether a login of the account waits now, or its PIN stopped somewhere."""
        delayed = self.delayed(account)
        return account.name in self._used_up or bool(delayed and delayed.seconds)


def _owes_factor(account: Account, rules: Login) -> bool:
    asked = not {role.value for role in account.roles}.isdisjoint(rules.second_factor_roles)
    return asked and not account.has_second_factor


def _pin_lane(account: Account) -> str:
    return f"{PIN_LANE}\0{account.badge}" if account.badge else ""


def _worst(one: Delayed | None, other: Delayed | None) -> Delayed | None:
    if one is None or other is None:
        return one or other
    return max(one, other, key=lambda each: each.failures)


class Wanted(msgspec.Struct, frozen=True, kw_only=True):
    """Which accounts a page lists: part of a name or badge, a role, a state ("" for all)."""

    text: str = ""
    role: str = ""
    state: str = ""


STATES = ("", *Entry, "delayed", "owed")


def fitting(accounts: Accounts, wanted: Wanted, known: Standings) -> list[Account]:
    """Return the accounts that are wanted, by name."""
    text = wanted.text.casefold()
    return [
        account
        for _name, account in sorted(accounts.items())
        if (not text or _bears(account, text))
        and (not wanted.role or wanted.role in account.roles)
        and (not wanted.state or _is(account, wanted.state, known))
    ]


def _bears(account: Account, text: str) -> bool:
    said = (account.name, account.full_name.casefold(), account.badge.casefold())
    return any(text in each for each in said)


def _is(account: Account, state: str, known: Standings) -> bool:
    match state:
        case "delayed":
            return known.is_held_up(account)
        case "owed":
            return known.owes_factor(account)
        case _:
            return entry_of(account) == state


def codes_by_role(codes: SealedCodes) -> list[Codes]:
    """Return the sealed codes of every role, counted, in the order of the table of rights."""
    return [_counted(role, codes) for role in Role]


def _counted(role: Role, codes: SealedCodes) -> Codes:
    mine = [code for code in codes.values() if code.role is role]
    return Codes(
        role=role,
        left=sum(not (code.used or code.revoked) for code in mine),
        used=sum(bool(code.used) for code in mine),
        revoked=sum(bool(code.revoked and not code.used) for code in mine),
        sheets=len({code.sheet for code in mine}),
        printed=max((code.printed for code in mine), default=None),
    )


def keepers(accounts: Accounts) -> list[str]:
    """Return the crisis leads who can log in: the last of them cannot be taken away."""
    return sorted(
        a.name for a in accounts.values() if Role.LEAD in a.roles and entry_of(a) is Entry.OPEN
    )


def without_account(open_now: Collection[Session]) -> Sequence[Session]:
    """Return the sessions that a sealed code or two officers opened, the newest first."""
    return sorted((s for s in open_now if s.roles), key=lambda s: s.opened, reverse=True)
