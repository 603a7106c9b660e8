"""When each account last logged in, read from the access ledger backwards, in small steps."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from wardkeep.access.look import Look
from wardkeep.kernel.errors import WardkeepError
from wardkeep.web.ports import AccessBook

LOGIN = "login"
"""What an entry of a login is called in the access ledger."""
_STEP = 500
# A site of 1,000 inpatients records some 10,000 looks a day: a month of them.
_MOST_READ = 300_000
_NO_OVERLAP = 20
"""Steps that a page reads at most to reach what was read before."""


class LastLogins:
    """The newest login of each account; how far back was read stands in `since`."""

    def __init__(self, book: AccessBook) -> None:
        self._book = book
        self._at: dict[str, int] = {}
        self._newest = 0
        self._before: int | None = None
        self._read = 0
        self._guard = threading.Lock()
        self.readable = True
        """False while the access ledger gives nothing: a newer login may stand there."""
        self.since: int | None = None
        """The oldest entry that was read (UTC µs), None where none was."""

    @property
    def whole(self) -> bool:
        """Whether everything that the ledger keeps was read."""
        return self.readable and self._before == 0

    def at(self, account: str) -> int | None:
        """Return the account's newest login (UTC µs), None where none was read or can be."""
        return self._at.get(account) if self.readable else None

    def catch_up(self) -> None:
        """Read what came since the last call; at first the newest entries alone.

        Raises what the ledger raises; until it is read again, nothing is told.
        """
        with self._guard:
            try:
                self._catch_up()
            except (OSError, WardkeepError):
                self.readable = False
                raise
            self.readable = True

    def _catch_up(self) -> None:
        before, reached, fresh = 0, self._newest, list[Look]()
        for _step in range(_NO_OVERLAP):
            found, before = self._book.looks(before, _STEP)
            fresh += found
            if not (before and reached) or (found and found[-1].at < reached):
                break
        else:
            # More came than is read for a page: what was known before may be overtaken by
            # what lies between, so reading back begins anew from here.
            self._at, self.since, self._before, self._read = {}, None, before, 0
        self._take(fresh)
        if self._before is None:
            self._before = before

    def read_older(self) -> bool:
        """Read one step further back; False where there is nothing more to read."""
        self.catch_up()
        with self._guard:
            if not self._before or self._read >= _MOST_READ:
                return False
            found, self._before = self._book.looks(self._before, _STEP)
            # A step over erased months costs as much as one that finds entries.
            self._read += _STEP
            self._take(found)
            return bool(self._before)

    def _take(self, found: Sequence[Look]) -> None:
        for look in found:
            if look.page == LOGIN and look.at > self._at.get(look.who, 0):
                self._at[look.who] = look.at
        if found:
            self._newest = max(self._newest, found[0].at)
            self.since = min(found[-1].at, self.since or found[-1].at)
