"""The bedside checks of a hospital folder as the pages ask for them."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence

import msgspec

from wardkeep.adapters.key_ring import KeyRing
from wardkeep.app.bedside_ledger import BedsideLedger
from wardkeep.app.folder import HospitalFolder
from wardkeep.bedside.accuracy import Accuracy, accuracy
from wardkeep.bedside.events import BedsideEvent
from wardkeep.bedside.state import NO_CHECKS, Checks, Difference
from wardkeep.kernel.errors import WardkeepError
from wardkeep.kernel.times import MINUTE


class FolderBedside:
    """The checks of a folder (app.bedside_ledger); any thread may ask."""

    def __init__(
        self,
        folder: HospitalFolder,
        ring: KeyRing,
        send: Callable[[Sequence[BedsideEvent]], None],
    ) -> None:
        self._ledger, self._send = BedsideLedger(folder, ring), send
        self._guard = threading.Lock()
        self._known: Checks = NO_CHECKS
        self._waiting: tuple[Checks, tuple[Difference, ...]] | None = None
        self._told: tuple[Checks, int, Mapping[str, Accuracy]] | None = None

    def checks(self) -> Checks:
        """Return the checks as they stand; as last known, and said so, while unread."""
        with self._guard:
            try:
                self._known = self._ledger.checks()
            except (WardkeepError, OSError):
                if self._known.readable:
                    self._known = msgspec.structs.replace(self._known, readable=False)
            return self._known

    def waiting(self) -> tuple[Difference, ...]:
        """Return the differences that wait, looked for anew when a check came."""
        checks = self.checks()
        waiting = self._waiting
        if waiting is None or waiting[0] is not checks:
            waiting = self._waiting = (checks, checks.waiting())
        return waiting[1]

    def accuracy(self, now: int) -> Mapping[str, Accuracy]:
        """Return how each ward stands, counted anew when a check came or a minute passed."""
        checks = self.checks()
        told = self._told
        if told is None or told[0] is not checks or not 0 <= now - told[1] < MINUTE:
            told = self._told = (checks, now, accuracy(checks, now))
        return told[2]

    def record(self, events: Sequence[BedsideEvent]) -> None:
        """Record what was found or done; raises OperationFailedError."""
        self._send(events)
