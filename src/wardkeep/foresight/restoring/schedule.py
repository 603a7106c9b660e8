"""An order of servers laid on crews: who starts what when, and when each service is back."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Sequence

import msgspec

from wardkeep.foresight.restoring.problem import RestoreProblem


class Schedule(msgspec.Struct, frozen=True):
    """By server: hours of its start and end, crew from 1; by goal: the hour it is back."""

    starts: tuple[float, ...]
    ends: tuple[float, ...]
    crews: tuple[int, ...]
    back: tuple[float, ...]
    cost: float


def scheduled(problem: RestoreProblem, order: Sequence[int]) -> Schedule:
    """Return what comes of restoring in an order in which none stands before what it waits for.

    Each server in turn begins as early as what it waits for and a crew allow. Of several free
    crews that which waited least takes it. An optimal order is among those laid so: any
    schedule, taken in the order of its starts, is laid no later.
    """
    free = [(0.0, crew) for crew in range(problem.crews, 0, -1)]
    count = len(problem.servers)
    starts, ends, crews = [0.0] * count, [0.0] * count, [0] * count
    for server in order:
        ready = max((ends[each] for each in problem.before[server]), default=0.0)
        place = bisect(free, (ready, problem.crews)) - 1
        since, crew = free.pop(max(place, 0))
        starts[server], crews[server] = max(ready, since), crew
        ends[server] = starts[server] + problem.hours[server]
        free.insert(bisect(free, (ends[server], crew)), (ends[server], crew))
    back = tuple(max((ends[each] for each in last), default=0.0) for last in problem.last)
    cost = sum(goal.weight * hour for goal, hour in zip(problem.goals, back, strict=True))
    return Schedule(tuple(starts), tuple(ends), tuple(crews), back, cost)


def claimed(problem: RestoreProblem, laid: Schedule) -> dict[int, frozenset[int]]:
    """Return the goals as they are back, each with its servers that none before it needs."""
    goals = problem.goals
    turn = sorted(
        range(len(goals)), key=lambda goal: (laid.back[goal], -goals[goal].weight, goal)
    )
    found: dict[int, frozenset[int]] = {}
    done: frozenset[int] = frozenset()
    for goal in turn:
        found[goal] = goals[goal].needs - done
        done |= goals[goal].needs
    return found


class Timetable:
    """An order and its cost; what stands before a change is not laid again."""

    def __init__(self, problem: RestoreProblem, order: Sequence[int]) -> None:
        self._problem = problem
        self._goals = tuple(
            (goal.weight, last)
            for goal, last in zip(problem.goals, problem.last, strict=True)
            if goal.weight and last
        )
        self.order = list(order)
        self._ends = [0.0] * len(order)
        self._free: list[tuple[float, ...]] = [(0.0,) * problem.crews] * len(order)
        self.cost = self._lay(0)

    def put(self, order: list[int], since: int, slack: float) -> bool:
        """Take an order that differs from place `since` on, unless it costs more by a share.

        Tell whether it was taken.
        """
        before = self.order, self._ends[:], self._free[:], self.cost
        self.order = order
        self.cost = self._lay(since)
        # What differs by the rounding of sums alone is no loss, so that plateaus are crossed.
        if self.cost <= before[3] * (1 + slack + 1e-12):
            return True
        self.order, self._ends, self._free, self.cost = before
        return False

    def _lay(self, since: int) -> float:
        hours, before, ends = self._problem.hours, self._problem.before, self._ends
        order, kept = self.order, self._free
        free = list(kept[since])
        for place in range(since, len(order)):
            kept[place] = tuple(free)
            server = order[place]
            start = 0.0
            for each in before[server]:
                if ends[each] > start:  # noqa: PLR1730  a call to max costs a third more
                    start = ends[each]
            crew = bisect(free, start) - 1
            if crew < 0:
                start = free.pop(0)
            else:
                free.pop(crew)
            end = start + hours[server]
            ends[server] = end
            free.insert(bisect(free, end), end)
        end_of = ends.__getitem__
        return sum(weight * max(map(end_of, last)) for weight, last in self._goals)
