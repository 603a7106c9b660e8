"""Accounts of a hospital folder for the command line, with or without a running server."""

from __future__ import annotations

import base64
import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from wardkeep.access import importing
from wardkeep.access.decide import (
    add_account,
    change_password,
    check_password,
    disable_account,
    enable_account,
    give_roles,
    issue_activation,
    remove_factors,
)
from wardkeep.access.events import AccessEvent, CodesPrinted, Role, decode, encode, titled
from wardkeep.access.one_time_code import digest_of
from wardkeep.access.sealed import SealedCodes, fold_codes, revoke
from wardkeep.access.state import Account, Accounts, fold
from wardkeep.adapters.clock import now
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.operations_store import (
    OPERATIONS,
    EventStore,
    open_operations,
    read_operations,
)
from wardkeep.adapters.passwords import hash_password, new_code, new_sheet
from wardkeep.adapters.people_csv import read_people
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.control import call, is_running
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import open_keys
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.ledger.errors import KeyMissingError, LedgerFaultError

PART = "access"


class SiteAccounts:
    """The accounts of one folder, read from and written to its operations ledger."""

    def __init__(self, folder: HospitalFolder) -> None:
        self._folder = folder
        self._by = f"os:{getpass.getuser()}"
        self._ring = open_keys(folder)

    def accounts(self) -> Accounts:
        """Return the accounts as they stand; raises StoreFailedError.

        Those in a damaged ledger are gone: a new file goes on behind it, so that a new account
        can be made.
        """
        try:
            return self._read()
        except (KeyMissingError, LedgerFaultError):
            with self._opened() as store:
                store.go_on(now())
            return self._read()

    def _read(self) -> Accounts:
        return fold(self._events())

    def _events(self) -> list[AccessEvent]:
        ledger = read_operations(self._folder.operations, self._ring)
        try:
            last = ledger.last_sequence()
            found = ledger.after(0, PART, max(last, 1))
        finally:
            ledger.close()
        return [decode(event.body) for _sequence, event in found]

    def known(self) -> list[dict[str, Any]]:
        """Return what may be told of every account, by name; no hashes, no secrets."""
        accounts = self.accounts().values()
        return [_told(a) for a in sorted(accounts, key=lambda account: account.name)]

    def add(self, name: str, roles: Sequence[str], password: str) -> None:
        """Make an account.

        Raises WeakPasswordError, BadAccountNameError, NoRoleError, AccountExistsError.
        """
        check_password(password, [name])
        wanted = [Role(role) for role in roles]
        hashed = hash_password(password)
        self._append(add_account(self.accounts(), name, wanted, hashed, now(), self._by))

    def change_password(self, name: str, password: str) -> bool:
        """Give an account a new password; its sessions end. Return whether it may log in.

        Raises AccountUnknownError, WeakPasswordError.
        """
        check_password(password, [name])
        accounts = self.accounts()
        self._append(change_password(accounts, name, hash_password(password), now(), self._by))
        return not accounts[name].disabled

    def disable(self, name: str) -> None:
        """Keep an account from logging in. Raises AccountUnknownError, LastLeadError."""
        self._append(disable_account(self.accounts(), name, now(), self._by))

    def enable(self, name: str) -> None:
        """Let a disabled account log in again. Raises AccountUnknownError."""
        self._append(enable_account(self.accounts(), name, now(), self._by))

    def give_roles(self, name: str, roles: Sequence[str]) -> None:
        """Give an account these roles and no other.

        Raises AccountUnknownError, NoRoleError, LastLeadError.
        """
        wanted = [Role(role) for role in roles]
        self._append(give_roles(self.accounts(), name, wanted, now(), self._by))

    def remove_factors(self, name: str) -> int:
        """Take away every second factor of an account, lost ones; return how many there were.

        Raises AccountUnknownError.
        """
        accounts = self.accounts()
        self._append(remove_factors(accounts, name, now(), self._by))
        return bool(accounts[name].totp) + len(accounts[name].keys)

    def new_activation(self, name: str) -> str:
        """Return a one-time code by which the account's owner chooses a password.

        One printed earlier opens nothing any more. Raises AccountUnknownError.
        """
        code = new_code()
        digest = digest_of(code)
        self._append(issue_activation(self.accounts(), name, digest, now(), self._by))
        return code

    def plan_import(self, content: bytes, *, disable_missing: bool) -> importing.Import:
        """Return what a list of people (CSV) would change; changes nothing.

        Raises PeopleListError with every faulty line, LastLeadError.
        """
        return importing.plan(
            self.accounts(),
            read_people(content),
            new_code,
            (now(), self._by),
            disable_missing=disable_missing,
        )

    def carry_out(self, planned: importing.Import) -> None:
        """Write all events of an import in one commit. Raises StoreFailedError: then none."""
        self._append(planned.events)

    def codes(self) -> SealedCodes:
        """Return the sealed codes that were printed; raises StoreFailedError."""
        self.accounts()
        return fold_codes(self._events())

    def print_codes(self, role: str, count: int, hours: int) -> tuple[CodesPrinted, list[str]]:
        """Return a new sheet of sealed codes and their texts; nothing is written yet."""
        codes = [new_code() for _ in range(count)]
        event = CodesPrinted(
            sheet=new_sheet(),
            role=Role(role),
            hours=hours,
            digests=tuple(map(digest_of, codes)),
            at=now(),
            by=self._by,
        )
        return event, codes

    def revoke_codes(self, sheet: str, numbers: Sequence[int]) -> int:
        """Revoke codes of a sheet, all of it without numbers; return how many it were.

        Raises CodesUnknownError.
        """
        events = revoke(self.codes(), sheet, numbers, now(), self._by)
        self._append(events)
        return sum(len(event.numbers) for event in events)

    def write(self, event: AccessEvent) -> None:
        """Write one event; raises StoreFailedError."""
        self._append([event])

    def _append(self, events: Sequence[AccessEvent]) -> None:
        if not events:
            return
        if is_running(self._folder.control_socket):
            bodies = [base64.b64encode(encode(event)).decode() for event in events]
            request = {"part": PART, "bodies": bodies}
            call(self._folder.control_socket, "operations.append", request)
            return
        with self._opened() as store:
            store.append([_entry(event) for event in events])

    @contextmanager
    def _opened(self) -> Iterator[EventStore[OperationsEvent]]:
        """Open the operations ledger to write while no server runs."""
        with WriterLock(self._folder.writer_lock):
            cipher = load_site(self._folder).cipher
            heads = given_out(self._folder.ledgers, self._ring)
            store = open_operations(
                self._folder.operations, self._ring, cipher, heads.get(OPERATIONS)
            )
            try:
                yield store
            finally:
                store.close()


def _told(account: Account) -> dict[str, Any]:
    return {
        "name": account.name,
        "full_name": account.full_name,
        "roles": [role.value for role in account.roles],
        "disabled": account.disabled,
        "badge": account.badge,
        "password": bool(account.password_hash),
        "activation": bool(account.activation),
        "pin": bool(account.pin_hash),
        "totp": bool(account.totp),
        "keys": [key.label for key in account.keys],
    }


def _entry(event: AccessEvent) -> OperationsEvent:
    return OperationsEvent(PART, *titled(event), event.at, event.by, encode(event))
