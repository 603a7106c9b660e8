"""What a first officer asked for a third, until the second confirms it at the same screen."""

from __future__ import annotations

from collections import OrderedDict

import msgspec

from wardkeep.access.events import Role
from wardkeep.kernel.times import MINUTE

# The second officer stands beside the first.
PATIENCE = 10 * MINUTE
_MOST = 1000


class Third(msgspec.Struct, frozen=True, kw_only=True):
    """A session for `person` that `first` asked for at `at` (UTC microseconds)."""

    first: str
    person: str
    role: Role
    hours: int
    at: int


class ThirdsAsked:
    """What was asked and not confirmed yet, by the digest of a cookie of the browser."""

    def __init__(self) -> None:
        self._asked: OrderedDict[str, Third] = OrderedDict()

    def ask(self, browser: str, third: Third) -> None:
        """Keep what was asked in a browser, in place of an earlier wish."""
        self._asked.pop(browser, None)
        self._asked[browser] = third
        while len(self._asked) > _MOST:
            self._asked.popitem(last=False)

    def asked(self, browser: str, now: int) -> Third | None:
        """Return what waits for confirmation in a browser; None where nothing does any more."""
        third = self._asked.get(browser)
        return third if third is not None and now - third.at <= PATIENCE else None

    def done(self, browser: str) -> None:
        """Forget it: confirmed or given up."""
        self._asked.pop(browser, None)
