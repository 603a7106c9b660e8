"""The printing of a hospital folder as the pages ask for it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence

import msgspec

from wardkeep.adapters import clock
from wardkeep.adapters.key_ring import KeyRing
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.print_desk import new_number
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import printing_ledger
from wardkeep.chart.ports import Charts
from wardkeep.hospital.site import Site
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import SECOND
from wardkeep.pack.events import PrintEvent, PrintOrdered
from wardkeep.pack.lists_proved import told
from wardkeep.pack.print_decide import printer_of
from wardkeep.pack.prints import Prints
from wardkeep.pack.readiness import Readiness, believed, readiness

# What would be on paper changes by the minute; a page needs it at once.
_READY_FOR = 10 * SECOND


class FolderPrinting:
    """The printing of a folder (app.pack_ledger), as pages ask for it; any thread may."""

    def __init__(
        self,
        folder: HospitalFolder,
        site: Site,
        ring: KeyRing,
        charts: Charts,
        send: Callable[[Sequence[PrintEvent]], None],
    ) -> None:
        self._site, self._charts, self._send = site, charts, send
        self._ledger = printing_ledger(folder, ring)
        self._shelf = PackShelf(folder.packs, ring)
        self._guard = threading.Lock()
        self._ready: Readiness | None = None

    def prints(self) -> Prints:
        """Return how the orders stand; nothing while the ledger cannot be read."""
        with self._guard:
            try:
                return self._ledger.prints()
            except (WardkeepError, OSError):
                return {}

    def readiness(self, now: int) -> Readiness | None:
        """Return what would be on paper now, None while it cannot be told."""
        with self._guard:
            if self._ready is None or not 0 <= now - self._ready.at < _READY_FOR:
                try:
                    self._ready = self._measured(now)
                except (WardkeepError, OSError):
                    self._ready = None
            return self._ready

    def order(self, ward: str, by: str) -> None:
        """Order a ward's pack; raises UnknownPrinterError, OperationFailedError."""
        site = next((each.site for each in self._site.wards if each.code == ward), "")
        chosen = printer_of(ward, site, self._site.printers)
        at, number = clock.now(), new_number()
        self.record([PrintOrdered(order=number, ward=ward, printer=chosen.name, at=at, by=by)])

    def record(self, events: Sequence[PrintEvent]) -> None:
        """Record what was ordered or said; raises OperationFailedError."""
        self._send(events)

    def _measured(self, now: int) -> Readiness:
        wards = {each.ward for each in self._charts.wards() if each.patients}
        newest = believed(self._shelf.standing().newest, self._ledger.targets(), self._site)
        prints, proofs = self._ledger.prints(), self._ledger.proofs()
        found = readiness(wards, newest, self._site, prints, proofs, now)
        lists = told(self._ledger.lists(), self._site, now)
        return msgspec.structs.replace(found, lists=lists)
