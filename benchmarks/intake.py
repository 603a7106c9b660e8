"""Durable intake beside python-hl7's server and Medplum's agent library, in one run.

    .venv/bin/python benchmarks/intake.py [seconds a run] [rounds]

Every server has each message on disk (SQLite WAL, synchronous FULL: raw bytes and control id)
before it answers; Wardkeep's is encrypted, chained and looks for duplicates besides. Load: a
process of its own, lock-step, mix 6 ADT 2 RDE 3 RAS 2 ORU 1 SIU. Servers are run in turn, each
round on new files. The disk's fdatasync p50 is taken before and after each run; a run during
which it changed is taken again, and ratios are of pairs in the same round with the same disk:
on a shared machine it swings between 0.1 and 4 ms. Peers are installed into var/benchmarks.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from pathlib import Path
from statistics import median
from typing import NamedTuple

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT)]

from benchmarks.peers import PEERS, medplum, python_hl7_folder  # noqa: E402

HERE = Path(__file__).parent
CONNECTIONS = (1, 8, 64)
BARS = {"python-hl7": (3.0, 25.0, 50.0), "Medplum": (1.1, 5.0, 12.0)}
P99_BAR = 2.0
DISK_SWING = 3.0
ATTEMPTS = 5


class Run(NamedTuple):
    """One server under one load. Milliseconds to the acknowledgement."""

    rate: float
    p50: float
    p99: float
    fdatasync: float


Runs = dict[tuple[str, int], list[Run]]


def commands() -> dict[str, tuple[list[str], Path, dict[str, str]]]:
    """Return command, folder to run in and environment of each server."""
    node, folder = medplum()
    peers = HERE / "peers"
    python_path = {"PYTHONPATH": str(python_hl7_folder())}
    return {
        "Wardkeep": ([sys.executable, str(HERE / "intake_server.py")], ROOT, {}),
        "python-hl7": (
            [sys.executable, str(peers / "python_hl7_server.py")],
            ROOT,
            python_path,
        ),
        "Medplum": ([str(node), str(peers / "medplum_server.mjs")], folder, {}),
    }


def fdatasync_ms(folder: Path) -> float:
    """Return the median of 200 overwrites of 1 kB, each made durable."""
    handle = os.open(folder / "probe", os.O_RDWR | os.O_CREAT)
    os.pwrite(handle, b"x" * 1024 * 1024, 0)
    os.fsync(handle)
    waits = []
    for number in range(200):
        begin = time.perf_counter()
        os.pwrite(handle, b"y" * 1024, number * 1024)
        os.fdatasync(handle)
        waits.append(time.perf_counter() - begin)
    os.close(handle)
    return median(waits) * 1000


def steady(name: str, connections: int, seconds: float, scratch: Path) -> Run:
    """Measure until the disk was the same before and after, five times at most."""
    for _ in range(ATTEMPTS):
        run = measure(name, connections, seconds, scratch)
        if _same_disk(run.fdatasync, fdatasync_ms(scratch)):
            return run
    return run


def _same_disk(one: float, other: float) -> bool:
    return max(one, other) <= DISK_SWING * min(one, other)


def measure(name: str, connections: int, seconds: float, scratch: Path) -> Run:
    """Start a server on new files, load it, and stop it."""
    command, folder, extra = commands()[name]
    store = scratch / name
    shutil.rmtree(store, ignore_errors=True)
    disk = fdatasync_ms(scratch)
    with subprocess.Popen(
        [*command, str(store)],
        cwd=folder,
        env=os.environ | extra,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as server:
        assert server.stdout is not None
        port = server.stdout.readline().strip()
        load = [sys.executable, str(HERE / "intake_load.py"), port, str(connections)]
        told = subprocess.run(
            [*load, str(seconds)], check=True, capture_output=True, text=True, cwd=ROOT
        )
        server.communicate()
    shutil.rmtree(store)
    result = json.loads(told.stdout)
    if result["faults"]:
        raise SystemExit(f"{name} gave {result['faults']:.0f} wrong answers")
    return Run(result["rate"], result["p50"], result["p99"], disk)


def main() -> int:
    """Print the table and the bars; 0 when all are held."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 4.0
    rounds = int(sys.argv[2]) if len(sys.argv) > 2 else 3
    scratch = PEERS / "intake"
    scratch.mkdir(parents=True, exist_ok=True)
    runs = {(name, count): [] for name in ("Wardkeep", *BARS) for count in CONNECTIONS}
    for _ in range(rounds):
        for count in CONNECTIONS:
            for name in ("Wardkeep", *BARS):
                runs[name, count].append(steady(name, count, seconds, scratch))
    print(f"{'':<12}{'conn':>5}{'msg/s':>10}{'p50 ms':>9}{'p99 ms':>9}{'fdatasync p50':>15}")
    for (name, count), found in runs.items():
        rate, p50, p99, disk = (median(column) for column in zip(*found, strict=True))
        print(f"{name:<12}{count:>5}{rate:>10,.0f}{p50:>9.2f}{p99:>9.2f}{disk:>15.3f}")
    return 0 if _bars(runs) else 1


def _bars(runs: Runs) -> bool:
    held = True
    for name, bars in BARS.items():
        for count, bar in zip(CONNECTIONS, bars, strict=True):
            pairs = _pairs(runs["Wardkeep", count], runs[name, count])
            ratios = [ours.rate / theirs.rate for ours, theirs in pairs]
            held &= _told(f"{name}, {count} connections", ratios, bar, at_least=True)
    pairs = _pairs(runs["Wardkeep", 8], runs["Medplum", 1])
    ratios = [ours.p99 / theirs.p99 for ours, theirs in pairs]
    what = "p99 at 8 connections to Medplum's at 1"
    return _told(what, ratios, P99_BAR, at_least=False) and held


def _pairs(ours: list[Run], theirs: list[Run]) -> list[tuple[Run, Run]]:
    pairs = zip(ours, theirs, strict=True)
    return [(a, b) for a, b in pairs if _same_disk(a.fdatasync, b.fdatasync)]


def _told(what: str, ratios: list[float], bar: float, *, at_least: bool) -> bool:
    if not ratios:
        print(f"{what}: no two runs with the same disk; run again")
        return False
    ratio = median(ratios)
    held = ratio >= bar if at_least else ratio <= bar
    word = "at least" if at_least else "at most"
    outcome = "held" if held else "MISSED"
    print(f"{what}: {ratio:.2f} of {len(ratios)} pairs ({word} {bar}): {outcome}")
    return held


if __name__ == "__main__":
    sys.exit(main())
