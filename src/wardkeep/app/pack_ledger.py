"""What the operations ledger tells of packs: printing, proofs, deliveries, receipts."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from pathlib import Path

import msgspec

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.operations_store import read_operations
from wardkeep.app.first import is_copy
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_events import read_pack_events
from wardkeep.app.recording import record
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import DAY
from wardkeep.pack.delivery_asks import Ask
from wardkeep.pack.delivery_asks import fold as fold_asks
from wardkeep.pack.events import (
    PART,
    DeliveriesChecked,
    DeliveryEvent,
    PrintEvent,
    ProofMade,
    ReceiptEvent,
    encode,
)
from wardkeep.pack.lists_proved import ListsProved
from wardkeep.pack.lists_proved import fold as fold_lists
from wardkeep.pack.prints import Print
from wardkeep.pack.prints import fold as fold_prints
from wardkeep.pack.receipts import NO_RECEIPTS, Receipts
from wardkeep.pack.receipts import fold as fold_receipts
from wardkeep.pack.target_looks import Looks
from wardkeep.pack.target_looks import fold as fold_looks

_AGO = 7 * DAY
"""As far back from its newest entry the ledger is read, as long as a shelf keeps packs."""
_FEWEST = 50_000
"""As many of the newest entries are read all the same: orders and proofs are older.

40 wards record the first pack of each hour (960 a day), 3 targets an outcome an hour (72); with
printing, checks and logins some 1,500 a day, so these are a month. By themselves they would be
too few: whoever writes notes of openings at a target adds 288 a day and ward, 50,000 in 4 days.
"""
_Event = PrintEvent | ProofMade | DeliveriesChecked | ReceiptEvent


class PackLedger:
    """Follows the operations ledger at a place; any thread may ask.

    Each answer raises StoreFailedError, OSError. What this release cannot read is passed over
    and told in the log (app.pack_events): one event stops no ask, no print and no proof.
    """

    def __init__(self, place: Path, ring: KeyRing) -> None:
        self._ledger = read_operations(place, ring)
        self._guard = threading.Lock()
        self._cursor: int | None = None
        self._prints: dict[str, Print] = {}
        self._proofs: dict[str, ProofMade] = {}
        self._lists: ListsProved = {}
        self._asks: dict[str, Ask] = {}
        self._targets: Looks = {}
        self._receipts = NO_RECEIPTS

    def prints(self) -> dict[str, Print]:
        """Return the orders to print as they stand now."""
        self._catch_up()
        return self._prints

    def proofs(self) -> dict[str, ProofMade]:
        """Return the newest proof of each ward, as far back as the ledger is read."""
        self._catch_up()
        return self._proofs

    def lists(self) -> ListsProved:
        """Return the newest proof of each list of the house."""
        self._catch_up()
        return self._lists

    def asks(self) -> dict[str, Ask]:
        """Return the newest ask to deliver again of each target."""
        self._catch_up()
        return self._asks

    def targets(self) -> Looks:
        """Return what is known of the files at each target."""
        self._catch_up()
        return self._targets

    def receipts(self) -> Receipts:
        """Return what is known of the wards having their packs."""
        self._catch_up()
        return self._receipts

    def lacks(self) -> str:
        """Return what of the ledger cannot be opened and is left out, empty where nothing."""
        shut = self._ledger.shut()
        return f"{', '.join(shut)} cannot be opened" if shut else ""

    def _catch_up(self) -> None:
        with self._guard:
            newest = self._ledger.last_sequence()
            if self._cursor is None:
                self._cursor = self._beginning(newest)
            while self._cursor < newest:
                # Fewer are given where they are large (LedgerReader): it goes on behind them.
                events = self._ledger.after(self._cursor, PART, newest - self._cursor)
                if events:
                    self._take(read_pack_events(events))
                self._cursor = events[-1][0] if events else newest

    def _beginning(self, newest: int) -> int:
        last = self._ledger.after(newest - 1, limit=1) if newest else []
        # Not by this machine's clock: one that stands wrong would have all or nothing read.
        week = self._ledger.before(last[0][1].at - _AGO) if last else 0
        return max(min(week, newest - _FEWEST), 0)

    def _take(self, told: Sequence[object]) -> None:
        self._prints = fold_prints([e for e in told if isinstance(e, PrintEvent)], self._prints)
        proofs = [each for each in told if isinstance(each, ProofMade)]
        self._proofs = {**self._proofs, **{each.ward: each for each in proofs}}
        self._lists = fold_lists(proofs, self._lists)
        self._asks = fold_asks([e for e in told if isinstance(e, DeliveryEvent)], self._asks)
        looks = [each for each in told if isinstance(each, DeliveriesChecked)]
        self._targets = fold_looks(looks, self._targets)
        self._receipts = fold_receipts(told, self._receipts)

    def close(self) -> None:
        """Close the ledger."""
        self._ledger.close()


def printing_ledger(folder: HospitalFolder, ring: KeyRing) -> PackLedger:
    """Return the ledger that orders to print are written to; a second box has its own."""
    place = folder.own_operations if is_copy(folder) else folder.operations
    return PackLedger(place, ring)


def delivery_ledger(folder: HospitalFolder, ring: KeyRing) -> PackLedger:
    """Return the ledger of the site: a second box follows the first's."""
    return PackLedger(folder.operations, ring)


class Read(msgspec.Struct, frozen=True):
    """What is known of receipts, and why it is not all, empty where it is."""

    receipts: Receipts
    why: str = ""


def read_receipts(folder: HospitalFolder, ring: KeyRing) -> Read:
    """Return what is known of the wards having their packs; raises nothing."""
    ledger = delivery_ledger(folder, ring)
    try:
        return Read(ledger.receipts(), ledger.lacks())
    except (WardkeepError, OSError) as fault:
        return Read(NO_RECEIPTS, str(fault) or type(fault).__name__)
    finally:
        ledger.close()


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
