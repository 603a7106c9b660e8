"""Sees to it that every look at a patient reaches the access ledger.

Rules kept here:
- A look is recorded before its page is sent. If the ledger does not take it, the page is shown
  all the same (care goes first), the look waits here, and the overview says how many wait.
- A screen that refreshes itself is one look in REPEAT, not one every few seconds; a patient who
  newly appears on it is a look at once.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable

from wardkeep.access.look import Look
from wardkeep.kernel.times import MINUTE
from wardkeep.web.errors import OperationFailedError
from wardkeep.web.ports import LookBook

REPEAT = 10 * MINUTE
# A thousand ward boards of 40 patients: beyond this the oldest wait no longer, and it shows.
_MOST_WAITING = 40_000
_MOST_REMEMBERED = 200_000


class LookRecorder:
    """Records looks once, and again when recording failed."""

    def __init__(self, book: LookBook) -> None:
        self._book = book
        self._lock = threading.Lock()
        self._seen: dict[tuple[str, str, str], int] = {}
        self._waiting: list[Look] = []
        self.dropped = 0

    @property
    def waiting(self) -> int:
        """Looks that the access ledger has not taken yet."""
        return len(self._waiting)

    def looked(self, session: str, looks: Iterable[Look]) -> None:
        """Record looks of one session, but for those it had within REPEAT."""
        with self._lock:
            new = [look for look in looks if self._first(session, look)]
            batch = self._waiting + new
        if new:
            self._record(batch)

    def note(self, look: Look) -> None:
        """Record something that is no look at a patient, as a login; never left out."""
        with self._lock:
            batch = [*self._waiting, look]
        self._record(batch)

    def retry(self) -> None:
        """Try once more what could not be recorded."""
        with self._lock:
            batch = list(self._waiting)
        if batch:
            self._record(batch)

    def _first(self, session: str, look: Look) -> bool:
        key = (session, look.page, look.record)
        last = self._seen.get(key)
        if last is not None and 0 <= look.at - last < REPEAT:
            return False
        if len(self._seen) >= _MOST_REMEMBERED:
            self._seen = {k: at for k, at in self._seen.items() if look.at - at < REPEAT}
        self._seen[key] = look.at
        return True

    def _record(self, batch: list[Look]) -> None:
        try:
            self._book.record(batch)
        except OperationFailedError:
            kept = batch[-_MOST_WAITING:]
            with self._lock:
                self.dropped += len(batch) - len(kept)
                self._waiting = kept
            return
        with self._lock:
            taken = set(map(id, batch))
            self._waiting = [look for look in self._waiting if id(look) not in taken]
