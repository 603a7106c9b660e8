"""Finds which measures together avoid most within a budget, and buys none that adds nothing."""

from __future__ import annotations

import math
from collections.abc import Sequence

from wardkeep.app.drawing_attacks import Drawing
from wardkeep.foresight.measures import Burden, Effect, Measure, over_replicas
from wardkeep.foresight.portfolio import (
    Budget,
    Portfolio,
    best_sets,
    candidates,
    pairs_to_draw,
)


def best_measures(
    drawing: Drawing,
    measures: Sequence[Measure],
    effects: Sequence[Effect],
    budget: Budget | None,
) -> Portfolio | None:
    """Return the best set within a budget; None for no budget.

    Singles and pairs are drawn, the sets that promise most by them are drawn themselves, and
    of the best everything is left out that does not surely add to the rest. What is told of
    it is drawn with other attacks than it was chosen by.
    """
    if budget is None:
        return None
    places = candidates(measures, effects, budget)
    pairs = pairs_to_draw(places, measures, budget)
    sets = _promising(drawing, measures, effects, (places, pairs), budget)
    drawing.expect(len(sets))
    drawn = [(drawing.effect(chosen), chosen, left) for chosen, left in sets]
    best = max(drawn, key=lambda each: each[0].patient_hours, default=None)
    chosen = _needed(drawing, best[1]) if best else ()
    lost = float(drawing.without.waited.mean())
    without, effect = _anew(drawing, chosen) if chosen else (None, None)
    return Portfolio(
        budget=budget.euros,
        own_hours=budget.hours if math.isfinite(budget.hours) else None,
        measures=tuple(each.id for each in chosen),
        cost=sum(each.euros for each in chosen),
        hours=sum(each.hours for each in chosen),
        expected=lost * (1 - best[2]) if best else 0.0,
        effect=effect,
        without=without,
        looked_at=tuple(measures[each].id for each in places),
        pairs=len(pairs),
        sets=len(sets),
    )


def _anew(drawing: Drawing, chosen: Sequence[Measure]) -> tuple[Burden, Effect]:
    drawing.expect(2)
    return drawing.effect_anew(chosen)


def _promising(
    drawing: Drawing,
    measures: Sequence[Measure],
    effects: Sequence[Effect],
    looked_at: tuple[Sequence[int], Sequence[tuple[int, int]]],
    budget: Budget,
) -> list[tuple[tuple[Measure, ...], float]]:
    """Return the sets that promise most, and the share that each is to leave."""
    places, pairs = looked_at
    lost = float(drawing.without.waited.mean())
    drawing.expect(len(pairs))
    together = {
        (places.index(one), places.index(other)): 1
        - drawing.effect((measures[one], measures[other])).patient_hours / lost
        for one, other in pairs
    }
    costs = [(measures[each].euros, measures[each].hours) for each in places]
    singles = [1 - effects[each].patient_hours / lost for each in places]
    return [
        (tuple(measures[places[each]] for each in chosen), left)
        for chosen, left in best_sets(singles, together, costs, budget)
        if chosen
    ]


def _needed(drawing: Drawing, chosen: tuple[Measure, ...]) -> tuple[Measure, ...]:
    """Return a set without what does not surely add patient-hours to the rest of it (95 %).

    Of what adds nothing the dearest goes first, and all is looked at again: two may stand in
    for each other.
    """
    drawing.expect(1)
    _, with_all = drawing.outcome(chosen)
    while len(chosen) > 1:
        drawing.expect(len(chosen))
        spare: list[Measure] = []
        for each in chosen:
            _, without = drawing.outcome([other for other in chosen if other is not each])
            added, error = over_replicas(without.waited - with_all.waited)
            if added <= error:
                spare.append(each)
        if not spare:
            break
        goes = max(spare, key=lambda each: (each.euros, each.hours))
        chosen = tuple(each for each in chosen if each is not goes)
        drawing.expect(1)
        _, with_all = drawing.outcome(chosen)
    return chosen
