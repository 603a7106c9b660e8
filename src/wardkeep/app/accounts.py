"""Accounts of a hospital folder for the command line, with or without a running server."""

from __future__ import annotations

import base64
import getpass
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from wardkeep.access.decide import (
    add_account,
    change_password,
    check_password,
    disable_account,
)
from wardkeep.access.events import AccountEvent, Role, decode, encode, titled
from wardkeep.access.state import Accounts, fold
from wardkeep.adapters.clock import now
from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.operations_store import (
    OPERATIONS,
    EventStore,
    open_operations,
    read_operations,
)
from wardkeep.adapters.passwords import hash_password
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
        ledger = read_operations(self._folder.operations, self._ring)
        try:
            last = ledger.last_sequence()
            found = ledger.after(0, PART, max(last, 1))
        finally:
            ledger.close()
        return fold(decode(event.body) for _sequence, event in found)

    def known(self) -> list[dict[str, Any]]:
        """Return name, roles and whether disabled of every account, by name; no hashes."""
        return [
            {"name": a.name, "roles": [r.value for r in a.roles], "disabled": a.disabled}
            for a in sorted(self.accounts().values(), key=lambda account: account.name)
        ]

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

    def _append(self, events: Sequence[AccountEvent]) -> None:
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


def _entry(event: AccountEvent) -> OperationsEvent:
    return OperationsEvent(PART, *titled(event), event.at, event.by, encode(event))
