"""Where the time of one ward's pack goes: processor seconds of each step.

    PYTHONPATH=src:. python benchmarks/pack_steps.py [--keep FILE] [--runs N]

The ward is the middle one of benchmarks/packs.py by patients. Each run is in a process of its
own, as a worker's is: what typesetting remembers of the run before would make it look fast.
"""

from __future__ import annotations

import argparse
import os
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TypeVar

import msgspec
from benchmarks.packs import _sealing, _wards

from wardkeep.adapters.html_press import press_html
from wardkeep.adapters.typst_press import load_fonts, typeset
from wardkeep.adapters.typst_words import translator
from wardkeep.pack.contents import WardData, ward_pack

T = TypeVar("T")


class Steps:
    """Processor and clock seconds of each step of one run, in their order."""

    def __init__(self) -> None:
        self.told: dict[str, tuple[float, float]] = {}

    def take(self, name: str, act: Callable[[], T]) -> T:
        """Do a step and note what it took."""
        used, begun = time.process_time(), time.perf_counter()
        made = act()
        self.told[name] = (time.process_time() - used, time.perf_counter() - begun)
        return made


def run(ward: WardData, seal: Callable[[WardData, str], WardData]) -> Steps:
    """Make the pack of a ward step by step."""
    steps = Steps()
    sealed = steps.take("sealing charts", lambda: seal(ward, "fr"))
    encoded = steps.take("encoding", lambda: msgspec.msgpack.encode(sealed))
    data = steps.take("decoding", lambda: msgspec.msgpack.decode(encoded, type=WardData))
    bare = msgspec.structs.replace(data, copies=None)
    steps.take("contents without codes", lambda: ward_pack(bare, "fr", translator("fr")))
    pack = steps.take("contents with codes", lambda: ward_pack(data, "fr", translator("fr")))
    steps.take("typesetting", lambda: typeset(pack))
    steps.take("HTML", lambda: press_html(pack))
    return steps


def in_a_child(ward: WardData, seal: Callable[[WardData, str], WardData]) -> Steps:
    """Return what a run took in a process of its own."""
    reading, writing = os.pipe()
    if not os.fork():
        os.write(writing, msgspec.msgpack.encode(run(ward, seal).told))
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, "rb") as pipe:
        told = msgspec.msgpack.decode(pipe.read(), type=dict[str, tuple[float, float]])
    os.wait()
    steps = Steps()
    steps.told = told
    return steps


def show(runs: Sequence[Steps]) -> None:
    """Print one line a step: the middle of all runs."""
    for name in runs[0].told:
        used, taken = (statistics.median(each.told[name][at] for each in runs) for at in (0, 1))
        print(f"{name:<24} processor {used:.3f} s, clock {taken:.3f} s")


def main() -> None:
    """Run and print."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=Path, help="keep the charts here between runs")
    parser.add_argument("--runs", type=int, default=5)
    asked = parser.parse_args()
    wards = sorted(_wards(asked.keep), key=lambda ward: len(ward.charts))
    ward, seal = wards[len(wards) // 2], _sealing(Path(tempfile.mkdtemp()))
    seal(ward, "fr")  # its keys are made
    load_fonts()
    print(f"{len(ward.charts)} patients, load {os.getloadavg()[0]:.1f}")
    show([in_a_child(ward, seal) for _ in range(asked.runs)])


if __name__ == "__main__":
    main()
