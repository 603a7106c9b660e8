"""Peers that spread an infection over a net, one replica a line of standard input.

    PYTHONPATH=... python benchmarks/peers/epidemics.py PEER EDGES.npy HOSTS [STEP]

PEER is networkx (a plain loop with heapq), eon, ndlib or networkit. Rate 1 for each contact,
host 0 first, no recovery, until nobody falls any more (networkit: for 12 hours). ndlib and
networkit go in steps of STEP hours (0.05 if not said) with the probability 1 - exp(-STEP):
within a step nobody infects who was infected in it, so half of the hosts fall later than by the
law, on 50,000 hosts by 7 % at 0.02, 19 % at 0.05 and 84 % at 0.2. Answers with processor
seconds and hosts infected; building the graph is not counted.
"""

from __future__ import annotations

import heapq
import importlib
import math
import random
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np

STEP = float(sys.argv[4]) if len(sys.argv) > 4 else 0.05
A_STEP = 1 - math.exp(-STEP)
Replica = Callable[[int], int]


def graph_of(edges: Any, hosts: int) -> Any:
    net = importlib.import_module("networkx").Graph()
    net.add_nodes_from(range(hosts))
    net.add_edges_from(edges.T.tolist())
    return net


def networkx(edges: Any, hosts: int) -> Replica:
    net = graph_of(edges, hosts)

    def replica(seed: int) -> int:
        chance = random.Random(seed)
        earliest, taken = {0: 0.0}, {}
        todo = [(0.0, 0)]
        while todo:
            now, host = heapq.heappop(todo)
            if host in taken:
                continue
            taken[host] = now
            for other in net[host]:
                if other in taken:
                    continue
                then = now + chance.expovariate(1.0)
                if then < earliest.get(other, math.inf):
                    earliest[other] = then
                    heapq.heappush(todo, (then, other))
        return len(taken)

    return replica


def eon(edges: Any, hosts: int) -> Replica:
    module = importlib.import_module("EoN")
    net = graph_of(edges, hosts)

    def replica(seed: int) -> int:
        random.seed(seed)
        told = module.fast_SIR(net, 1.0, 0.0, initial_infecteds=[0], tmax=200)
        return int(told[2][-1])

    return replica


def ndlib(edges: Any, hosts: int) -> Replica:
    net = graph_of(edges, hosts)
    epidemics = importlib.import_module("ndlib.models.epidemics")
    configurations = importlib.import_module("ndlib.models.ModelConfig")

    def replica(seed: int) -> int:
        model = epidemics.SIModel(net, seed=seed)
        wish = configurations.Configuration()
        wish.add_model_parameter("beta", A_STEP)
        wish.add_model_initial_configuration("Infected", [0])
        model.set_initial_status(wish)
        infected, still = 1, 0
        while still < 2 / STEP:  # for two hours
            told = model.iteration(node_status=False)["node_count"][1]
            infected, still = told, still + 1 if told == infected else 0
        return int(infected)

    return replica


def networkit(edges: Any, hosts: int) -> Replica:
    module = importlib.import_module("networkit")
    module.setNumberOfThreads(1)
    net = module.Graph(hosts)
    for one, two in edges.T.tolist():
        net.addEdge(one, two)

    def replica(seed: int) -> int:
        module.setSeed(seed, False)
        # Exposed for no time, infectious for longer than the run.
        run = module.simulation.EpidemicSimulationSEIR(
            net, round(12 / STEP), A_STEP, 0, 10_000, 0
        )
        run.run()
        told = run.getData()
        last = told[told["time"] == told["time"].max()]
        return hosts - int(last[last["state"] == 0]["count"].sum())

    return replica


def main() -> None:
    peer, path, hosts = sys.argv[1], sys.argv[2], int(sys.argv[3])
    replica: Replica = globals()[peer](np.load(path), hosts)
    print("ready", flush=True)
    for line in sys.stdin:
        begun = time.process_time()
        infected = replica(int(line))
        print(time.process_time() - begun, infected, flush=True)


if __name__ == "__main__":
    main()
