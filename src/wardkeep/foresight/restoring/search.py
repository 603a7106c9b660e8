"""A good order of servers: greedy by what an hour of work gives back, then local search."""

from __future__ import annotations

import random
from collections.abc import Sequence
from heapq import heapify, heappop, heappush
from itertools import pairwise

from wardkeep.foresight.restoring.problem import RestoreProblem, in_order
from wardkeep.foresight.restoring.schedule import Timetable, claimed, scheduled

_SLACK = 8.0
"""Over the square of the number of servers, the share that a move may cost more at first: of
those tried (0 to 12) it met the proved best of all small problems and harmed no large one."""
_NO_GAIN = 1e-9
_SERVICE_MOVES = 10
"""One move in so many takes all servers of a service to the front."""


def greedy_order(problem: RestoreProblem) -> list[int]:
    """Return an order: time and again the service with most weight for an hour of its work.

    Its work is that which no service before it needs; its servers come in the order of the
    longest chain that waits for them. After the density of Sidney (Decomposition algorithms for
    single-machine sequencing, Operations Research 23, 1975), taken over single services.
    """
    chain = [-hours for hours in problem.chain]
    wanting: dict[int, list[int]] = {}
    for number, goal in enumerate(problem.goals):
        for server in goal.needs:
            wanting.setdefault(server, []).append(number)
    done: set[int] = set()
    order: list[int] = []
    left = {number: _worth(problem, number, done) for number in range(len(problem.goals))}
    line = [(-worth, number) for number, worth in left.items()]
    heapify(line)
    while left:
        worth, best = heappop(line)
        if left.get(best) != -worth:
            continue  # it is worth more since, or done
        del left[best]
        fresh = in_order(problem, problem.goals[best].needs - done, chain)
        order += fresh
        done.update(fresh)
        # Only those that want a server which is now done have less work than before.
        for other in {each for server in fresh for each in wanting[server]} & left.keys():
            left[other] = _worth(problem, other, done)
            heappush(line, (-left[other], other))
    return order + in_order(problem, set(range(len(problem.servers))) - done, chain)


def _worth(problem: RestoreProblem, number: int, done: set[int]) -> float:
    goal = problem.goals[number]
    return density(problem, goal.weight, goal.needs - done)


def density(problem: RestoreProblem, weight: float, servers: frozenset[int]) -> float:
    """Return the weight for each hour of work."""
    work = problem.work(servers)
    return weight / work if work else float("inf") if weight else 0.0


def improved_order(
    problem: RestoreProblem, order: Sequence[int], steps: int, chance: random.Random
) -> list[int]:
    """Return an order that costs no more, found by so many steps of moves.

    A move takes a server to another place between what it waits for and what waits for it, or
    all servers of a service together to the front of one. One that costs more is taken too, by
    a share of the cost that shrinks to nothing (threshold accepting: Dueck, Scheuer, Journal of
    Computational Physics 90, 1990); the best order that was met is returned.
    """
    table = Timetable(problem, order)
    places = dict(zip(order, range(len(order)), strict=True))
    best, least = list(order), table.cost
    first = _SLACK / max(len(order), 1) ** 2
    for step in range(steps):
        slack = first * (1 - step / steps)
        if step % _SERVICE_MOVES or not problem.goals:
            moved = _server_moved(problem, table.order, places, chance)
        else:
            moved = _service_moved(problem, table.order, chance)
        if moved is not None and table.put(*moved, slack):
            places.update(zip(table.order, range(len(order)), strict=True))
            if table.cost < least:
                best, least = table.order, table.cost
    return best


def turned_order(problem: RestoreProblem, order: Sequence[int], trials: int) -> list[int]:
    """Return an order that no turn of two services, one back right after the other, betters.

    After so many trials it is as it then is.
    """
    best, bettered = list(order), True
    while bettered and trials > 0:
        laid, bettered = scheduled(problem, best), False
        own = claimed(problem, laid)
        for earlier, later in pairwise([goal for goal in own if own[goal]]):
            turned = turned_services(problem, best, own[earlier], later)
            trials -= 1
            if scheduled(problem, turned).cost < laid.cost * (1 - _NO_GAIN):
                best, bettered = turned, True
                break
    return best


def turned_services(
    problem: RestoreProblem, order: Sequence[int], own: frozenset[int], later: int
) -> list[int]:
    """Return the order in which a later service's work is done before `own`, another's."""
    first = min(place for place, server in enumerate(order) if server in own)
    return goal_to_front(order, problem.goals[later].needs, first)[0]


def _server_moved(
    problem: RestoreProblem, order: list[int], places: dict[int, int], chance: random.Random
) -> tuple[list[int], int] | None:
    old = chance.randrange(len(order))
    server = order[old]
    first = max((places[each] for each in problem.before[server]), default=-1) + 1
    last = min((places[each] for each in problem.after[server]), default=len(order)) - 1
    if first == last:
        return None
    new = chance.randint(first, last - 1)
    new += new >= old
    moved = order.copy()
    moved.insert(new, moved.pop(old))
    return moved, min(old, new)


def _service_moved(
    problem: RestoreProblem, order: list[int], chance: random.Random
) -> tuple[list[int], int] | None:
    needs = problem.goals[chance.randrange(len(problem.goals))].needs
    return goal_to_front(order, needs, chance.randrange(len(order)))


def goal_to_front(
    order: Sequence[int], needs: frozenset[int], since: int
) -> tuple[list[int], int]:
    """Return an order in which what is needed comes first from a place on, and that place."""
    rest = order[since:]
    wanted = [each for each in rest if each in needs]
    return [*order[:since], *wanted, *(each for each in rest if each not in needs)], since
