"""What was asked on pages to be delivered again, as the operations ledger tells it."""

from __future__ import annotations

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.folder import HospitalFolder
from wardkeep.pack.delivery_asks import Ask, fold
from wardkeep.pack.events import PART, DeliveryEvent, decode

# An ask is looked for among so many of the newest events: more than a week's.
_ASKED_AGO = 50_000


class DeliveryLedger:
    """Follows the operations ledger."""

    def __init__(self, folder: HospitalFolder, ring: KeyRing) -> None:
        self._ledger = read_operations(folder.operations, ring)
        self._cursor: int | None = None
        self._asks: dict[str, Ask] = {}

    def asks(self) -> dict[str, Ask]:
        """Return the newest ask of each target; raises StoreFailedError, OSError."""
        newest = self._ledger.last_sequence()
        if self._cursor is None:
            self._cursor = max(newest - _ASKED_AGO, 0)
        if newest > self._cursor:
            events = self._ledger.after(self._cursor, PART, newest - self._cursor)
            told = [decode(f"{e.name}.v{e.version}", e.body) for _, e in events]
            ours = [each for each in told if isinstance(each, DeliveryEvent)]
            self._asks = fold(ours, self._asks)
            self._cursor = newest
        return self._asks

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()
