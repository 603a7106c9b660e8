"""The hospital's list of people against the accounts: what must be added, changed, disabled.

Rules kept here:
- All of a list or none of it; the same list again changes nothing.
- Who stands on no list (made by hand) is never missing from one.
- Whoever is missing is told, and disabled only where that was asked for.
- A disabled account that stands on the list stays disabled.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from wardkeep.access.decide import NAME, in_order
from wardkeep.access.errors import LastLeadError, PeopleListError
from wardkeep.access.events import (
    AccountAdded,
    AccountDescribed,
    AccountDisabled,
    AccountEvent,
    Role,
    RolesGiven,
)
from wardkeep.access.one_time_code import digest_of
from wardkeep.access.state import Account, Accounts, fold


class Person(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the list; `line` is its number in the file, from 1."""

    line: int
    name: str
    full_name: str
    roles: tuple[Role, ...]
    badge: str = ""
    language: str = ""


class Import(msgspec.Struct, frozen=True, kw_only=True):
    """What a list would do: events in order, and the names that they are about.

    `codes` are the one-time codes of those who were added, by name: nowhere else are they kept.
    """

    events: tuple[AccountEvent, ...]
    added: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: int
    missing: tuple[str, ...]
    disabled: tuple[str, ...]
    still_disabled: tuple[str, ...]
    codes: dict[str, str]


def plan(
    accounts: Accounts,
    people: Sequence[Person],
    new_code: Callable[[], str],
    event: tuple[int, str],
    *,
    disable_missing: bool = False,
) -> Import:
    """Return what the list changes. `event` is when (UTC microseconds) and who imports.

    Raises PeopleListError with every faulty line, LastLeadError where no lead would be left.
    """
    _see_that_it_fits(accounts, people)
    now, by = event
    codes = {p.name: new_code() for p in people if p.name not in accounts}
    changes = {
        p.name: _changes(accounts[p.name], p, now, by) for p in people if p.name in accounts
    }
    missing = _missing(accounts, people)
    events: list[AccountEvent] = [
        _added(p, codes[p.name], now, by) for p in people if p.name in codes
    ]
    events += [each for found in changes.values() for each in found]
    if disable_missing:
        events += [AccountDisabled(name=name, at=now, by=by) for name in missing]
    _see_that_a_lead_stays(accounts, events)
    return Import(
        events=tuple(events),
        added=tuple(codes),
        changed=tuple(name for name, found in changes.items() if found),
        unchanged=sum(not found for found in changes.values()),
        missing=() if disable_missing else missing,
        disabled=missing if disable_missing else (),
        still_disabled=tuple(name for name in changes if accounts[name].disabled),
        codes=codes,
    )


def _added(person: Person, code: str, now: int, by: str) -> AccountAdded:
    return AccountAdded(
        name=person.name,
        roles=in_order(person.roles),
        full_name=person.full_name,
        badge=person.badge,
        language=person.language,
        activation=digest_of(code),
        listed=True,
        at=now,
        by=by,
    )


def _changes(account: Account, person: Person, now: int, by: str) -> list[AccountEvent]:
    found: list[AccountEvent] = []
    told = (person.full_name, person.badge, person.language, True)
    if told != (account.full_name, account.badge, account.language, account.listed):
        found.append(
            AccountDescribed(
                name=person.name,
                full_name=person.full_name,
                badge=person.badge,
                language=person.language,
                listed=True,
                at=now,
                by=by,
            )
        )
    if in_order(person.roles) != account.roles:
        roles = in_order(person.roles)
        found.append(RolesGiven(name=person.name, roles=roles, at=now, by=by))
    return found


def _missing(accounts: Accounts, people: Sequence[Person]) -> tuple[str, ...]:
    here = {person.name for person in people}
    return tuple(
        sorted(
            a.name
            for a in accounts.values()
            if a.listed and not a.disabled and a.name not in here
        )
    )


def faults_within(people: Sequence[Person]) -> list[str]:
    """Return what is wrong with a list in itself: names that cannot be, or stand twice."""
    return [
        *(
            f"line {p.line}: {p.name!r} cannot be the name of an account"
            for p in people
            if not NAME.fullmatch(p.name)
        ),
        *_twice(people, "name"),
        *_twice(people, "badge"),
    ]


def _see_that_it_fits(accounts: Accounts, people: Sequence[Person]) -> None:
    here = {person.name for person in people}
    taken = {a.badge: a.name for a in accounts.values() if a.badge and a.name not in here}
    faults = faults_within(people) + [
        f"line {person.line}: the badge {person.badge} is that of {taken[person.badge]}"
        for person in people
        if person.badge in taken
    ]
    if faults:
        raise PeopleListError("\n".join(faults))


def _twice(people: Sequence[Person], column: str) -> list[str]:
    found: list[str] = []
    lines: dict[str, int] = {}
    for person in people:
        value = str(getattr(person, column))
        if value and value in lines:
            found.append(f"lines {lines[value]} and {person.line}: the {column} {value} twice")
        lines.setdefault(value, person.line)
    return found


def _see_that_a_lead_stays(accounts: Accounts, events: Sequence[AccountEvent]) -> None:
    def led(each: Accounts) -> bool:
        return any(Role.LEAD in a.roles and not a.disabled for a in each.values())

    if led(accounts) and not led(fold(events, accounts)):
        raise LastLeadError("after this list nobody would hold the role lead")
