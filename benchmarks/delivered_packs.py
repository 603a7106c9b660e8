"""All packs of a hospital made, encrypted, signed; one opened in a browser and by the verb.

    PYTHONPATH=src:. python benchmarks/delivered_packs.py [--wards N] [--keep FILE]

The wards are those of benchmarks/packs.py. Opened is the ward with the most patients, from its
file: in Chromium until its first sheet is on the screen, and by a new process of
`wardkeep open` until its page was fetched.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from benchmarks.packs import Memory, _wards
from playwright.sync_api import sync_playwright

from wardkeep.adapters.chart_sealing import ChartSealing
from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.outbox import Outbox
from wardkeep.adapters.pack_keys import PackKeys, of_ward
from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.adapters.pack_worker import PackWorkers
from wardkeep.pack.contents import WardData
from wardkeep.pack.events import PackBuilt

_OPENINGS = 5


class Site:
    """A hospital folder of a benchmark: shelf, keys and what is ready for the targets."""

    def __init__(self, folder: Path) -> None:
        for name in ("keys", "packs"):
            (folder / name).mkdir()
        ring = make_key_ring(folder / "keys")[0]
        self.shelf = PackShelf(folder / "packs", ring)
        self.keys = PackKeys(folder / "pack-keys", ring)
        self.seal = ChartSealing(self.keys, ring).seal
        self.out = folder / "out"
        self.outbox = Outbox(self.out, self.shelf, self.keys, ring, ZoneInfo("Europe/Brussels"))

    def build(self, wards: list[WardData]) -> None:
        """Make, shelve, encrypt and sign the packs of all wards."""
        workers = PackWorkers()
        jobs = [
            (ward, workers.submit(msgspec.msgpack.encode(self.seal(ward, "fr")), "fr"))
            for ward in wards
        ]
        sealed = []
        for ward, job in jobs:
            made = job.result()
            built = PackBuilt(
                ward=ward.summary.ward, generation=1, revision=1, language="fr", at=now(),
                as_of=now(), pages=made.pages, patients=len(ward.charts),
                digest=hashlib.sha256(made.pdf).hexdigest(),
            )  # fmt: skip
            self.shelf.put(built, made.pdf, made.sheets)
            sealed.append(
                self.outbox.seal_ward(self.shelf.generations(built.ward)[0], held=False)
            )
        self.outbox.put([each for each in sealed if each is not None], "BENCH", now())
        workers.close()


def in_browser(page: Path, words: str) -> list[str]:
    """Return, run by run, seconds to the door and from the click to the first sheet."""
    told = []
    with sync_playwright() as driver:
        chromium = driver.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        for _ in range(_OPENINGS):
            window = chromium.new_context(offline=True).new_page()
            begun = time.perf_counter()
            window.goto(page.as_uri())
            window.wait_for_selector("#key")
            door = time.perf_counter() - begun
            window.fill("#key", words)
            begun = time.perf_counter()
            window.click("button[type=submit]")
            window.wait_for_selector("table.sheet", state="visible")
            told.append(f"{door:.2f} + {time.perf_counter() - begun:.2f}")
        chromium.close()
    return told


def by_the_verb(page: Path, words: str, log: Path) -> list[str]:
    """Return, run by run, the seconds from the command to the fetched page."""
    told = []
    for _ in range(_OPENINGS):
        begun = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "wardkeep", "open", page, "--key", "-", "--log", log],
            env=os.environ, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip
            assert process.stdin is not None
            assert process.stdout is not None
            process.stdin.write(words)
            process.stdin.close()
            with urllib.request.urlopen(process.stdout.readline().strip()) as answer:
                answer.read()
            told.append(f"{time.perf_counter() - begun:.2f}")
    return told


def main() -> None:
    """Run and print one line a measurement."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--wards", type=int, default=1000)
    parser.add_argument("--keep", type=Path, help="keep the charts here between runs")
    asked = parser.parse_args()
    wards = _wards(asked.keep)[: asked.wards]
    print(f"load {os.getloadavg()[0]:.1f}")
    with tempfile.TemporaryDirectory() as folder:
        site = Site(Path(folder))
        with Memory() as memory:
            begun = time.perf_counter()
            site.build(wards)
            taken = time.perf_counter() - begun
        patients = sum(len(ward.charts) for ward in wards)
        print(f"{len(wards)} wards, {patients} patients: {taken:.1f} s")
        print(f"workers together at most {memory.peak / 1e6:.0f} MB")
        pages = sorted(site.out.glob("*.html"), key=lambda path: path.stat().st_size)
        sizes = [path.stat().st_size / 1000 for path in pages]
        print(f"pages {sizes[0]:.0f} to {sizes[-1]:.0f} kB, all {sum(sizes) / 1000:.1f} MB")
        largest = max(wards, key=lambda ward: len(ward.charts)).summary.ward
        page = next(path for path in pages if path.stem == largest)
        words = site.keys.words(of_ward(largest))
        print(
            f"ward {largest}: door + opening in Chromium {', '.join(in_browser(page, words))} s"
        )
        opened = by_the_verb(page, words, Path(folder) / "log")
        print(f"wardkeep open: {', '.join(opened)} s")


if __name__ == "__main__":
    main()
