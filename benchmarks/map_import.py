"""The map of a hospital: a table of 50,000 machines read, laid together and asked.

    PYTHONPATH=src python benchmarks/map_import.py [ROWS]

Beside it: Python's csv.DictReader on the same file, which types nothing and keeps nothing.
"""

from __future__ import annotations

import csv
import sys
import tempfile
import time
from pathlib import Path

from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.map_import import Asked, plan
from wardkeep.hospital.map.falls import what_falls

HEADINGS = (
    "id",
    "site",
    "segment",
    "addresses",
    "system",
    "domain",
    "ward",
    "patched",
    "watched",
)


def main() -> None:
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    folder = Path(tempfile.mkdtemp())
    (folder / "keys").mkdir()
    store = MapStore(folder / "map", make_key_ring(folder / "keys")[0])
    file = folder / "workstations.csv"
    with file.open("w", newline="") as stream:
        table = csv.writer(stream)
        table.writerow(HEADINGS)
        table.writerows(_row(number) for number in range(rows))
    for word in ("first", "again"):
        begun = time.perf_counter()
        (planned,) = plan(store, [file], Asked(by="benchmark"))
        read = time.perf_counter()
        store.put(planned.layer)
        kept = time.perf_counter()
        print(
            f"{word}: {rows} rows read and compared {read - begun:.2f} s,"
            f" kept {kept - read:.2f} s, together {kept - begun:.2f} s"
        )
    begun = time.perf_counter()
    whole = store.whole()
    laid = time.perf_counter()
    falls = what_falls(whole, ["segment:vlan7"])
    print(
        f"laid together {laid - begun:.2f} s; what falls with a segment:"
        f" {len(falls.because)} in {time.perf_counter() - laid:.2f} s"
    )
    _peer(file)


def _row(number: int) -> tuple[str, ...]:
    return (
        f"pc{number:05}",
        f"site{number % 6}",
        f"vlan{number % 400}",
        f"10.{number // 65536}.{number // 256 % 256}.{number % 256}",
        "Windows 10",
        "corp",
        f"W{number % 90}",
        "yes",
        "no",
    )


def _peer(file: Path) -> None:
    begun = time.perf_counter()
    with file.open(newline="") as stream:
        rows = list(csv.DictReader(stream))
    taken = time.perf_counter() - begun
    print(f"csv.DictReader alone: {len(rows)} rows of text in {taken:.2f} s")


if __name__ == "__main__":
    main()
