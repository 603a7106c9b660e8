"""What is to be scheduled: lost servers, what each waits for, which services want them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from functools import cached_property
from heapq import heapify, heappop, heappush

import msgspec

from wardkeep.foresight.restoring.errors import RestoreCycleError
from wardkeep.hospital.map.restore_circles import stated_circles


class Goal(msgspec.Struct, frozen=True):
    """A service: its loss per hour, and the servers without which it is not back.

    `needs` holds all that must stand, also what its servers wait for.
    """

    weight: float
    needs: frozenset[int]


class RestoreProblem(msgspec.Struct, frozen=True, dict=True):
    """Servers by number: their names, hours of work, what each waits for; goals and crews."""

    servers: tuple[str, ...]
    hours: tuple[float, ...]
    before: tuple[tuple[int, ...], ...]
    goals: tuple[Goal, ...]
    crews: int

    @cached_property
    def after(self) -> tuple[tuple[int, ...], ...]:
        """By server, who waits for it directly."""
        found: list[list[int]] = [[] for _ in self.servers]
        for server, waits in enumerate(self.before):
            for each in waits:
                found[each].append(server)
        return tuple(map(tuple, found))

    @cached_property
    def chain(self) -> tuple[float, ...]:
        """By server, the hours of the longest chain that begins with it."""
        found = [0.0] * len(self.servers)
        for server in reversed(in_order(self, range(len(self.servers)), (0.0,) * len(found))):
            rest = max((found[each] for each in self.after[server]), default=0.0)
            found[server] = self.hours[server] + rest
        return tuple(found)

    @cached_property
    def last(self) -> tuple[tuple[int, ...], ...]:
        """By goal, those of its servers that no other of its servers waits for."""
        return tuple(
            tuple(
                each for each in sorted(goal.needs) if goal.needs.isdisjoint(self.after[each])
            )
            for goal in self.goals
        )

    def work(self, servers: Collection[int]) -> float:
        """Return the hours of work of some servers together."""
        return sum(self.hours[each] for each in sorted(servers))


def restore_problem(
    servers: Sequence[tuple[str, float]],
    before: Sequence[Collection[int]],
    wanted: Sequence[tuple[float, Collection[int]]],
    crews: int,
) -> RestoreProblem:
    """Return the problem of servers (name, hours) and services (weight, servers).

    Raises RestoreCycleError, with the circle.
    """
    refuse_cycle([name for name, _ in servers], before)
    return RestoreProblem(
        servers=tuple(name for name, _ in servers),
        hours=tuple(hours for _, hours in servers),
        before=tuple(tuple(sorted(set(waits))) for waits in before),
        goals=tuple(Goal(weight, closed(before, needs)) for weight, needs in wanted),
        crews=crews,
    )


def closed(before: Sequence[Collection[int]], needs: Collection[int]) -> frozenset[int]:
    """Return servers with all that they wait for."""
    found, todo = set(needs), list(needs)
    while todo:
        fresh = set(before[todo.pop()]) - found
        found |= fresh
        todo += fresh
    return frozenset(found)


def refuse_cycle(names: Sequence[str], before: Sequence[Collection[int]]) -> None:
    """Raise RestoreCycleError if servers wait for each other in a circle."""
    for circle in stated_circles(before):
        told = " after ".join(names[each] for each in (*circle, circle[0]))
        raise RestoreCycleError(f"nothing of this can be restored first: {told}")


def in_order(
    problem: RestoreProblem, servers: Collection[int], last: Sequence[float]
) -> list[int]:
    """Return servers so that each comes after those it waits for; small `last` come early."""
    waits = dict.fromkeys(servers, 0)
    for each in waits:
        waits[each] = sum(other in waits for other in problem.before[each])
    heap = [(last[each], each) for each, number in waits.items() if not number]
    heapify(heap)
    found = []
    while heap:
        _, server = heappop(heap)
        found.append(server)
        for each in problem.after[server]:
            if each in waits:
                waits[each] -= 1
                if not waits[each]:
                    heappush(heap, (last[each], each))
    return found
