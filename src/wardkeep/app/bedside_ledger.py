"""The bedside checks as the operations ledger tells them."""

from __future__ import annotations

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.folder import HospitalFolder
from wardkeep.bedside.events import PART, decode
from wardkeep.bedside.state import NO_CHECKS, Checks, fold


class BedsideLedger:
    """Follows the operations ledger."""

    def __init__(self, folder: HospitalFolder, ring: KeyRing) -> None:
        self._ledger = read_operations(folder.operations, ring)
        self._cursor = 0
        self._checks: Checks = NO_CHECKS

    def checks(self) -> Checks:
        """Return the checks as they stand now.

        Raises StoreFailedError, OSError, BedsideEventError.
        """
        newest = self._ledger.last_sequence()
        if newest <= self._cursor:
            return self._checks
        cursor = self._cursor
        while found := self._ledger.after(cursor, PART):
            self._checks = fold((decode(event.body) for _, event in found), self._checks)
            cursor = self._cursor = found[-1][0]
        self._cursor = max(newest, cursor)
        return self._checks

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()
