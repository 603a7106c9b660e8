"""A restore plan: how long it takes, how near the best it is, and what other orders cost.

    PYTHONPATH=src python benchmarks/restore_plan.py [SEEDS] [SECONDS]

200 servers in four layers (directory and network, storage, databases, applications), 787
precedences, 25 services, 4 crews, 700 hours of work; random by seed. SECONDS: how long CP-SAT
may better our order; 0, or no ortools installed, leaves it out.
"""

from __future__ import annotations

import importlib.util
import os
import random
import sys
import time
from collections.abc import Sequence

from wardkeep.foresight.restoring.bound import lower_bound
from wardkeep.foresight.restoring.plan import usual_steps
from wardkeep.foresight.restoring.problem import RestoreProblem, in_order, restore_problem
from wardkeep.foresight.restoring.schedule import scheduled
from wardkeep.foresight.restoring.search import greedy_order, improved_order, turned_order

SERVERS, LINKS, SERVICES, CREWS, HOURS = 200, 787, 25, 4, 700
LAYERS = (16, 40, 90, SERVERS)
"""The first server after each layer."""


def main() -> None:
    seeds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 10.0
    print(f"load {os.getloadavg()[0]:.1f}; {usual_steps(SERVERS)} steps")
    for seed in range(1, seeds + 1):
        _run(seed, seconds)


def _run(seed: int, seconds: float) -> None:
    problem = random_estate(seed)
    begun, wall = time.process_time(), time.perf_counter()
    greedy = greedy_order(problem)
    chance = random.Random(1)
    order = improved_order(problem, greedy, usual_steps(SERVERS), chance)
    order = turned_order(problem, order, 600)
    searched = time.process_time()
    bound = lower_bound(problem)
    took, wall = time.process_time() - begun, time.perf_counter() - wall
    ours = scheduled(problem, order).cost
    print(
        f"seed {seed}: {took:.2f} s of processor ({took - searched + begun:.2f} the bound),"
        f" {wall:.2f} s by the clock; bound {bound:,.0f}"
    )
    others = {
        "random order, mean of 20": _random(problem),
        "critical path first": _cost(problem, critical_path(problem)),
        "strict clinical priority": _cost(problem, by_weight(problem)),
        "greedy": _cost(problem, greedy),
        "greedy and local search": ours,
    }
    if seconds and importlib.util.find_spec("ortools"):
        others[f"CP-SAT, hinted with ours, {seconds:g} s"] = hinted(problem, order, seconds)
    for name, cost in others.items():
        print(f"  {name:<36} {cost:>9,.0f}  {100 * (cost / bound - 1):6.1f} % over the bound")


def random_estate(seed: int) -> RestoreProblem:
    chance = random.Random(seed)
    raw = [chance.uniform(1, 8) for _ in range(SERVERS)]
    hours = [max(0.5, round(2 * each * HOURS / sum(raw)) / 2) for each in raw]
    layer = [sum(server >= first for first in LAYERS) for server in range(SERVERS)]
    before: list[set[int]] = [set() for _ in range(SERVERS)]
    for server in range(LAYERS[0], SERVERS):
        above = [each for each in range(server) if layer[each] == layer[server] - 1]
        before[server].add(chance.choice(above))
    links = sum(map(len, before))
    while links < LINKS:
        server = chance.randrange(LAYERS[0], SERVERS)
        before[server].add(
            chance.choice([e for e in range(server) if layer[e] < layer[server]])
        )
        links = sum(map(len, before))
    applications = list(range(LAYERS[2], SERVERS))
    chance.shuffle(applications)
    wanted = []
    for service in range(SERVICES):
        shared = chance.sample(applications, chance.randint(0, 3))
        weight = round(chance.lognormvariate(2, 1), 1)
        wanted.append((weight, {*applications[service::SERVICES], *shared}))
    servers = [(f"s{server}", each) for server, each in enumerate(hours)]
    return restore_problem(servers, before, wanted, CREWS)


def _cost(problem: RestoreProblem, order: Sequence[int]) -> float:
    return scheduled(problem, order).cost


def _random(problem: RestoreProblem) -> float:
    chance = random.Random(1)
    everything = range(len(problem.servers))
    costs = [
        _cost(problem, in_order(problem, everything, [chance.random() for _ in everything]))
        for _ in range(20)
    ]
    return sum(costs) / len(costs)


def critical_path(problem: RestoreProblem) -> list[int]:
    return in_order(problem, range(SERVERS), [-each for each in problem.chain])


def by_weight(problem: RestoreProblem) -> list[int]:
    order: list[int] = []
    chain = [-each for each in problem.chain]
    for goal in sorted(problem.goals, key=lambda each: -each.weight):
        order += in_order(problem, goal.needs - set(order), chain)
    return order + in_order(problem, set(range(SERVERS)) - set(order), chain)


def hinted(problem: RestoreProblem, order: Sequence[int], seconds: float) -> float:
    """Return what CP-SAT makes of our schedule, in tenths of a patient and half hours."""
    from ortools.sat.python import cp_model

    laid = scheduled(problem, order)
    model = cp_model.CpModel()
    hours = [round(2 * each) for each in problem.hours]
    ends = [model.new_int_var(each, sum(hours), "") for each in hours]
    spans = [
        model.new_fixed_size_interval_var(end - each, each, "")
        for end, each in zip(ends, hours, strict=True)
    ]
    model.add_cumulative(spans, [1] * len(spans), problem.crews)
    for server, waits in enumerate(problem.before):
        model.add_hint(ends[server], round(2 * laid.ends[server]))
        for each in waits:
            model.add(ends[each] <= ends[server] - hours[server])
    terms = []
    for goal, last, back in zip(problem.goals, problem.last, laid.back, strict=True):
        end = model.new_int_var(0, sum(hours), "")
        model.add_max_equality(end, [ends[each] for each in last])
        model.add_hint(end, round(2 * back))
        terms.append(round(10 * goal.weight) * end)
    model.minimize(sum(terms))
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 2
    solver.parameters.max_time_in_seconds = seconds
    solver.solve(model)
    return solver.objective_value / 20


if __name__ == "__main__":
    main()
