"""Reads and writes one part's events of a hospital folder, with or without a running server."""

from __future__ import annotations

import base64
from collections.abc import Sequence

from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.operations_store import OPERATIONS, open_operations, read_operations
from wardkeep.adapters.writer_lock import WriterLock
from wardkeep.app.control import call, is_running
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import open_keys
from wardkeep.ledger.encoding import OperationsEvent


class OperationsDesk:
    """The operations ledger of one folder as one part sees it."""

    def __init__(self, folder: HospitalFolder, part: str) -> None:
        self._folder, self._part = folder, part
        self._ring = open_keys(folder)

    def read(self) -> list[OperationsEvent]:
        """Return every event of the part, oldest first; raises StoreFailedError."""
        ledger = read_operations(self._folder.operations, self._ring)
        try:
            found = ledger.after(0, self._part, max(ledger.last_sequence(), 1))
        finally:
            ledger.close()
        return [event for _sequence, event in found]

    def append(self, events: Sequence[OperationsEvent]) -> None:
        """Make events durable, all or none, by the running server or under its lock.

        Raises StoreFailedError, StoreLockedError, NotRunningError, RefusedByServerError.
        """
        if not events:
            return
        if is_running(self._folder.control_socket):
            bodies = [base64.b64encode(event.body).decode() for event in events]
            request = {"part": self._part, "bodies": bodies}
            call(self._folder.control_socket, "operations.append", request)
            return
        with WriterLock(self._folder.writer_lock):
            heads = given_out(self._folder.ledgers, self._ring)
            cipher = load_site(self._folder).cipher
            store = open_operations(
                self._folder.operations, self._ring, cipher, heads.get(OPERATIONS)
            )
            try:
                store.append(list(events))
            finally:
                store.close()
