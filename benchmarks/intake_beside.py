"""Durable intake of this checkout beside another one of Wardkeep, in one run.

    .venv/bin/python benchmarks/intake_beside.py OTHER_CHECKOUT [seconds a run] [rounds]

Server and load as in intake.py. The two are run in turn, each round on new files, the first of
a round changing; the ratio is the median over the rounds, so that a busy machine hits both.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

HERE = Path(__file__).resolve().parent
CONNECTIONS = (1, 8, 64)
BAR = 0.9


class Run(NamedTuple):
    """Messages a second, and microseconds of the processor that the server spent on each."""

    rate: float
    cpu: float


def measure(checkout: Path, connections: int, seconds: float, scratch: Path) -> Run:
    """Load a checkout's server for so many seconds."""
    extra = {"PYTHONPATH": str(checkout / "src")}
    with (
        tempfile.TemporaryDirectory(dir=scratch) as folder,
        subprocess.Popen(
            [
                sys.executable,
                str(checkout / "benchmarks" / "intake_server.py"),
                f"{folder}/site",
            ],
            env=os.environ | extra,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        ) as server,
    ):
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        load = [sys.executable, str(HERE / "intake_load.py"), port, str(connections)]
        before = cpu_seconds(server.pid)
        told = subprocess.run([*load, str(seconds)], check=True, capture_output=True, text=True)
        spent = cpu_seconds(server.pid) - before
        server.communicate()
    result = json.loads(told.stdout)
    assert not result["faults"]
    # The load warms up for half a second, which the server works through as well.
    messages = result["rate"] * (seconds + 0.5)
    return Run(float(result["rate"]), 1e6 * spent / messages)


def cpu_seconds(process: int) -> float:
    """Return what a process has used of the processor (proc(5): utime and stime)."""
    fields = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def main() -> int:
    """Print both rates and their ratio by connections; 0 when none falls below the bar."""
    other = Path(sys.argv[1]).resolve()
    seconds = float(sys.argv[2]) if len(sys.argv) > 2 else 3.0
    rounds = int(sys.argv[3]) if len(sys.argv) > 3 else 5
    scratch = HERE.parent / "var" / "benchmarks"
    scratch.mkdir(parents=True, exist_ok=True)
    held = True
    print("conn   other msg/s  this msg/s  ratio   other CPU us  this CPU us  ratio")
    for count in CONNECTIONS:
        pairs = []
        for number in range(rounds):
            pair = {}
            order = (other, HERE.parent) if number % 2 else (HERE.parent, other)
            for checkout in order:
                pair[checkout] = measure(checkout, count, seconds, scratch)
            pairs.append((pair[other], pair[HERE.parent]))
        ratio = median(this.rate / before.rate for before, this in pairs)
        cost = median(before.cpu / this.cpu for before, this in pairs)
        rates = [median(run.rate for run in column) for column in zip(*pairs, strict=True)]
        costs = [median(run.cpu for run in column) for column in zip(*pairs, strict=True)]
        print(
            f"{count:>4}{rates[0]:>14,.0f}{rates[1]:>12,.0f}{ratio:>7.2f}"
            f"{costs[0]:>15.0f}{costs[1]:>13.0f}{cost:>7.2f}",
            flush=True,
        )
        # Where other work takes the processor, its time for a message says more than the rate.
        held = held and max(ratio, cost) >= BAR
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())
