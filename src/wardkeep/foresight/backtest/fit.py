"""The weight that past incidents give to each point, and what each foretells without its own.

An incident's likelihood at a point is the mean over replicas of a kernel on the log scale
around what the replica gave (approximate Bayesian computation with a kernel that stands for
the error of the model: Wilkinson, Statistical Applications in Genetics and Molecular Biology
12, 2013). How wide the kernel is, by sort of outcome, is not set but summed over a grid with
the rest, so the incidents themselves tell how wrong the model is; the same error widens each
interval that is foretold.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.backtest.incident import OUTPUTS, Incident, Output, Seen
from wardkeep.foresight.backtest.scores import Interval

Array = NDArray[np.float64]
ERRORS: tuple[tuple[float, ...], ...] = (
    (0.2, 0.4, 0.7, 1.1),
    (0.2, 0.4, 0.7, 1.1, 1.6),
    (0.1, 0.25, 0.5, 0.9),
    (0.3, 0.6, 1.1, 1.7, 2.5),
)
"""Standard deviations of the model's error on the log scale: shares of servers, days, activity,
euros."""
_SHARES, _DAYS, _ACTIVITY, _EUROS = range(4)
_SORT: dict[Output, int] = {
    each: _DAYS if each.startswith("day") else _SHARES for each in OUTPUTS
} | {"share of activity lost in week 1": _ACTIVITY, "cost in euros": _EUROS}
_WEAK = 0.3
"""By how much more a weak outcome may be wrong: a guess."""
_LEAST = 1e-12
"""No incident rules a point out altogether."""
_SHARE_OUTPUTS = frozenset({"share of servers lost", "share of activity lost in week 1"})
_BISECTIONS = 50
_WIDEST = 6.0


class Weights(NamedTuple):
    """Weights of points and errors, 1 in all: axes: point, then the four sorts of ERRORS."""

    shares: Array

    def of_points(self) -> Array:
        """Return the weight of each point."""
        weights: Array = self.shares.sum(axis=(1, 2, 3, 4))
        return weights

    def with_error(self, sort: int) -> Array:
        """Return the weights by point and error of a sort of outcome."""
        others = tuple(each + 1 for each in range(len(ERRORS)) if each != sort)
        weights: Array = self.shares.sum(axis=others)
        return weights

    def effective(self) -> float:
        """Return as how many points of equal weight these count (Kish 1965)."""
        weights = self.of_points()
        return float(1 / (weights**2).sum())


def likelihood(incident: Incident, made: Array) -> Array:
    """Return the log likelihood by point and the four sorts of error (1 where none matters).

    `made`: points, replicas, OUTPUTS.
    """
    points, replicas = made.shape[:2]
    together = np.zeros((points, replicas, 1, 1, 1, 1))
    for seen in incident.seen:
        sort = _SORT[seen.output]
        shape = [points, replicas, 1, 1, 1, 1]
        shape[2 + sort] = len(ERRORS[sort])
        logs = np.log(made[:, :, OUTPUTS.index(seen.output)])
        together = together + _kernel(seen, logs, ERRORS[sort]).reshape(shape)
    mean: Array = np.log(np.exp(together).mean(axis=1) + _LEAST)
    return mean


def _kernel(seen: Seen, logs: Array, errors: Sequence[float]) -> Array:
    """Return the log density of what was seen, or the probability of its range, by error."""
    wide = np.hypot(errors, _WEAK if seen.weak else 0.0)
    if seen.is_exact:
        away = (math.log(seen.low) - logs[..., np.newaxis]) / wide
        density: Array = -0.5 * away**2 - np.log(wide * math.sqrt(2 * math.pi))
        return density
    low = -math.inf if seen.low <= 0 else math.log(seen.low)
    above = normal_cdf((math.log(seen.most) - logs[..., np.newaxis]) / wide)
    below = normal_cdf((low - logs[..., np.newaxis]) / wide)
    inside: Array = np.log(np.maximum(above - below, _LEAST))
    return inside


def weights(likelihoods: Sequence[Array], prior: Array) -> Weights:
    """Return the weights that these incidents give together.

    `prior`: by point, the logarithm of its weight before any incident.
    """
    total = prior.reshape(-1, 1, 1, 1, 1) + np.zeros((1, *map(len, ERRORS)))
    for each in likelihoods:
        total = total + each
    shares = np.exp(total - total.max())
    return Weights(shares / shares.sum())


def foretold(given: Weights, made: Array, output: Output) -> Interval:
    """Return the 80 % interval of an outcome of an incident.

    `made`: as in `likelihood`, of that incident; `given`: weights to which it gave nothing.
    """
    sort = _SORT[output]
    weight = given.with_error(sort)
    known = weight.sum(axis=1) > weight.sum() * 1e-6
    logs, weight = np.log(made[known, :, OUTPUTS.index(output)]), weight[known]
    low, high = (_quantile(logs, weight, sort, at) for at in (0.1, 0.9))
    most = 1.0 if output in _SHARE_OUTPUTS else math.inf
    return Interval(min(low, most), min(high, most))


def _quantile(logs: Array, weight: Array, sort: int, at: float) -> float:
    """Return where the weighted mixture of normal distributions reaches `at`."""
    wide = np.array(ERRORS[sort])
    share = weight[:, np.newaxis, :] / (weight.sum() * logs.shape[1])
    low, high = logs.min() - _WIDEST * wide.max(), logs.max() + _WIDEST * wide.max()
    for _ in range(_BISECTIONS):
        middle = (low + high) / 2
        below = (normal_cdf((middle - logs[..., np.newaxis]) / wide) * share).sum()
        low, high = (middle, high) if below < at else (low, middle)
    return float(np.exp((low + high) / 2))


def quantiles(values: Array, weight: Array, at: Sequence[float]) -> list[float]:
    """Return weighted quantiles of a fitted number."""
    order = np.argsort(values)
    reached = np.cumsum(weight[order]) / weight.sum()
    places = np.minimum(np.searchsorted(reached, at), len(values) - 1)
    return [float(each) for each in values[order][places]]


def of_equal_weight(rows: Array, weight: Array, count: int) -> Array:
    """Return so many of the rows that weigh, each as often as it weighs.

    By systematic resampling (Kitagawa, Journal of Computational and Graphical Statistics 5,
    1996): a row of weight w comes floor(w * count) times or once more.
    """
    reached = np.cumsum(weight) / weight.sum()
    places = np.searchsorted(reached, (np.arange(count) + 0.5) / count)
    chosen: Array = rows[np.minimum(places, len(rows) - 1)]
    return chosen


def normal_cdf(at: Array) -> Array:
    """Return the normal distribution to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26)."""
    away = np.abs(at) / math.sqrt(2)
    t = 1 / (1 + 0.3275911 * away)
    rest = t * (
        0.254829592
        + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429)))
    )
    tail = 0.5 * rest * np.exp(-(np.minimum(away, 30.0) ** 2))
    found: Array = np.where(at > 0, 1 - tail, tail)
    return found
