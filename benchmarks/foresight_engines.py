"""The engines of foresight alone, and the same worm on the same net beside its peers.

    .venv/bin/python benchmarks/foresight_engines.py [rounds] [peers]

Processor seconds of one thread; the highest of `rounds` (default 5) and the middle one, since
other work on the machine takes caches away. First the operator phase at 1,700, 50,000 and
500,000 hosts, until the cut; then a worm over groups at 50,000 and 1,000,000 hosts, to the last
that can be reached; then a worm host by host on 50,000 hosts, in turns with `peers` (default
networkx,eon,ndlib,networkit; ndlib@0.2 goes in steps of 0.2 hours). All nets are synthetic.
Peers are installed into var/benchmarks.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT / "src"), str(ROOT)]

import numpy as np  # noqa: E402
from benchmarks import peers  # noqa: E402
from benchmarks.foresight_nets import contacts_of, estate, segments_of  # noqa: E402

from wardkeep.foresight.engines import lumped_spread, percolation  # noqa: E402
from wardkeep.foresight.engines.attack_path import attacks  # noqa: E402

# Hosts, probability of an alarm a host, replicas a round, bar in replicas a second.
OPERATOR = ((1_700, 0.003, 1_000, 2_000), (50_000, 0.03, 300, 400), (500_000, 0.05, 100, 140))
# Hosts, replicas a round, bar.
LUMPED = ((1_700, 200, None), (50_000, 10, None), (1_000_000, 1, 1))
BARS = {"networkx": 25, "eon": 60, "ndlib": 400, "networkit": 4}
PAIRED = 50_000


def rates(rounds: int, replicas: int, work: Callable[[range], object]) -> tuple[float, float]:
    """Return replicas a processor second: the highest and the middle round."""
    work(range(1))
    found = []
    for number in range(rounds):
        begun = time.process_time()
        work(range(number * replicas, (number + 1) * replicas))
        found.append(replicas / (time.process_time() - begun))
    return max(found), median(found)


def memory() -> str:
    return f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:,.0f} MB"


def operator_phase(rounds: int) -> None:
    for hosts, alarm, replicas, bar in OPERATOR:
        net = estate(hosts, 1, alarm)
        best, middle = rates(rounds, replicas, lambda part, net=net: attacks(net, 1, part))
        taken = attacks(net, 1, range(replicas)).taken.mean()
        size = f"{len(net.graph.names):,} nodes, {len(net.law_of):,} edges"
        print(
            f"operator phase, {hosts:,} hosts ({size}, {taken:,.0f} taken): "
            f"{best:,.0f} / {middle:,.0f} a second (bar {bar:,}), {memory()}",
            flush=True,
        )


def lumped(rounds: int) -> None:
    for hosts, replicas, bar in LUMPED:
        net = segments_of(hosts, 2, 8, 1)
        best, middle = rates(
            rounds, replicas, lambda part, net=net: lumped_spread.spread(net, 1, part)
        )
        print(
            f"worm in groups, {hosts:,} hosts ({len(net.sizes):,} groups): "
            f"{best:,.2f} / {middle:,.2f} a second (bar {bar}), {memory()}",
            flush=True,
        )


def host_by_host(rounds: int, names: list[str]) -> None:
    edges = contacts_of(PAIRED, 1)
    both = np.concatenate([edges, edges[::-1]], axis=1)
    net = percolation.contacts(range(PAIRED), (both[0], both[1]), np.ones(both.shape[1]), [0])
    percolation.spread(net, 1, range(1))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "edges.npy"
        np.save(path, edges)
        for name in names:
            paired(name, path, rounds, net)


def paired(name: str, path: Path, rounds: int, net: percolation.Contacts) -> None:
    program = ROOT / "benchmarks" / "peers" / "epidemics.py"
    peer_name, _, step = name.partition("@")
    with subprocess.Popen(
        [sys.executable, program, peer_name, path, str(PAIRED), *([step] if step else [])],
        env=dict(os.environ) | {"PYTHONPATH": str(peers.epidemics())},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as peer:
        assert peer.stdin is not None
        assert peer.stdout is not None
        peer.stdout.readline()
        theirs, ours, infected = [], [], ""
        for number in range(rounds):
            begun = time.process_time()
            percolation.spread(net, 1, range(5 * number, 5 * number + 5))
            ours.append((time.process_time() - begun) / 5)
            print(number, file=peer.stdin, flush=True)
            seconds, infected = peer.stdout.readline().split()
            theirs.append(float(seconds))
        peer.stdin.close()
    ratios = [one / other for one, other in zip(theirs, ours, strict=True)]
    print(
        f"worm host by host, {PAIRED:,} hosts: {median(ours) * 1e3:.1f} ms; {name} "
        f"{median(theirs) * 1e3:,.0f} ms ({infected} infected): {median(ratios):.1f} times, "
        f"{min(ratios):.1f} to {max(ratios):.1f} (bar {BARS[peer_name]})",
        flush=True,
    )


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    names = sys.argv[2].split(",") if len(sys.argv) > 2 else list(BARS)
    load = os.getloadavg()[0]
    print(f"{time.strftime('%Y-%m-%d %H:%M')}, load {load:.1f}", flush=True)
    operator_phase(rounds)
    lumped(rounds)
    host_by_host(rounds, names)
    print(f"{time.strftime('%H:%M')}, load {os.getloadavg()[0]:.1f}")


if __name__ == "__main__":
    main()
