"""Up to when doses are charted on a ward, and how late their records usually come."""

from __future__ import annotations

import msgspec

from wardkeep.chart.change import Change, moment_of
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import MINUTE

_STEPS = (5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 240, 360, 480, 720)
"""Upper ends, in minutes, of the steps in which lags are counted."""

LEARNED_DOSES = 50
"""Records after which a ward's lag is its own (own choice)."""

USUAL = 0.9
"""The usual lag is the one that nine records in ten keep."""

_FORGET_AT = 5000


class Charting(msgspec.Struct, array_like=True):
    """What is remembered of one ward: newest dose (UTC microseconds) and lags by step."""

    newest: int = 0
    lags: list[int] = []


def dose_recorded(charting: Charting, at: int, charted: int) -> Charting:
    """Return the ward's memory after a dose of `at` that was charted at `charted`.

    See `charted_at`.
    """
    charting.newest = max(charting.newest, min(at, charted))
    lags = charting.lags or [0] * (len(_STEPS) + 1)
    lag = max(0, charted - at) / MINUTE
    step = next((place for place, end in enumerate(_STEPS) if lag <= end), len(_STEPS))
    lags[step] += 1
    if sum(lags) >= _FORGET_AT:
        lags = [count // 2 for count in lags]
    charting.lags = lags
    return charting


def charted_at(change: Change, received: int) -> int:
    """Return when a dose was charted: entered (RXA-22), written (MSH-7) or come, the earliest.

    What waited in a queue, or was exported and loaded later, was charted in time.
    """
    entered = moment_of(change.fields.get("entered"))
    known = min(change.stamp.sent, received)
    return known if entered is None else min(known, entered.at)


def charting_lag(charting: Charting | None, rules: Rules) -> tuple[int, bool]:
    """Return the usual lag in minutes and whether it was learned from the ward itself."""
    total = sum(charting.lags) if charting else 0
    if charting is None or total < LEARNED_DOSES:
        return rules.charting_lag_minutes, False
    below = 0
    for count, end in zip(charting.lags, _STEPS, strict=False):
        below += count
        if below >= USUAL * total:
            return end, True
    return _STEPS[-1], True
