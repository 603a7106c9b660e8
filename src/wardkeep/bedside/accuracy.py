"""How often a ward's chart was as at the bedside: counts, and how sure they are.

Rules kept here:
- A share never stands without its counts and its interval: 3 of 3 is not "100 %".
- What could not be checked is counted apart, neither right nor wrong.
"""

from __future__ import annotations

from math import ceil, floor, sqrt

import msgspec

from wardkeep.bedside.events import Finding
from wardkeep.bedside.state import PERIOD, Checks

_Z = 1.959964
"""The normal quantile of a two-sided interval of 95 %."""


class Accuracy(msgspec.Struct, frozen=True, kw_only=True):
    """Facts of a ward compared since `since`, and when last (UTC microseconds; None: never)."""

    since: int
    checks: int = 0
    same: int = 0
    different: int = 0
    unchecked: int = 0
    last: int | None = None

    @property
    def compared(self) -> int:
        """Facts that somebody saw at the bedside."""
        return self.same + self.different

    @property
    def interval(self) -> tuple[int, int] | None:
        """Percent between which the true share lies, 95 % sure; None where nothing was seen.

        The score interval (Wilson, JASA 22, 1927), its ends rounded away from each other.
        """
        if not self.compared:
            return None
        n, share, z2 = self.compared, self.same / self.compared, _Z * _Z
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = _Z * sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        low, high = max(0.0, middle - half), min(1.0, middle + half)
        # At either end the formula gives the end itself, but for the last bits of a float.
        return (
            0 if not self.same else floor(100 * low),
            100 if not self.different else ceil(100 * high),
        )


def accuracy(checks: Checks, now: int) -> dict[str, Accuracy]:
    """Return how each ward that was checked within PERIOD stands."""
    since = now - PERIOD
    counts: dict[str, list[int]] = {}
    last: dict[str, int] = {}
    for each in checks.checked.values():
        if not since <= each.at <= now:
            continue
        mine = counts.setdefault(each.ward, [0, 0, 0, 0])
        mine[0] += 1
        for found in each.found:
            mine[_COLUMN[found.finding]] += 1
        last[each.ward] = max(each.at, last.get(each.ward, 0))
    return {
        ward: Accuracy(
            since=since,
            checks=n[0],
            same=n[1],
            different=n[2],
            unchecked=n[3],
            last=last[ward],
        )
        for ward, n in counts.items()
    }


_COLUMN = {Finding.SAME: 1, Finding.DIFFERENT: 2, Finding.UNCHECKED: 3}
