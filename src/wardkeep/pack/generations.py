"""Which generations of a ward's pack stay on the shelf: by age, never by their number.

However many newer ones come, for each age of SPANS the shelf has a pack from before it, made
less than a step before the last one was, the step of that one's age: so there is a pack from
before any tampering of the last week. Beyond the longest span the last one stays, until another
is as old.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from wardkeep.kernel.times import DAY, HOUR, MINUTE

SPANS: tuple[tuple[int, int], ...] = (
    (HOUR, 10 * MINUTE),
    (4 * HOUR, 30 * MINUTE),
    (12 * HOUR, HOUR),
    (24 * HOUR, 2 * HOUR),
    (72 * HOUR, 6 * HOUR),
    (7 * DAY, 12 * HOUR),
)
"""Age and step (UTC microseconds): up to this age one pack of each step stays, 45 at most.
The steps divide each other, so that what stays for an hour is what will be wanted in a week."""

# The newest and two before it: a pack that is being read or printed is not taken away.
_NEWEST = 3


def kept(made: Mapping[int, int], now: int) -> set[int]:
    """Return which generations stay; `made` tells when each was made (UTC microseconds).

    The newest stay, the first of every step within each span, and the last before the longest.
    """
    stay = set(sorted(made)[-_NEWEST:])
    begin = 0
    for span, step in SPANS:
        within = ((at, n) for n, at in made.items() if begin <= now - at < span)
        stay |= _firsts(within, step)
        begin = span
    beyond = [(at, number) for number, at in made.items() if now - at >= begin]
    if beyond:
        stay.add(max(beyond)[1])
    # A clock that was put back: what is from the future is not judged.
    return stay | {number for number, at in made.items() if at > now}


def _firsts(packs: Iterable[tuple[int, int]], step: int) -> set[int]:
    first: dict[int, tuple[int, int]] = {}
    for at, number in packs:
        place = at // step
        first[place] = min(first.get(place, (at, number)), (at, number))
    return {number for _, number in first.values()}


def last_before(made: Mapping[int, int], moment: int) -> int | None:
    """Return the generation that was the newest at `moment`, None where there was none."""
    before = [(at, number) for number, at in made.items() if at <= moment]
    return max(before)[1] if before else None
