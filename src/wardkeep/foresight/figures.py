"""Numbers over many replicas: never a point without its range."""

from __future__ import annotations

from typing import TYPE_CHECKING

import msgspec

if TYPE_CHECKING:
    # Pages read ranges in a process that has no NumPy: it is an extra (ADR 37).
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

_LOWER, _MIDDLE, _UPPER = 10, 50, 90
SURE = 1.96
"""Standard errors on both sides of a mean that hold it with 95 %."""


class Range(msgspec.Struct, frozen=True):
    """What a number is in the lower tenth, the middle and the upper tenth of the replicas."""

    p10: float
    p50: float
    p90: float


def range_of(numbers: ArrayLike) -> Range | None:
    """Return the range of one number a replica; None of none."""
    import numpy as np

    given = np.asarray(numbers, np.float64)
    if not given.size:
        return None
    low, middle, high = np.percentile(given, [_LOWER, _MIDDLE, _UPPER])
    return Range(float(low), float(middle), float(high))


def mean_of(numbers: NDArray[np.float64]) -> tuple[float, float]:
    """Return a mean and how far to each side of it the true one may lie (95 %)."""
    count = max(len(numbers), 1)
    error = float(numbers.std(ddof=1)) / count**0.5 if count > 1 else float("inf")
    return float(numbers.mean()), SURE * error
