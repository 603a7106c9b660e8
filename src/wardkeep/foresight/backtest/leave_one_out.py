"""Each incident foretold by the others, and what the fit of all says of the forecast's numbers.

Only hospitals weigh. Maersk and Change Healthcare are foretold by all fourteen, and counted
apart.

Whether a hospital counts as covered was laid down before any result was looked at, in two ways
that are both published: all of its scored outcomes lie in their intervals; more than half do.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import msgspec
import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.backtest.case_model import case, outcomes
from wardkeep.foresight.backtest.design import FITTED, Fitted, assumed_at
from wardkeep.foresight.backtest.fit import (
    foretold,
    likelihood,
    of_equal_weight,
    quantiles,
    weights,
)
from wardkeep.foresight.backtest.generations import (
    Generation,
    first_generation,
    next_generation,
)
from wardkeep.foresight.backtest.incident import OUTPUTS, Incident, Seen
from wardkeep.foresight.backtest.scores import Interval, holds, interval_score, plain_fit

POINTS, REPLICAS, SEED = 2_000, 40, 1
"""Of the committed fit."""
KEPT = 128
"""Points of equal weight that the forecast draws from: four times what the fit's count as."""
_DIGITS = 4
_QUANTILES = (0.1, 0.5, 0.9)


class Foretold(msgspec.Struct, frozen=True, kw_only=True):
    """An outcome with the interval that the others foretell, and those of plain fits to them.

    `plain` and, by Student's t, `wide` are None where fewer than two others report the outcome.
    """

    incident: str
    seen: Seen
    interval: Interval
    plain: Interval | None
    wide: Interval | None

    @property
    def inside(self) -> bool:
        """True where the interval holds what was seen."""
        return holds(self.interval, self.seen)

    @property
    def score(self) -> float:
        """Interval score of the forecast."""
        return interval_score(self.interval, self.seen)

    @property
    def plain_score(self) -> float | None:
        """Interval score of the plain fit."""
        return None if self.plain is None else interval_score(self.plain, self.seen)

    @property
    def wide_score(self) -> float | None:
        """Interval score of the plain fit by Student's t."""
        return None if self.wide is None else interval_score(self.wide, self.seen)


class Posterior(msgspec.Struct, frozen=True, kw_only=True):
    """Lower tenth, middle and upper tenth of a fitted number, and the range that was tried."""

    name: str
    tried: tuple[float, float]
    low: float
    middle: float
    high: float


class BackTest(msgspec.Struct, frozen=True, kw_only=True):
    """All that is published; `effective`: as how many points of equal weight those count.

    `kept`: a row a point of equal weight, a column a number of design.FITTED.
    """

    points: int
    replicas: int
    seed: int
    effective: float
    foretold: tuple[Foretold, ...]
    fitted: tuple[Posterior, ...]
    kept: tuple[tuple[float, ...], ...]


def back_test(
    incidents: Sequence[Incident],
    count: int = POINTS,
    replicas: int = REPLICAS,
    seed: int = SEED,
) -> BackTest:
    """Return the back-test with so many points, sought in three steps, of so many replicas."""
    return at_points(incidents, _generation(incidents, count, replicas, seed), replicas, seed)


def at_points(
    incidents: Sequence[Incident], given: Generation, replicas: int, seed: int
) -> BackTest:
    """Return the back-test at given points."""
    tried, prior = given
    made = [simulated(each, tried, replicas, seed) for each in incidents]
    likely = [likelihood(each, rows) for each, rows in zip(incidents, made, strict=True)]
    everybody = weights([likely[each] for each in _trained(incidents)], prior)
    weight = everybody.of_points()
    rows = (_left_out(incidents, made, (likely, prior), each) for each in range(len(made)))
    return BackTest(
        points=len(tried),
        replicas=replicas,
        seed=seed,
        effective=everybody.effective(),
        foretold=tuple(each for row in rows for each in row),
        fitted=tuple(
            _posterior(each, tried[:, column], weight) for column, each in enumerate(FITTED)
        ),
        kept=_kept(tried, weight),
    )


def _generation(
    incidents: Sequence[Incident], count: int, replicas: int, seed: int
) -> Generation:
    """Return the last of three generations; the two before it have a third of its points."""
    few = max(count // 3, 1)
    given = first_generation(FITTED, few, seed)
    for number, many in ((1, few), (2, count)):
        likely = [
            likelihood(
                incidents[each], simulated(incidents[each], given.points, replicas, seed)
            )
            for each in _trained(incidents)
        ]
        weight = weights(likely, given.prior).of_points()
        given = next_generation(FITTED, given.points, weight, many, seed + number)
    return given


def simulated(
    incident: Incident, tried: NDArray[np.float64], replicas: int, seed: int
) -> NDArray[np.float64]:
    """Return what an incident does at each point: points, replicas, OUTPUTS.

    All points have the same replicas, so that they differ by their numbers alone.
    """
    given = case(incident)
    made = np.empty((len(tried), replicas, len(OUTPUTS)))
    for row, point in enumerate(tried):
        made[row] = outcomes(given, assumed_at(FITTED, point), seed, range(replicas))
    return made


def _trained(incidents: Sequence[Incident], without: int = -1) -> Iterable[int]:
    return [
        number for number, each in enumerate(incidents) if each.hospital and number != without
    ]


def _left_out(
    incidents: Sequence[Incident],
    made: Sequence[NDArray[np.float64]],
    known: tuple[Sequence[NDArray[np.float64]], NDArray[np.float64]],
    number: int,
) -> list[Foretold]:
    others = _trained(incidents, without=number)
    likely, prior = known
    weight = weights([likely[each] for each in others], prior)
    told = [seen for each in others for seen in incidents[each].seen]
    rows = []
    for seen in incidents[number].seen:
        same = [each for each in told if each.output == seen.output]
        row = Foretold(
            incident=incidents[number].id,
            seen=seen,
            interval=foretold(weight, made[number], seen.output),
            plain=plain_fit(same),
            wide=plain_fit(same, wide=True),
        )
        rows.append(row)
    return rows


def _kept(
    tried: NDArray[np.float64], weight: NDArray[np.float64]
) -> tuple[tuple[float, ...], ...]:
    rows = of_equal_weight(tried, weight, KEPT).tolist()
    return tuple(tuple(float(f"{each:.{_DIGITS}g}") for each in row) for row in rows)


def _posterior(
    fitted: Fitted, values: NDArray[np.float64], weight: NDArray[np.float64]
) -> Posterior:
    low, middle, high = quantiles(values, weight, _QUANTILES)
    tried = (fitted.low, fitted.high)
    return Posterior(name=fitted.name, tried=tried, low=low, middle=middle, high=high)
