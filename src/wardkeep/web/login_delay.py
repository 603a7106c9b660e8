"""How long a login attempt waits: longer with every failure on the account, never for ever.

Nobody is locked out, and no address is counted: terminal servers put a whole ward behind one
address. An attempt counts as failed from its start, so that guesses sent at once wait too.
"""

from __future__ import annotations

from collections import OrderedDict

from wardkeep.kernel.times import HOUR

# Mistyping twice is ordinary at 03:30; from the third failure on, waiting doubles.
_FREE = 2
# At 15 s an attempt, 100 guesses take 25 minutes (NIST SP 800-63B-4 3.2.2 allows 100 in all),
# while the owner of the account still gets in within one breath.
_LONGEST_SECONDS = 15
_FORGOTTEN_AFTER = HOUR
# Names are invented by attackers for nothing: keep the latest.
_MOST_NAMES = 10_000


class LoginDelays:
    """Failures per account name, known or not."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def attempt(self, name: str, now: int) -> float:
        """Count an attempt as failed; return the seconds to wait before looking at it."""
        count, last = self._failures.pop(name, (0, now))
        if now - last > _FORGOTTEN_AFTER:
            count = 0
        self._failures[name] = (count + 1, now)
        while len(self._failures) > _MOST_NAMES:
            self._failures.popitem(last=False)
        return 0 if count < _FREE else float(min(2 ** (count - _FREE), _LONGEST_SECONDS))

    def succeeded(self, name: str) -> None:
        """Forget the failures of an account that logged in."""
        self._failures.pop(name, None)
