"""The orders to print as the operations ledger tells them, and the way to add to them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.first import is_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_events import read_pack_events
from wardkeep.app.recording import record
from wardkeep.pack.events import (
    PART,
    DeliveriesChecked,
    PrintEvent,
    ProofMade,
    encode,
)
from wardkeep.pack.prints import Print, fold
from wardkeep.pack.target_looks import Looks
from wardkeep.pack.target_looks import fold as fold_looks

# An order is looked for among so many of the newest events: more than a week's.
_ORDERED_AGO = 50_000
_Event = PrintEvent | ProofMade | DeliveriesChecked


class PrintLedger:
    """Follows the operations ledger; on a second box its own, where it writes its orders."""

    def __init__(self, folder: HospitalFolder, ring: KeyRing) -> None:
        place = folder.own_operations if is_copy(folder) else folder.operations
        self._ledger = read_operations(place, ring)
        self._cursor: int | None = None
        self._prints: dict[str, Print] = {}
        self._proofs: dict[str, ProofMade] = {}
        self._targets: Looks = {}

    def prints(self) -> dict[str, Print]:
        """Return the orders as they stand now; raises StoreFailedError, OSError."""
        self._catch_up()
        return self._prints

    def proofs(self) -> dict[str, ProofMade]:
        """Return the newest proof of each ward that was ever drawn; raises as `prints`."""
        self._catch_up()
        return self._proofs

    def targets(self) -> Looks:
        """Return what is known of the files at each target; raises as `prints`."""
        self._catch_up()
        return self._targets

    def _catch_up(self) -> None:
        newest = self._ledger.last_sequence()
        if self._cursor is None:
            self._cursor = max(newest - _ORDERED_AGO, 0)
        if newest > self._cursor:
            events = self._ledger.after(self._cursor, PART, newest - self._cursor)
            told = read_pack_events(events)
            ours = [each for each in told if isinstance(each, PrintEvent)]
            self._prints = fold(ours, self._prints)
            proofs = {each.ward: each for each in told if isinstance(each, ProofMade)}
            self._proofs = {**self._proofs, **proofs}
            looks = [each for each in told if isinstance(each, DeliveriesChecked)]
            self._targets = fold_looks(looks, self._targets)
            self._cursor = newest

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()


def recorder(folder: HospitalFolder, ring: KeyRing) -> partial[None]:
    """Return what puts events into the operations ledger, with or without a server.

    It raises NotRunningError, RefusedByServerError, StoreFailedError, StoreLockedError.
    """
    return partial(_record, folder, ring)


def _record(
    folder: HospitalFolder,
    ring: KeyRing,
    events: Sequence[_Event],
) -> None:
    if events:
        record(folder, ring, PART, [encode(each)[1] for each in events])
