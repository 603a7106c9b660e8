"""Which numbers of the forecast are fitted, between what, and the points that are tried.

Points: a Latin hypercube (McKay, Beckman, Conover: A comparison of three methods, Technometrics
21, 1979): each number takes as many values as there are points, one in each slice of its range,
in an order of chance; all chance is hashed, as everywhere in the forecast.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.chance import replica_key, uniform
from wardkeep.foresight.parameters import ASSUMED, Assumptions

_ORDER, _PLACE = 0, 1


class Fitted(msgspec.Struct, frozen=True, kw_only=True):
    """A number of parameters.Assumptions and the range that is tried, even on the log scale.

    `even`: even on the plain scale.
    """

    name: str
    low: float
    high: float
    even: bool = False

    def at(self, share: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the value at a share of the range, 0 to 1."""
        if self.even:
            return self.low + share * (self.high - self.low)
        value: NDArray[np.float64] = self.low * (self.high / self.low) ** share
        return value

    def share(self, value: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return at which share of the range a value lies."""
        if self.even:
            return (value - self.low) / (self.high - self.low)
        share: NDArray[np.float64] = np.log(value / self.low) / np.log(self.high / self.low)
        return share


FITTED: tuple[Fitted, ...] = (
    Fitted(name="push_machines_an_hour", low=100.0, high=20_000.0),
    Fitted(name="push_grows", low=0.0, high=1.0, even=True),
    Fitted(name="cut_median", low=0.3, high=12.0),
    Fitted(name="cut_spread", low=0.3, high=2.0, even=True),
    Fitted(name="hold_median", low=4.0, high=400.0),
    Fitted(name="hold_spread", low=0.3, high=1.6),
    Fitted(name="restore_hours_factor", low=0.5, high=40.0),
    Fitted(name="restore_hours_spread", low=0.1, high=1.6, even=True),
    Fitted(name="without_copy_factor", low=1.5, high=20.0),
    Fitted(name="backups_reached", low=0.1, high=1.0, even=True),
    Fitted(name="euros_a_crew_hour", low=80.0, high=5_000.0),
    Fitted(name="outside_help_euros", low=50_000.0, high=5_000_000.0),
)
"""What the outcomes could tell something of; the rest stays as it is. Crews are no question of
the past: a hospital knows its own, and twice the crews or half the hours look the same."""


def points(fitted: Sequence[Fitted], count: int, seed: int) -> NDArray[np.float64]:
    """Return a row a point and a column a number, each within its range."""
    shares = np.empty((count, len(fitted)))
    for column, _ in enumerate(fitted):
        order = np.argsort(chances(seed, count, column, _ORDER))
        shares[:, column] = (order + chances(seed, count, column, _PLACE)) / count
    return at_shares(fitted, shares)


def at_shares(fitted: Sequence[Fitted], shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return the points at shares of the ranges."""
    return np.column_stack([each.at(shares[:, row]) for row, each in enumerate(fitted)])


def to_shares(fitted: Sequence[Fitted], tried: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return at which shares of the ranges points lie."""
    return np.column_stack([each.share(tried[:, row]) for row, each in enumerate(fitted)])


def chances(seed: int, count: int, column: int, what: int) -> NDArray[np.float64]:
    """Return hashed numbers within 0 and 1, one a row."""
    keys = (np.uint64(replica_key(seed, row)) for row in range(count))
    return np.array([uniform(key, np.uint64(column), np.uint64(11), what) for key in keys])


def assumed_at(fitted: Sequence[Fitted], point: NDArray[np.float64]) -> Assumptions:
    """Return the forecast's numbers with those of a point in their place."""
    said = {each.name: value for each, value in zip(fitted, point.tolist(), strict=True)}
    return msgspec.structs.replace(ASSUMED, **said)
