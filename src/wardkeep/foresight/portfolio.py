"""Which measures together avoid most within a budget.

Measures take each other's ground: what two avoid together is not the sum of what each does
alone. So singles and pairs are drawn with the same attacks. What a set leaves is taken as the
product of what its singles leave and of what each pair differs from the product of its two;
every set is looked at, and the best few are then drawn themselves: the number that is shown is
measured, not computed from others.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from itertools import combinations

import msgspec
import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.measures import Burden, Effect, Measure

MOST_MEASURES = 16
"""Of which every set is looked at: 65,536 sets."""
MOST_PAIRED = 12
"""Of which every pair is drawn: 66 pairs."""
MOST_SETS = 5
"""That are drawn themselves."""
_ALIKE = 9
"""Digits of a sum of logarithms; sums of the same in another order differ behind them."""
_LEAST = 1e-3
"""Less is not told apart by some hundreds of attacks."""


class Budget(msgspec.Struct, frozen=True, kw_only=True):
    """What may be spent: euros, and hours of the hospital's own people."""

    euros: float
    hours: float = float("inf")


class Portfolio(msgspec.Struct, frozen=True, kw_only=True):
    """The best set within a budget; `effect` of all its measures together, None of none.

    `without`: what the attacks by which that was drawn cost without any measure: other attacks
    than those by which the set was chosen, so that it is not told for its luck.

    `expected`: patient-hours avoided that singles and pairs let one expect of it. `looked_at`:
    the measures of which all sets were compared; `pairs`: how many of their pairs were drawn,
    `sets`: how many whole sets.
    """

    budget: float
    own_hours: float | None
    measures: tuple[str, ...]
    cost: float
    hours: float
    expected: float
    effect: Effect | None
    without: Burden | None
    looked_at: tuple[str, ...]
    pairs: int
    sets: int


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


def best_sets(
    left: Sequence[float],
    pairs: Mapping[tuple[int, int], float],
    costs: Sequence[tuple[float, float]],
    budget: Budget,
) -> list[tuple[tuple[int, ...], float]]:
    """Return the places of the best sets, the best first, and the share each would leave.

    `left`: the share of the patient-hours that are left with each measure alone; `pairs`: with
    two together (of a pair that is not there, the product of its two: what one leaves, the
    other meets); `costs`: euros and hours of each. Of equals the cheapest is first. At most
    MOST_SETS, each within the budget.
    """
    count = len(left)
    single = [math.log(max(each, _LEAST)) for each in left]
    told, euros, hours = np.zeros(1), np.zeros(1), np.zeros(1)
    for number in range(count):
        more = single[number] + _beside(number, single, pairs)
        told = np.concatenate([told, told + more])
        euros = np.concatenate([euros, euros + costs[number][0]])
        hours = np.concatenate([hours, hours + costs[number][1]])
    told[(euros > budget.euros) | (hours > budget.hours)] = np.inf
    order = np.lexsort((hours, euros, told.round(_ALIKE)))[:MOST_SETS].tolist()
    return [
        (tuple(each for each in range(count) if best >> each & 1), math.exp(told[best]))
        for best in order
        if np.isfinite(told[best])
    ]


def _beside(
    number: int, single: Sequence[float], pairs: Mapping[tuple[int, int], float]
) -> NDArray[np.float64]:
    """Return, by set of the measures before, what one more differs from itself alone."""
    more = np.zeros(1)
    for before in range(number):
        together = pairs.get((before, number), pairs.get((number, before)))
        own = 0.0
        if together is not None:
            own = math.log(max(together, _LEAST)) - single[before] - single[number]
        more = np.concatenate([more, more + own])
    return more
