"""Which measures together avoid most within a budget.

Measures take each other's ground: what two avoid together is not the sum of what each does
alone. So singles and pairs are drawn with the same attacks, the worth of a set is taken as the
sum of its singles and of what each pair differs from its two, every set is looked at, and the
best is then drawn itself: the number that is shown is measured, not added up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import msgspec
import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.measures import Effect, Measure

MOST_MEASURES = 16
"""Of which every set is looked at: 65,536 sets."""
MOST_PAIRED = 8
"""Of which every pair is drawn: 28 pairs."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What may be spent: euros, and hours of the hospital's own people."""

    euros: float
    hours: float = float("inf")


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """The best set within a budget; `effect` of all its measures together, None of none.

    `expected`: patient-hours that singles and pairs let one expect of it. `looked_at`: the
    measures of which all sets were compared; `pairs`: how many of their pairs were drawn.
    """

    budget: float
    own_hours: float | None
    measures: tuple[str, ...]
    cost: float
    hours: float
    expected: float
    effect: Effect | None
    looked_at: tuple[str, ...]
    pairs: int


def candidates(
    measures: Sequence[Measure], effects: Sequence[Effect], budget: Budget
) -> tuple[int, ...]:
    """Return the places of measures that can be paid and surely avoid patient-hours.

    The most patient-hours first, at most MOST_MEASURES; `effects` has one a measure.
    """
    fit = [
        number
        for number, (measure, effect) in enumerate(zip(measures, effects, strict=True))
        if measure.euros <= budget.euros
        and measure.hours <= budget.hours
        and effect.patient_hours > effect.patient_hours_error
    ]
    fit.sort(key=lambda each: -effects[each].patient_hours)
    return tuple(fit[:MOST_MEASURES])


def pairs_to_draw(
    places: Sequence[int], measures: Sequence[Measure], budget: Budget
) -> tuple[tuple[int, int], ...]:
    """Return those pairs of the foremost candidates that can be paid together."""
    return tuple(
        (one, other)
        for one, other in combinations(places[:MOST_PAIRED], 2)
        if measures[one].euros + measures[other].euros <= budget.euros
        and measures[one].hours + measures[other].hours <= budget.hours
    )


def best_set(
    singles: Sequence[float],
    pairs: Mapping[tuple[int, int], float],
    costs: Sequence[tuple[float, float]],
    budget: Budget,
) -> tuple[tuple[int, ...], float]:
    """Return the places of the best set and its expected worth; of equals the cheapest.

    `singles`: what each avoids alone; `pairs`: what two avoid together (of a pair that is not
    there, the sum of its two); `costs`: euros and hours of each.
    """
    count = len(singles)
    worth, euros, hours = np.zeros(1), np.zeros(1), np.zeros(1)
    for number in range(count):
        more = singles[number] + _beside(number, singles, pairs)
        worth = np.concatenate([worth, worth + more])
        euros = np.concatenate([euros, euros + costs[number][0]])
        hours = np.concatenate([hours, hours + costs[number][1]])
    worth[(euros > budget.euros) | (hours > budget.hours)] = -np.inf
    order = np.lexsort((hours, euros, -worth))
    best = int(order[0])
    return tuple(each for each in range(count) if best >> each & 1), float(worth[best])


def _beside(
    number: int, singles: Sequence[float], pairs: Mapping[tuple[int, int], float]
) -> NDArray[np.float64]:
    """Return, by set of the measures before, what one more differs from itself alone."""
    more = np.zeros(1)
    for before in range(number):
        together = pairs.get((before, number), pairs.get((number, before)))
        own = 0.0 if together is None else together - singles[before] - singles[number]
        more = np.concatenate([more, more + own])
    return more
