"""The deliveries of a hospital folder as the pages ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wardkeep.adapters import clock
from wardkeep.app.delivering import read_standing
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.pack_ledger import PackLedger
from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.delivery import Standing
from wardkeep.pack.delivery_asks import Asks, ask
from wardkeep.pack.events import PackDeliveryAsked
from wardkeep.pack.target_looks import Looks


class FolderDeliveries:
    """The deliveries of a folder, as pages ask for them; any thread may."""

    def __init__(
        self,
        folder: HospitalFolder,
        ledger: PackLedger,
        send: Callable[[PackDeliveryAsked], None],
    ) -> None:
        self._folder, self._send = folder, send
        self._ledger = ledger

    def standing(self) -> Mapping[str, Standing]:
        """Return how each target stands, by its name."""
        return read_standing(self._folder)

    def asks(self) -> Asks | None:
        """Return what was asked to be delivered again; None while it cannot be read."""
        try:
            return self._ledger.asks()
        except (WardkeepError, OSError):
            return None

    def looks(self) -> Looks | None:
        """Return what is known of the files at each target; None while unreadable."""
        try:
            return self._ledger.targets()
        except (WardkeepError, OSError):
            return None

    def ask(self, target: str, by: str) -> bool:
        """Ask that a target gets all its packs again; raises OperationFailedError.

        False where somebody asked before, and it is under way.
        """
        # Asked twice is no harm: a delivery may be repeated.
        events = ask(self.asks() or {}, target, by, clock.now())
        for event in events:
            self._send(event)
        return bool(events)
