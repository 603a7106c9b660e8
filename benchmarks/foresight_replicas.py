"""Whole attacks over maps of 1,700, 50,000 and 500,000 machines that are named singly.

    .venv/bin/python benchmarks/foresight_replicas.py [rounds] [hosts ...]

Replicas a processor second of one thread, the highest of `rounds` (default 5) and the middle
one: way in, operator phase, detonation until the cut, loss, restore, care, as `foresee` draws
them. Twice a size: with the alarms that a forecast assumes, and without any, where far more
attacks come to the detonation and all of their work is done. Also what it takes to make the
arrays of a map, once a way in. The maps are the sample group's, time and again
(`benchmarks/foresight_maps.py`).
"""

from __future__ import annotations

import os
import resource
import sys
import time
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import msgspec  # noqa: E402
import numpy as np  # noqa: E402
from benchmarks.foresight_maps import machines_of, map_of  # noqa: E402

from wardkeep.foresight.parameters import ASSUMED  # noqa: E402
from wardkeep.foresight.points import FITTED  # noqa: E402
from wardkeep.foresight.replicas import run, study  # noqa: E402

WAY = "mail to pc-HR.0.0"
# Hosts, replicas a round, bar in replicas a second.
SIZES = {1_700: (2_000, 1_000), 50_000: (200, 50), 500_000: (20, 3)}
ALARMS = {
    "alarms as assumed": ASSUMED,
    "no alarms": msgspec.structs.replace(ASSUMED, alarm_watched=0.0, alarm_unwatched=0.0),
}


def memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


def measured(hosts: int, rounds: int) -> None:
    replicas, bar = SIZES[hosts]
    begun = time.process_time()
    whole = map_of(hosts)
    made = time.process_time() - begun
    print(f"{machines_of(whole):,} machines: map made in {made:.1f} s, {memory()}", flush=True)
    for name, assumed in ALARMS.items():
        begun = time.process_time()
        given = study(whole, assumed, WAY, FITTED)
        built = time.process_time() - begun
        nodes, edges = len(given.attack.nodes), len(given.attack.graph.law_of)
        sizes = f"{given.alike.groups:,} groups, {nodes:,} nodes, {edges:,} edges"
        care = f"{len(given.care.nodes):,} nodes of care, {len(given.care.services):,} services"
        print(f"  arrays in {built:.2f} s: {sizes}, {care}, {memory()}", flush=True)
        run(given, 1, range(2))
        rates, struck, servers = [], [], []
        for number in range(rounds):
            begun = time.process_time()
            drawn = run(given, 1, range(number * replicas, (number + 1) * replicas))
            rates.append(replicas / (time.process_time() - begun))
            struck.append(np.isfinite(drawn.detonated).mean())
            servers.append(drawn.servers.sum() / max(np.isfinite(drawn.detonated).sum(), 1))
        print(
            f"  {name}: {max(rates):,.1f} / {median(rates):,.1f} a second (bar {bar:,});"
            f" {np.mean(struck):.0%} detonate and lose {np.mean(servers):,.0f} servers each,"
            f" {memory()}",
            flush=True,
        )


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    sizes = [int(each) for each in sys.argv[2:]] or list(SIZES)
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, load {os.getloadavg()[0]:.1f}", flush=True)
    for hosts in sizes:
        measured(hosts, rounds)
    print(f"{time.strftime('%H:%M')}, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
