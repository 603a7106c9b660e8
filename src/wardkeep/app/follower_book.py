"""The followers of one folder, read from and written to its operations ledger.

While the box itself follows another, they stand in its own operations ledger beside the copy.
"""

from __future__ import annotations

import base64
import getpass
from collections.abc import Iterator
from pathlib import Path

from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.adapters.operations_store import OPERATIONS, open_operations, read_operations
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.control import call, is_running
from wardkeep.app.first import is_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import open_keys
from wardkeep.copies.events import PART, CopiesEvent, decode, encode
from wardkeep.copies.state import Copies, fold
from wardkeep.ledger.encoding import OperationsEvent


class FollowerBook:
    """Reads as the ledgers grow; safe in one thread."""

    def __init__(self, folder: HospitalFolder, ring: KeyRing | None = None) -> None:
        self._folder = folder
        self._ring = ring or open_keys(folder)
        self.by = f"os:{getpass.getuser()}"
        self._copies = Copies()
        self._cursor = 0
        self._path: Path | None = None

    def copies(self) -> Copies:
        """Return the followers as they stand; raises StoreFailedError, LedgerFaultError."""
        path = self._folder.own_operations if is_copy(self._folder) else self._folder.operations
        if path != self._path:
            self._path, self._cursor, self._copies = path, 0, Copies()
        if files_of(path):
            self._copies = fold(self._news(path), self._copies)
        return self._copies

    def append(self, event: CopiesEvent) -> None:
        """Make an event durable, by the running server if there is one."""
        content = encode(event)
        if is_running(self._folder.control_socket):
            request = {"part": PART, "body": base64.b64encode(content).decode()}
            call(self._folder.control_socket, "operations.append", request)
            return
        site = load_site(self._folder)
        with WriterLock(self._folder.writer_lock):
            entry = entry_of(event)
            if is_copy(self._folder):
                store = open_operations(self._folder.own_operations, self._ring, site.cipher)
            else:
                heads = given_out(self._folder.ledgers, self._ring)
                store = open_operations(
                    self._folder.operations, self._ring, site.cipher, heads.get(OPERATIONS)
                )
            store.append([entry])
            store.close()

    def _news(self, path: Path) -> Iterator[CopiesEvent]:
        ledger = read_operations(path, self._ring)
        try:
            while found := ledger.after(self._cursor, PART):
                self._cursor = found[-1][0]
                yield from (decode(event.body) for _, event in found)
        finally:
            ledger.close()


def entry_of(event: CopiesEvent) -> OperationsEvent:
    """Return the entry of the operations ledger that keeps an event."""
    return OperationsEvent(PART, type(event).__name__, 1, event.at, event.by, encode(event))
