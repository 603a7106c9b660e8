"""What was asked on pages to be delivered again, and what was found at each target."""

from __future__ import annotations

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_events import read_pack_events
from wardkeep.pack.delivery_asks import Ask, fold
from wardkeep.pack.events import PART, DeliveriesChecked, DeliveryEvent
from wardkeep.pack.target_looks import Looks
from wardkeep.pack.target_looks import fold as fold_looks

# An ask is looked for among so many of the newest events: more than a week's.
_ASKED_AGO = 50_000


class DeliveryLedger:
    """Follows the operations ledger."""

    def __init__(self, folder: HospitalFolder, ring: KeyRing) -> None:
        self._ledger = read_operations(folder.operations, ring)
        self._cursor: int | None = None
        self._asks: dict[str, Ask] = {}
        self._looks: Looks = {}

    def asks(self) -> dict[str, Ask]:
        """Return the newest ask of each target; raises StoreFailedError, OSError."""
        self._catch_up()
        return self._asks

    def looks(self) -> Looks:
        """Return what is known of the files at each target; raises as `asks`."""
        self._catch_up()
        return self._looks

    def _catch_up(self) -> None:
        newest = self._ledger.last_sequence()
        if self._cursor is None:
            self._cursor = max(newest - _ASKED_AGO, 0)
        if newest > self._cursor:
            events = self._ledger.after(self._cursor, PART, newest - self._cursor)
            told = read_pack_events(events)
            ours = [each for each in told if isinstance(each, DeliveryEvent)]
            self._asks = fold(ours, self._asks)
            looks = [each for each in told if isinstance(each, DeliveriesChecked)]
            self._looks = fold_looks(looks, self._looks)
            self._cursor = newest

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()
