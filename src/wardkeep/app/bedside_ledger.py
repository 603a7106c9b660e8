"""The bedside checks as the operations ledger tells them."""

from __future__ import annotations

import msgspec

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.folder import HospitalFolder
from wardkeep.bedside.errors import BedsideEventError
from wardkeep.bedside.events import PART, BedsideEvent, decode
from wardkeep.bedside.state import NO_CHECKS, Checks, fold
from wardkeep.ledger.encoding import OperationsEvent


class BedsideLedger:
    """Follows the operations ledger."""

    def __init__(self, folder: HospitalFolder, ring: KeyRing) -> None:
        self._ledger = read_operations(folder.operations, ring)
        self._cursor = 0
        self._checks: Checks = NO_CHECKS

    def checks(self) -> Checks:
        """Return the checks as they stand now; raises StoreFailedError, OSError.

        An event that cannot be read is passed over and counted: the others are still told.
        """
        newest = self._ledger.last_sequence()
        if newest <= self._cursor:
            return self._checks
        cursor = self._cursor
        while found := self._ledger.after(cursor, PART):
            told = [_read(event) for _, event in found]
            checks = fold((each for each in told if each is not None), self._checks)
            unread = checks.unread + told.count(None)
            self._checks = msgspec.structs.replace(checks, unread=unread)
            cursor = self._cursor = found[-1][0]
        self._cursor = max(newest, cursor)
        return self._checks

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()


def _read(event: OperationsEvent) -> BedsideEvent | None:
    try:
        return decode(event.body)
    except BedsideEventError:
        return None
