"""What the writer looks at once a second, and what it raises or clears of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from wardkeep.adapters.host import free_bytes
from wardkeep.alarm.events import PART, AlarmEvent, encode
from wardkeep.alarm.state import Name
from wardkeep.app import processes, store_alarms
from wardkeep.app.alarms import AlarmBook, of_processes
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.store_alarms import StoreAlarms
from wardkeep.ledger.encoding import OperationsEvent


class Watched(Protocol):
    """The ledgers, as the watch asks them."""

    alarms: StoreAlarms

    def lost(self) -> Mapping[str, int]:
        """Return by ledger how many entries were given out and are gone."""
        ...

    def damaged(self) -> Mapping[str, Sequence[str]]:
        """Return by ledger the files that were left because of damage."""
        ...

    def decide(self, events: Sequence[OperationsEvent]) -> int:
        """Append to the operations ledger; raises StoreFailedError."""
        ...


class Watch:
    """Keeps the book of alarms true to what can be seen from the writer."""

    def __init__(
        self,
        folder: HospitalFolder,
        ledgers: Watched,
        book: AlarmBook,
        how_late: Callable[[int], str] = lambda _at: "",
    ) -> None:
        """Watch from now on; `how_late` says why the newest backup is too old, if it is."""
        self._folder, self._ledgers, self._book = folder, ledgers, book
        self._how_late = how_late

    def look(self, at: int) -> None:
        """Look at everything, and tell what changed; raises StoreFailedError."""
        free = free_bytes(self._folder.path)
        stores = self._ledgers.alarms.found(free, self._ledgers.lost(), self._ledgers.damaged())
        self._book.replace(store_alarms.CODES, stores, at)
        known = of_processes(processes.read(self._folder), at)
        down = {Name("process-down", each.subject): each.detail for each in known}
        # Whoever asks is answered by this process: it runs, whatever a full disk left written.
        down.pop(Name("process-down", "writer"), None)
        self._book.replace({"process-down"}, down, at)
        late = self._how_late(at)
        self._book.replace({"backup-late"}, {Name("backup-late", ""): late} if late else {}, at)
        self._book.tell(at, lambda told: self._record(told, at))

    def _record(self, told: Sequence[AlarmEvent], at: int) -> None:
        self._ledgers.decide([to_event(each, at) for each in told])


def to_event(event: AlarmEvent, at: int) -> OperationsEvent:
    """Return the operations entry that keeps a change."""
    return OperationsEvent(PART, type(event).__name__, 1, at, "wardkeep", encode(event))
