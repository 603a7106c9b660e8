"""The restore plan: hour, crew and reason of each server, and when each service is back."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence

import msgspec

from wardkeep.foresight.restoring.bound import lower_bound
from wardkeep.foresight.restoring.estate import LostEstate, lost_estate
from wardkeep.foresight.restoring.numbers import PlanNumbers
from wardkeep.foresight.restoring.reasons import Reasons, copy_warnings
from wardkeep.foresight.restoring.schedule import Schedule, scheduled
from wardkeep.foresight.restoring.search import greedy_order, improved_order, turned_order
from wardkeep.foresight.restoring.weights import Loss
from wardkeep.hospital.map.care import Mode
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import HospitalMap

DAY = 24
USUAL_CREWS = 4
_EFFORT, _MOST_STEPS = 1_200_000, 40_000
_TRIALS = 120_000
_PATIENTS = frozenset({"clinical", "home"})


class PlannedServer(msgspec.Struct, frozen=True, kw_only=True):
    """A server's place: hours from the start of the work; who needs it, first back first.

    `guess`: its hours of work are a default of its tier.
    """

    place: int
    server: str
    name: str
    crew: int
    starts: float
    ends: float
    hours: float
    guess: bool
    after: tuple[str, ...]
    services: tuple[str, ...]
    why: str


class PlannedService(msgspec.Struct, frozen=True, kw_only=True):
    """When a service is back in full, what it loses an hour until then, and why then.

    `work`: hours of work on servers that no service before it needs.
    """

    service: str
    name: str
    sort: str
    mode: Mode
    back: float
    day: int
    an_hour: Loss
    weight: float
    servers: int
    work: float
    why: str
    guesses: tuple[str, ...]


class RecoveryDay(msgspec.Struct, frozen=True, kw_only=True):
    """What is back at the end of a day; patients an hour still not treated as usual."""

    day: int
    servers: int
    services: int
    patients_an_hour: Loss


class RestorePlan(msgspec.Struct, frozen=True, kw_only=True):
    """A whole plan; `on_the_map`: how many servers stand there, lost or not.

    `patients`: not treated as usual until their service is back, by usual loss and weighted by
    the sort of service; no order of the same work has fewer than `bound`, so that the plan is
    within `within_percent` of the best. `delay`: patients that one hour more at the start
    adds; `delay_items`: analyses, calls, invoices beside them. `warnings`: whose copies lie on
    what can only be restored after them.
    """

    crews: int
    on_the_map: int
    work: float
    end: float
    patients: float
    bound: float
    within_percent: float
    delay: Loss
    delay_items: Loss
    servers: tuple[PlannedServer, ...]
    services: tuple[PlannedService, ...]
    warnings: tuple[str, ...]
    days: tuple[RecoveryDay, ...]


def usual_steps(servers: int) -> int:
    """Return how long to search: 200 servers take some two seconds, more servers no more."""
    return min(_MOST_STEPS, _EFFORT // max(servers, 1))


def restore_plan(
    whole: HospitalMap,
    lost: Sequence[str],
    *,
    crews: int = USUAL_CREWS,
    numbers: PlanNumbers | None = None,
    steps: int | None = None,
) -> RestorePlan:
    """Return the plan for the servers `lost` (ids); the same for the same map and numbers.

    Raises NotOnTheMapError, RestoreCycleError.
    """
    estate = lost_estate(whole, lost, crews, numbers or PlanNumbers())
    problem = estate.problem
    steps = usual_steps(len(lost)) if steps is None else steps
    # Always the same chance, so that two people who ask get one plan.
    chance = random.Random(1)  # noqa: S311  moves of a search, no secret
    order = improved_order(problem, greedy_order(problem), steps, chance)
    order = turned_order(problem, order, _TRIALS // max(len(lost), 1))
    laid = scheduled(problem, order)
    bound = lower_bound(problem)
    return RestorePlan(
        crews=crews,
        on_the_map=sum(1 for _ in whole.of(Server)),
        work=_rounded(sum(problem.hours)),
        end=_rounded(max(laid.ends, default=0.0)),
        patients=_rounded(laid.cost),
        bound=_rounded(bound),
        within_percent=_within(laid.cost, bound),
        delay=_summed(each.an_hour for each in estate.care if each.sort in _PATIENTS),
        delay_items=_summed(each.an_hour for each in estate.care if each.sort not in _PATIENTS),
        servers=_servers(estate, laid),
        services=_services(estate, laid, order),
        warnings=copy_warnings(estate),
        days=_days(estate, laid),
    )


def _within(cost: float, bound: float) -> float:
    """Return by how many per cent at most the best could be better, rounded up."""
    if cost <= bound * (1 + 1e-6):
        return 0.0
    return float(-(-(1000 * (cost - bound) / bound) // 1)) / 10 if bound else 100.0


def _servers(estate: LostEstate, laid: Schedule) -> tuple[PlannedServer, ...]:
    problem, reasons = estate.problem, Reasons(estate, laid)
    turn = sorted(
        range(len(problem.servers)), key=lambda each: (laid.starts[each], laid.crews[each])
    )
    return tuple(
        PlannedServer(
            place=place,
            server=problem.servers[each],
            name=estate.servers[each].name,
            crew=laid.crews[each],
            starts=_rounded(laid.starts[each]),
            ends=_rounded(laid.ends[each]),
            hours=problem.hours[each],
            guess=estate.servers[each].restore_hours is None,
            after=tuple(problem.servers[ahead] for ahead in problem.before[each]),
            services=tuple(estate.care[goal].reference for goal in reasons.users[each]),
            why=reasons.of_server(each),
        )
        for place, each in enumerate(turn, start=1)
    )


def _services(
    estate: LostEstate, laid: Schedule, order: Sequence[int]
) -> tuple[PlannedService, ...]:
    reasons = Reasons(estate, laid)
    return tuple(
        PlannedService(
            service=care.reference,
            name=care.name,
            sort=care.sort,
            mode=care.mode,
            back=_rounded(laid.back[goal]),
            day=day_of(laid.back[goal]),
            an_hour=_shown(care.an_hour),
            weight=_rounded(care.weight),
            servers=len(estate.problem.goals[goal].needs),
            work=_rounded(estate.problem.work(reasons.own[goal])),
            why=reasons.of_service(goal, order),
            guesses=care.guesses,
        )
        for goal in reasons.turn
        for care in (estate.care[goal],)
    )


def day_of(hour: float) -> int:
    """Return the day of an hour: 1 for the first 24."""
    return max(1, -int(-hour // DAY))


def _days(estate: LostEstate, laid: Schedule) -> tuple[RecoveryDay, ...]:
    found = []
    for day in range(1, day_of(max(laid.ends, default=0.0)) + 1):
        end = day * DAY
        waiting = (
            care.an_hour
            for care, back in zip(estate.care, laid.back, strict=True)
            if back > end and care.sort in _PATIENTS
        )
        found.append(
            RecoveryDay(
                day=day,
                servers=sum(each <= end for each in laid.ends),
                services=sum(each <= end for each in laid.back),
                patients_an_hour=_summed(waiting),
            )
        )
    return tuple(found)


def _summed(losses: Iterable[Loss]) -> Loss:
    each = list(losses)
    return _shown(
        Loss(
            low=sum(loss.low for loss in each),
            usual=sum(loss.usual for loss in each),
            high=sum(loss.high for loss in each),
        )
    )


def _shown(loss: Loss) -> Loss:
    return Loss(low=_rounded(loss.low), usual=_rounded(loss.usual), high=_rounded(loss.high))


def _rounded(number: float) -> float:
    return round(number, 2)
