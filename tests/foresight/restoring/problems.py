"""Restore problems by chance, and what CP-SAT proves of small ones."""

from __future__ import annotations

import random
from itertools import pairwise

from ortools.sat.python import cp_model

from wardkeep.foresight.restoring.problem import RestoreProblem, restore_problem
from wardkeep.foresight.restoring.schedule import Schedule


def random_problem(
    chance: random.Random, servers: int, services: int, crews: int, links: float = 2.0
) -> RestoreProblem:
    """A problem in half hours, so that CP-SAT can count in whole numbers."""
    names = [(f"s{each}", chance.randint(1, 16) / 2) for each in range(servers)]
    before: list[set[int]] = [set() for _ in range(servers)]
    for server in range(1, servers):
        for _ in range(chance.randint(0, round(2 * links))):
            before[server].add(chance.randrange(server))
    wanted = [
        (
            float(chance.randint(1, 40)),
            chance.sample(range(servers), chance.randint(1, max(1, servers // 6))),
        )
        for _ in range(services)
    ]
    return restore_problem(names, before, wanted, crews)


def proved_best(problem: RestoreProblem) -> float:
    """The cost of the best schedule there is, proved by CP-SAT."""
    found, bound = oracle(problem, 60.0)
    assert found == bound, "CP-SAT could not prove its best schedule"
    return found


def oracle(problem: RestoreProblem, seconds: float) -> tuple[float, float]:
    """The cost of the best schedule that CP-SAT finds, and that below which it proves none."""
    model = cp_model.CpModel()
    hours = [round(2 * each) for each in problem.hours]
    whole = sum(hours)
    ends = [model.new_int_var(length, whole, "") for length in hours]
    spans = [
        model.new_fixed_size_interval_var(end - length, length, "")
        for end, length in zip(ends, hours, strict=True)
    ]
    model.add_cumulative(spans, [1] * len(spans), problem.crews)
    for server, waits in enumerate(problem.before):
        for each in waits:
            model.add(ends[each] <= ends[server] - hours[server])
    back = []
    for goal, last in zip(problem.goals, problem.last, strict=True):
        back.append((round(goal.weight), model.new_int_var(0, whole, "")))
        for each in last:
            model.add(back[-1][1] >= ends[each])
    model.minimize(sum(weight * end for weight, end in back))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    status = solver.solve(model)
    assert status in {cp_model.OPTIMAL, cp_model.FEASIBLE}, solver.status_name(status)
    return solver.objective_value / 2, solver.best_objective_bound / 2


def sound(problem: RestoreProblem, laid: Schedule) -> None:
    """Assert that a schedule can be worked: all waits kept, one server a crew at a time."""
    for server, waits in enumerate(problem.before):
        assert laid.ends[server] == laid.starts[server] + problem.hours[server]
        assert all(laid.ends[each] <= laid.starts[server] for each in waits)
    for crew in range(1, problem.crews + 1):
        mine = sorted(
            (laid.starts[each], laid.ends[each])
            for each, its in enumerate(laid.crews)
            if its == crew
        )
        assert all(one[1] <= other[0] for one, other in pairwise(mine))
    assert set(laid.crews) <= set(range(1, problem.crews + 1))
    for goal, back in zip(problem.goals, laid.back, strict=True):
        assert back == max((laid.ends[each] for each in goal.needs), default=0.0)
