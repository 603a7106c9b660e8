"""How long a login attempt waits: longer with every failure on the account, never for ever.

Nobody is locked out, and no address is counted: terminal servers put a whole ward behind one
address. Attempts on one account come one after another (web.login_queue).
"""

from __future__ import annotations

from collections import OrderedDict

import msgspec

from wardkeep.kernel.times import HOUR

# Mistyping twice is ordinary at 03:30; from the third failure on, waiting doubles.
_FREE = 2
# At 15 s an attempt, 100 guesses take 25 minutes (NIST SP 800-63B-4 3.2.2 allows 100 in all),
# while the owner of the account still gets in, at worst after a line (web.login_queue).
_LONGEST_SECONDS = 15
_FORGOTTEN_AFTER = HOUR
# Names are invented by attackers for nothing: keep the latest.
_MOST_LANES = 10_000


PIN_LANE = "pin"
"""What the lane of a badge and a PIN begins with, where others have an account's name."""


class Delayed(msgspec.Struct, frozen=True):
    """Failures of late; when the last was (UTC µs); how many seconds the next one waits."""

    failures: int
    last: int
    seconds: float


class LoginDelays:
    """Failures per lane: an account's name, known or not, and perhaps a known browser."""

    def __init__(self) -> None:
        self._failures: OrderedDict[str, tuple[int, int]] = OrderedDict()

    def attempt(self, lane: str, now: int) -> float:
        """Count an attempt as failed; return the seconds to wait before looking at it."""
        count, last = self._failures.pop(lane, (0, now))
        if now - last > _FORGOTTEN_AFTER:
            count = 0
        self._failures[lane] = (count + 1, now)
        while len(self._failures) > _MOST_LANES:
            self._failures.popitem(last=False)
        return _seconds(count)

    def delayed(self, now: int) -> dict[str, Delayed]:
        """Return by account's name, or `pin` and badge, what failed within the hour.

        Of several browsers the one with the most failures is told.
        """
        found: dict[str, Delayed] = {}
        # A copy: logins go on while a page is made in a thread.
        for lane, (count, last) in list(self._failures.items()):
            owner = _owner(lane)
            worst = found.get(owner)
            if now - last <= _FORGOTTEN_AFTER and (worst is None or count > worst.failures):
                found[owner] = Delayed(count, last, _seconds(count))
        return found

    def succeeded(self, lane: str) -> None:
        """Forget the failures of a lane that logged in."""
        self._failures.pop(lane, None)


def _seconds(count: int) -> float:
    return 0 if count < _FREE else float(min(2 ** (count - _FREE), _LONGEST_SECONDS))


def _owner(lane: str) -> str:
    first, *rest = lane.split("\0")
    # An account may be called like the lane of PINs; its lane has two parts.
    return f"{PIN_LANE}\0{rest[0]}" if first == PIN_LANE and len(rest) > 1 else first
