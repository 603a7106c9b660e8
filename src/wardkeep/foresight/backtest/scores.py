"""How good an interval is: whether it holds what came, and how wide it is for that.

All on the natural logarithm: a factor of two too high is as bad as one too low.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from wardkeep.foresight.backtest.incident import Seen

OUTSIDE = 0.2
"""What an 80 % interval leaves outside."""
_TENTH = 1.2815515655446004
"""Quantile of the normal distribution at nine tenths."""
_STUDENT = (3.0777, 1.8856, 1.6377, 1.5332, 1.4759, 1.4398, 1.4149)
"""Quantiles of Student's t at nine tenths for 1, 2, ... degrees of freedom (any table)."""
_FEWEST = 2
"""Fewer others give no spread."""


class Interval(NamedTuple):
    """Lower and upper tenth, as themselves."""

    low: float
    high: float


def holds(interval: Interval, seen: Seen) -> bool:
    """Return whether the interval holds what was seen, or some of what it may have been."""
    return interval.low <= seen.most and seen.low <= interval.high


def interval_score(interval: Interval, seen: Seen) -> float:
    """Return Gneiting and Raftery's interval score, less is better.

    Strictly proper scoring rules, prediction, and estimation, Journal of the American
    Statistical Association 102 (2007), equation 43, with alpha 0.2. Of what was not told
    exactly, the nearest number to the interval that it may have been is taken.
    """
    low, high = math.log(interval.low), math.log(interval.high)
    least = -math.inf if seen.low <= 0 else math.log(seen.low)
    most = math.log(seen.most)
    below, above = max(low - most, 0.0), max(least - high, 0.0)
    return high - low + 2 / OUTSIDE * (below + above)


def plain_fit(others: Sequence[Seen], *, wide: bool = False) -> Interval | None:
    """Return the 80 % interval of a lognormal through what others saw; None for fewer than two.

    Mean and standard deviation of the logarithms; a bound is taken as if it were the number.
    `wide`: as a forecast of one more, by Student's t: that few others tell little is in it.
    """
    if len(others) < _FEWEST:
        return None
    logs = [math.log(each.point) for each in others]
    mean = sum(logs) / len(logs)
    spread = math.sqrt(sum((each - mean) ** 2 for each in logs) / (len(logs) - 1))
    times = _TENTH
    if wide:
        times = _STUDENT[min(len(logs) - 1, len(_STUDENT)) - 1] * math.sqrt(1 + 1 / len(logs))
    return Interval(math.exp(mean - times * spread), math.exp(mean + times * spread))
