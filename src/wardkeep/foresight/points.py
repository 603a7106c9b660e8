"""How unsure the fitted numbers of the forecast are: equally likely sets of them, its points.

A forecast that took the middle of each number would tell chance alone, and its ranges would be
narrower than those that were tested on past incidents (docs/backtest.md). So each replica draws
a point, and its fitted numbers are those that are assumed, times the point's factors. A measure
that halves what is assumed halves it in every replica, whichever point that drew.
"""

from __future__ import annotations

from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.fitted_points import NAMES, ROWS
from wardkeep.foresight.parameters import ASSUMED, Assumptions

Points: TypeAlias = NDArray[np.float64]
"""A row a point, a column a name of NAMES: by what the number that is assumed is multiplied."""
ALONE: Points = np.ones((1, len(NAMES)))
"""The numbers that are assumed, and no others."""
FITTED: Points = np.array(ROWS) / [getattr(ASSUMED, each) for each in NAMES]
"""What sixteen past incidents leave likely (foresight/backtest), around parameters.ASSUMED."""
_SHARES = frozenset({"backups_reached", "push_grows"})
_AT_LEAST_ONE = "without_copy_factor"
"""Where a measure sets it near 1, a point below the middle would have lost copies save work."""


def known(points: Points, *names: str) -> Points:
    """Return the points where these numbers are known: as they are assumed, at each."""
    sure = points.copy()
    sure[:, [NAMES.index(each) for each in names]] = 1.0
    return sure


def at_points(assumed: Assumptions, points: Points, name: str) -> NDArray[np.float64]:
    """Return a number of NAMES at each point: a share at most 1, what lacks a copy at least."""
    found: NDArray[np.float64] = getattr(assumed, name) * points[:, NAMES.index(name)]
    if name == _AT_LEAST_ONE:
        return np.maximum(found, 1.0)
    return np.minimum(found, 1.0) if name in _SHARES else found
