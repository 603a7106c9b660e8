"""Puts deliveries and openings down without failing: no ledger keeps a pack from a ward."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from wardkeep.kernel.errors import WardkeepError
from wardkeep.pack.events import DeliveryEvent, PackOpeningSaid

# A target's events of weeks: one an hour, and what people ask for.
_MOST = 1_000
Tell = Callable[[str], object]
"""Is given a line for the log, or for the terminal."""


class Outcomes:
    """Records orders and outcomes of deliveries; what no writer took waits, in its order.

    It is recorded at the next call or `catch_up`; one thread at a time. What is too much to
    keep is counted, and `tell` hears of it: the oldest goes.
    """

    def __init__(self, record: Callable[[DeliveryEvent], object], tell: Tell) -> None:
        self._record, self._tell = record, tell
        self._waiting: deque[DeliveryEvent] = deque()
        self._lost = 0
        self.why = ""
        """Why the last was not taken, empty where nothing waits."""

    def __call__(self, event: DeliveryEvent) -> None:
        """Record an event after those that wait."""
        self._waiting.append(event)
        self.catch_up()
        if len(self._waiting) <= _MOST:
            return
        if not self._lost:
            self._tell(
                f"outcomes of deliveries wait, the oldest of {_MOST} are lost: {self.why}"
            )
        self._waiting.popleft()
        self._lost += 1

    def catch_up(self) -> None:
        """Record what waits, as far as it is taken."""
        try:
            while self._waiting:
                self._record(self._waiting[0])
                self._waiting.popleft()
        except (WardkeepError, OSError) as fault:
            self.why = str(fault) or type(fault).__name__
            return
        self.why = ""
        if self._lost:
            self._tell(f"{self._lost} outcomes of deliveries were never recorded")
            self._lost = 0


class Openings:
    """Records what notes at a target say of openings, the newest of each ward.

    There are never more of them than wards, whoever writes at the target: they keep no outcome
    of a delivery from the ledger. One thread at a time.
    """

    def __init__(self, record: Callable[[PackOpeningSaid], object]) -> None:
        self._record = record
        self._waiting: dict[str, PackOpeningSaid] = {}

    def __call__(self, said: PackOpeningSaid) -> None:
        """Record it, in the place of what waits of its ward."""
        self._waiting[said.ward] = said
        self.catch_up()

    def catch_up(self) -> None:
        """Record what waits, as far as it is taken."""
        try:
            while self._waiting:
                ward = next(iter(self._waiting))
                self._record(self._waiting[ward])
                del self._waiting[ward]
        except (WardkeepError, OSError):
            return  # it waits; what nobody recorded is read at the place again, too
