"""How fast the charts follow the ledger, and how soon a server with a long ledger shows a page.

    ./wardkeep --version && .venv/bin/python benchmarks/chart_following.py [MESSAGES] [LONG]

MESSAGES (300,000: a day of 1,000 beds) of the simulated group lie in the encrypted clinical
ledger; the charts process of the product folds them into its encrypted store. Then the ledger
is made LONG (1,000,000) and a site server is started on it: the time to its first page.
The disk's fdatasync p50 of the same minute stands beside.
"""

from __future__ import annotations

import os
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from itertools import chain, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.host import free_port
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.founding import found
from wardkeep.app.settings_text import settings_toml
from wardkeep.hospital.site import Site
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Arrival, Kind
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.mix import mixed
from wardkeep.sample.site import FEEDS, demo_site
from wardkeep.wire.hl7v2.acknowledgement import header_of

ROOT = Path(__file__).resolve().parents[1]
AT_ONCE = 500


def now() -> int:
    return time.time_ns() // 1000


def fdatasync_ms(folder: Path) -> float:
    """Return the median time of 200 syncs of 1 kB, in milliseconds."""
    handle = os.open(folder / "sync", os.O_RDWR | os.O_CREAT)
    taken = []
    for _ in range(200):
        os.pwrite(handle, os.urandom(1024), 0)
        begun = time.perf_counter()
        os.fdatasync(handle)
        taken.append(time.perf_counter() - begun)
    os.close(handle)
    return statistics.median(taken) * 1000


def arrival(feed: str, body: bytes) -> Arrival:
    header = header_of(body)
    return Arrival(
        feed, now(), Kind.HL7, header.application, header.facility, header.control, body
    )


def fill(folder: HospitalFolder, messages: Iterator[tuple[str, bytes]]) -> int:
    """Append to the clinical ledger as the writer does; return how many entries it has."""
    store = ClinicalStore(folder.clinical, load_key_ring(folder.keys))
    while group := list(islice(messages, AT_ONCE)):
        store.append([arrival(feed, body) for feed, body in group])
    last = store.last.sequence
    store.close(now())
    return last


def day_of_messages(count: int) -> Iterator[tuple[str, bytes]]:
    """Yield `count` messages of the simulated group of 1,000 inpatients: fill, then live."""
    hospital = Hospital(1, now())
    live = hospital.live(hospital.start + 3 * DAY)
    sent = islice(chain(hospital.first_fill(), live), count)
    return ((each.feed, each.body) for each in sent)


def child(*words: str) -> subprocess.Popen[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    return subprocess.Popen(
        [sys.executable, "-m", *words], env=environment, stdout=subprocess.PIPE, text=True
    )


def follow(folder: HospitalFolder, site: Site, end: int) -> float:
    """Return the seconds from the start of the charts process until all is in the charts."""
    begun = time.perf_counter()
    process = child("wardkeep.app.chart_process", str(folder.path))
    assert process.stdout is not None
    process.stdout.readline()
    charts = StoredCharts(
        folder.chart_database, folder.clinical, load_key_ring(folder.keys), site
    )
    while charts.cursor() < end:
        time.sleep(0.1)
    taken = time.perf_counter() - begun
    charts.close()
    process.send_signal(signal.SIGTERM)
    process.wait()
    return taken


def first_page(folder: HospitalFolder, port: int) -> tuple[float, float]:
    """Return the seconds until READY and until the first page."""
    begun = time.perf_counter()
    process = child("wardkeep", "serve", str(folder.path))
    assert process.stdout is not None
    process.stdout.readline()
    ready = time.perf_counter() - begun
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/login") as page:
        page.read()
    shown = time.perf_counter() - begun
    process.send_signal(signal.SIGTERM)
    process.wait()
    return ready, shown


def main() -> None:
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    long = int(sys.argv[2]) if len(sys.argv) > 2 else 1_000_000
    with tempfile.TemporaryDirectory(prefix="wardkeep-benchmark-") as scratch:
        port = free_port()
        site = demo_site({feed: free_port() for feed in FEEDS}, port)
        path = Path(scratch) / "hospital"
        found(path, settings_toml(site), "aegis", now())
        folder = HospitalFolder(path)
        end = fill(folder, day_of_messages(count))
        seconds = follow(folder, site, end)
        print(f"fdatasync p50 {fdatasync_ms(Path(scratch)):.2f} ms")
        print(f"{end:,} messages into the charts in {seconds:.1f} s: {end / seconds:,.0f}/s")
        end = fill(folder, mixed(long - end, 7))
        seconds = follow(folder, site, end)
        print(f"another {long - count:,} followed in {seconds:.1f} s")
        ready, shown = first_page(folder, port)
        print(f"{end:,} entries: READY after {ready:.2f} s, first page after {shown:.2f} s")
        print(f"fdatasync p50 {fdatasync_ms(Path(scratch)):.2f} ms")


if __name__ == "__main__":
    main()
