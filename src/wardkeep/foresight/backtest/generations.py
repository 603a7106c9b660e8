"""More points near those that weigh, and what each counts for having been tried more.

A generation is drawn around the points before it, by their weights, and each new point is
divided by how often it was to be expected (importance sampling: Beaumont and others: Adaptive
approximate Bayesian computation, Biometrika 96, 2009). What is found does not hang on where it
was looked for; only how surely it is found does. So one generation serves every hospital that
is left out.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.backtest.design import (
    Fitted,
    at_shares,
    chances,
    points,
    to_shares,
)
from wardkeep.foresight.engines.chance import normal

_ANYWHERE = 5
"""Every fifth point is spread over all ranges, whatever was found before."""
_AWAY = 3
_NARROWEST, _WIDEST = 0.02, 0.5


class Generation(NamedTuple):
    """Points, a row each, and the logarithm of what each weighs before any incident."""

    points: NDArray[np.float64]
    prior: NDArray[np.float64]


def first_generation(fitted: Sequence[Fitted], count: int, seed: int) -> Generation:
    """Return points spread evenly; all weigh the same."""
    return Generation(points(fitted, count, seed), np.zeros(count))


def next_generation(
    fitted: Sequence[Fitted],
    before: NDArray[np.float64],
    weight: NDArray[np.float64],
    count: int,
    seed: int,
) -> Generation:
    """Return points around those before.

    By the square roots of their weights, so that a few lucky points do not hide the rest.
    """
    soft = np.sqrt(weight) / np.sqrt(weight).sum()
    centres = to_shares(fitted, before)
    width = _width(centres, soft)
    which = np.searchsorted(np.cumsum(soft), (np.arange(count) + 0.5) / count)
    shares = centres[np.minimum(which, len(centres) - 1)]
    for column in range(len(fitted)):
        away = [normal(each) for each in chances(seed, count, column, _AWAY).tolist()]
        shares[:, column] = _inside(shares[:, column] + width[column] * np.array(away))
    everywhere = to_shares(fitted, points(fitted, -(-count // _ANYWHERE), seed))
    shares[::_ANYWHERE] = everywhere
    return Generation(
        at_shares(fitted, shares), -np.log(_expected(shares, centres, soft, width))
    )


def _width(centres: NDArray[np.float64], soft: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return how far from its centre a point may lie in each number, by Scott's rule (1992)."""
    mean = soft @ centres
    spread = np.sqrt(soft @ (centres - mean) ** 2)
    effective = 1 / (soft**2).sum()
    width: NDArray[np.float64] = spread * effective ** (-1 / (centres.shape[1] + 4))
    return np.clip(width, _NARROWEST, _WIDEST)


def _inside(shares: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return shares thrown back at the ends of the range, as often as need be."""
    turned = np.mod(shares, 2.0)
    return np.minimum(turned, 2.0 - turned)


def _expected(
    shares: NDArray[np.float64],
    centres: NDArray[np.float64],
    soft: NDArray[np.float64],
    width: NDArray[np.float64],
) -> NDArray[np.float64]:
    """Return how often each point was to be expected, 1 for points spread evenly."""
    near = np.ones((len(shares), len(centres)))
    for column in range(shares.shape[1]):
        place, centre = shares[:, column, np.newaxis], centres[np.newaxis, :, column]
        seen = np.zeros_like(near)
        for image in (place, -place, 2 - place, place - 2, place + 2):
            seen += np.exp(-0.5 * ((image - centre) / width[column]) ** 2)
        near *= seen / (width[column] * np.sqrt(2 * np.pi))
    everywhere = 1 / _ANYWHERE
    expected: NDArray[np.float64] = everywhere + (1 - everywhere) * (near @ soft)
    return expected
