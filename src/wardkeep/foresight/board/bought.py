"""What prevention buys: measures in order, and the best set under a budget."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from wardkeep.foresight.board.certainty import mean_with, share_of
from wardkeep.foresight.board.paper import Best, Bought, Cost, Mean, Verdict, Without
from wardkeep.foresight.measures import Burden, Effect, Measure
from wardkeep.foresight.portfolio import Portfolio


def without(found: Burden | None, replicas: int) -> Without | None:
    """Return what an attack costs without any measure; None where that was not drawn.

    `replicas`: attacks by one way in; those by others are much the same again.
    """
    if found is None:
        return None
    late = mean_with(found.late, found.late_error)
    hours = mean_with(found.patient_hours, found.patient_hours_error)
    return Without(
        attacks=found.attacks,
        encrypts=share_of(found.detonates, replicas),
        late=late if found.counted else None,
        patient_hours=hours if found.counted else None,
        euros=mean_with(found.euros, found.euros_error),
    )


def bought(effects: Sequence[Effect], best_set: Collection[str]) -> tuple[Bought, ...]:
    """Return measures: the best set, then the fewest euros a patient-hour surely avoided.

    Last those that surely avoid none, by the late treatments that they may avoid.
    """

    def order(each: Effect) -> tuple[bool, bool, float, str]:
        euros, late = each.euros_a_patient_hour, each.late - each.late_error
        by = -late if euros is None else euros
        return each.measure not in best_set, euros is None, by, each.measure

    ranked = sorted(effects, key=order)
    return tuple(_bought(each, in_best=each.measure in best_set) for each in ranked)


def best(found: Portfolio | None, measures: Sequence[Measure]) -> Best | None:
    """Return the best set as the paper tells it; None where no budget was named."""
    if found is None:
        return None
    names = {each.id: each.name for each in measures}
    return Best(
        budget=found.budget,
        own_hours=found.own_hours,
        names=tuple(names.get(each, each) for each in found.measures),
        bought=None if found.effect is None else _bought(found.effect, in_best=True),
        all_late=_all_late(found.without),
    )


def _all_late(found: Burden | None) -> Mean | None:
    if found is None or not found.counted:
        return None
    return mean_with(found.late, found.late_error)


def _bought(effect: Effect, *, in_best: bool) -> Bought:
    late = mean_with(effect.late, effect.late_error)
    hours = mean_with(effect.patient_hours, effect.patient_hours_error)
    return Bought(
        measure=effect.measure,
        name=effect.name,
        cost=Cost(effect.cost, effect.hours),
        late=late if effect.counted else None,
        patient_hours=hours if effect.counted else None,
        euros=mean_with(effect.euros, effect.euros_error),
        worse=share_of(effect.worse, effect.replicas),
        verdict=_verdict(effect),
        in_best=in_best,
    )


def _verdict(effect: Effect) -> Verdict:
    if effect.patient_hours < -effect.patient_hours_error:
        return "harms"
    if effect.late > effect.late_error:
        return "helps"
    errors = (effect.patients_error, effect.patient_hours_error, effect.euros_error)
    avoided = (effect.detonations, effect.patients, effect.patient_hours, effect.euros)
    if any(avoided) or (effect.changed and any(errors)):
        return "unsure"
    return "no difference" if effect.changed else "nothing changed"
