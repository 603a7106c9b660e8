"""All ward packs of a hospital: seconds, pages and the memory of all workers together.

    PYTHONPATH=src python benchmarks/packs.py [--wards N] [--workers N]

The hospital is the sample's (40 wards, about 1,000 inpatients, three hours of messages), its
charts are folded in memory; the packs are made by the workers that a site server uses, with
each patient's sealed chart as codes.
"""

from __future__ import annotations

import argparse
import resource
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Self

import msgspec

from wardkeep.adapters.chart_sealing import ChartSealing
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.pack_builder import ward_data
from wardkeep.adapters.pack_keys import PackKeys
from wardkeep.adapters.pack_worker import PackWorkers
from wardkeep.chart.memory import MemoryCharts
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import HOUR
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.pack.contents import WardData
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import DEMO
from wardkeep.sample.site import FEEDS, demo_site

START = 1_653_364_800_000_000  # 2022-05-24T04:00:00Z


def wards_of_the_sample(hours: float) -> list[WardData]:
    """Return what the packs of all wards are made of, `hours` after the sample's start."""
    charts, site = charts_of_the_sample(hours)
    now = START + int(hours * HOUR)
    return [ward_data(charts, site, summary, now, "benchmark") for summary in charts.wards()]


def charts_of_the_sample(hours: float) -> tuple[MemoryCharts, Site]:
    """Return the charts of the sample's hospital, `hours` after its start, and its settings."""
    hospital = Hospital(20260307, START, DEMO)
    site = demo_site(dict.fromkeys(FEEDS, 2575), 8443)
    charts = MemoryCharts(site)
    now = START + int(hours * HOUR)
    for number, sent in enumerate(_messages(hospital, now), start=1):
        charts.add(
            Entry(
                number, sent.feed, sent.at, Kind.HL7, b"", b"", b"", sent.body, id_reused=False
            )
        )
    return charts, site


def _messages(hospital: Hospital, until: int):  # noqa: ANN202
    yield from hospital.first_fill()
    yield from hospital.live(until)


class Memory:
    """The most memory of all processes that this one has started, asked each 0.1 s.

    Proportional set size: pages that several of them share count once.
    """

    def __init__(self) -> None:
        self.peak = 0
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._done.wait(0.1):
            self.peak = max(self.peak, sum(map(_proportional, _descendants("self"))))


def _descendants(process: int | str) -> list[int]:
    found: list[int] = []
    for path in Path(f"/proc/{process}/task").glob("*/children"):
        try:
            children = [int(child) for child in path.read_text().split()]
        except OSError:
            continue
        found += children
        for child in children:
            found += _descendants(child)
    return found


def _proportional(process: int) -> int:
    try:
        told = Path(f"/proc/{process}/smaps_rollup").read_text()
    except OSError:
        return 0
    return next(
        (int(line.split()[1]) * 1024 for line in told.splitlines() if line[:4] == "Pss:"), 0
    )


def main() -> None:
    """Run and print one line a measurement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--wards", type=int, default=1000)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--language", default="fr")
    parser.add_argument("--keep", type=Path, help="keep the charts here between runs")
    parser.add_argument("--out", type=Path, help="folder for the PDFs")
    asked = parser.parse_args()
    wards = _wards(asked.keep)[: asked.wards]
    patients = sum(len(ward.charts) for ward in wards)
    seal = _sealing(Path(tempfile.mkdtemp()))
    begun = time.perf_counter()
    with Memory() as memory:
        workers = PackWorkers(asked.workers)
        jobs = [
            workers.submit(msgspec.msgpack.encode(seal(ward, asked.language)), asked.language)
            for ward in wards
        ]
        made = [job.result() for job in jobs]
        taken = time.perf_counter() - begun
        workers.close()
    pages = sum(each.pages for each in made)
    size = sum(len(each.pdf) for each in made)
    print(f"{len(wards)} wards, {patients} patients, {pages} pages, {size / 1e6:.1f} MB")
    print(f"all: {taken:.1f} s wall, workers together at most {memory.peak / 1e6:.0f} MB")
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(f"processor time of the workers: {used.ru_utime + used.ru_stime:.1f} s")
    if asked.out:
        for ward, each in zip(wards, made, strict=True):
            (asked.out / f"{ward.summary.ward}.pdf").write_bytes(each.pdf)
    middle = sorted(wards, key=lambda ward: len(ward.charts))[len(wards) // 2]
    _one(middle, asked.language, seal)


def _sealing(folder: Path) -> Callable[[WardData, str], WardData]:
    (folder / "keys").mkdir()
    ring = make_key_ring(folder / "keys")[0]
    return ChartSealing(PackKeys(folder / "pack-keys", ring), ring).seal


def _one(ward: WardData, language: str, seal: Callable[[WardData, str], WardData]) -> None:
    workers = PackWorkers(1)
    workers.submit(b"", language).exception()
    time.sleep(1)  # nothing of the start: the next worker is ready long before a ward changes
    begun = time.perf_counter()
    made = workers.submit(msgspec.msgpack.encode(seal(ward, language)), language).result()
    taken = time.perf_counter() - begun
    workers.close()
    print(f"one ward of {len(ward.charts)} patients, {made.pages} pages: {taken:.2f} s")


def _wards(keep: Path | None) -> list[WardData]:
    if keep and keep.exists():
        return msgspec.msgpack.decode(keep.read_bytes(), type=list[WardData])
    wards = wards_of_the_sample(3)
    if keep:
        keep.write_bytes(msgspec.msgpack.encode(wards))
    return wards


if __name__ == "__main__":
    main()
