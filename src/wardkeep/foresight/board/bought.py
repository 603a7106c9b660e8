"""What prevention buys: measures in order, and the best set under a budget."""

from __future__ import annotations

from collections.abc import Sequence

from wardkeep.foresight.board.certainty import mean_with, share_of
from wardkeep.foresight.board.paper import Best, Bought, Cost
from wardkeep.foresight.measures import Effect, Measure
from wardkeep.foresight.portfolio import Portfolio


def bought(effects: Sequence[Effect]) -> tuple[Bought, ...]:
    """Return measures by the patients late that they surely avoid, the most first."""
    ranked = sorted(effects, key=lambda each: (-(each.late - each.late_error), each.measure))
    return tuple(_bought(each) for each in ranked)


def best(found: Portfolio | None, measures: Sequence[Measure]) -> Best | None:
    """Return the best set as the paper tells it; None where no budget was named."""
    if found is None:
        return None
    names = {each.id: each.name for each in measures}
    return Best(
        budget=found.budget,
        own_hours=found.own_hours,
        names=tuple(names.get(each, each) for each in found.measures),
        bought=None if found.effect is None else _bought(found.effect),
    )


def _bought(effect: Effect) -> Bought:
    return Bought(
        measure=effect.measure,
        name=effect.name,
        cost=Cost(effect.cost, effect.hours),
        late=mean_with(effect.late, effect.late_error),
        patient_hours=mean_with(effect.patient_hours, effect.patient_hours_error),
        euros=mean_with(effect.euros, effect.euros_error),
        worse=share_of(effect.worse, effect.replicas),
        sure=effect.late > effect.late_error,
    )
