"""How fast the clinical ledger takes messages, starts with a million of them, and is verified.

    .venv/bin/python benchmarks/store.py [--folder DIR] [--entries N]

Rows a second by batch size with encryption, chain and repeats on, for both ciphers, in turns
with plain SQLite (WAL, FULL, one index; no chain, no cipher); then the time from opening a
ledger of N entries over four days to its first append, until all marks of repeats are read, and
of a whole verification. The fdatasync p50 of the same minute stands beside.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median

import apsw

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from wardkeep.adapters.clinical_store import ClinicalStore
from wardkeep.adapters.encrypted_database import Cipher
from wardkeep.adapters.key_ring import KeyRing, make_key_ring
from wardkeep.adapters.ledger_check import LedgerCheck
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Arrival, Kind

START = 1_779_000_000_000_000
BATCHES = {1: 2_000, 8: 12_000, 64: 48_000, 512: 48_000}
"""Batch size and how many messages are put in with it."""
LEDGERS = ("clinical", "operations", "access")
Append = Callable[[Sequence[Arrival]], object]


def messages(first: int, count: int, at: int = START) -> list[Arrival]:
    """Return messages of 1.1 kB, numbered as a sender numbers them."""
    made = []
    for number in range(first, first + count):
        control = b"%012d" % number
        head = b"MSH|^~\\&|ADT|GHQV|WK|GHQV|20260517||ADT^A08|" + control + b"|P|2.5\r"
        body = head + b"PID|1||%06d^^^GHQV^MR\r" % (number % 1_000) + b"NTE|1||" + b"x" * 1_000
        made.append(Arrival("adt", at + number, Kind.HL7, b"ADT", b"GHQV", control, body))
    return made


def fdatasync_ms(folder: Path, times: int = 200) -> float:
    """Return the median milliseconds of overwriting 1 kB and syncing it."""
    path, taken = folder / "fdatasync", []
    path.write_bytes(bytes(4_096))
    handle = os.open(path, os.O_RDWR)
    for _ in range(times):
        begin = time.perf_counter()
        os.pwrite(handle, bytes(1_024), 0)
        os.fdatasync(handle)
        taken.append((time.perf_counter() - begin) * 1_000)
    os.close(handle)
    path.unlink()
    return median(taken)


def site(folder: Path) -> KeyRing:
    """Make the folders and keys of a new site."""
    for name in ("keys", *LEDGERS):
        (folder / name).mkdir(parents=True)
    return make_key_ring(folder / "keys")[0]


def plain(path: Path) -> apsw.Connection:
    """Return SQLite as one would use it without a ledger."""
    connection = apsw.Connection(str(path))
    connection.pragma("journal_mode", "wal")
    connection.pragma("synchronous", "full")
    connection.execute("create table m(sequence integer primary key, feed, control, body)")
    connection.execute("create index known on m(control, feed)")
    return connection


def plain_append(connection: apsw.Connection) -> Append:
    def append(arrivals: Sequence[Arrival]) -> None:
        with connection:
            connection.executemany(
                "insert into m(feed, control, body) values(?,?,?)",
                [(each.feed, each.control, each.body) for each in arrivals],
            )

    return append


def rate(append: Append, first: int, size: int) -> tuple[float, float]:
    """Return rows a second and microseconds of processor a row."""
    batches = [messages(first + n, size) for n in range(0, BATCHES[size], size)]
    begin, used = time.perf_counter(), time.process_time()
    for batch in batches:
        append(batch)
    wall, processor = time.perf_counter() - begin, time.process_time() - used
    return BATCHES[size] / wall, processor / BATCHES[size] * 1e6


def rates(folder: Path) -> None:
    """Print rows a second by batch size, the stores in turns."""
    stores: dict[Cipher, ClinicalStore] = {}
    for cipher in ("aegis", "sqlcipher"):
        ring = site(folder / cipher)
        stores[cipher] = ClinicalStore(folder / cipher / "clinical", ring, cipher=cipher)
    bare = plain(folder / "plain.db")
    takers: dict[str, Append] = {
        "plain": plain_append(bare),
        **{cipher: store.append for cipher, store in stores.items()},
    }
    print(f"{'batch':>6} {'store':<10} {'rows/s':>9} {'us/row':>7} {'fdatasync p50 ms':>17}")
    for size in BATCHES:
        for name, append in takers.items():
            taken, used = rate(append, size * 10**8, size)
            disk = fdatasync_ms(folder)
            print(f"{size:>6} {name:<10} {taken:>9,.0f} {used:>7.1f} {disk:>17.2f}")
    bare.close()
    for store in stores.values():
        store.close(START)


def start(folder: Path, entries: int) -> None:
    """Print how long a ledger of many entries takes to open, to know its repeats, to verify."""
    ring, days = site(folder), 4
    store = ClinicalStore(folder / "clinical", ring)
    for day in range(days):
        for first in range(0, entries // days, 2_000):
            store.append(messages(day * 10**9 + first, 2_000, START + day * DAY))
    store.close(START + days * DAY)
    begin = time.perf_counter()
    store = ClinicalStore(folder / "clinical", ring)
    store.append(messages(10**11, 64, START + days * DAY))
    print(
        f"{entries:,} entries: first append {time.perf_counter() - begin:.2f} s after opening"
    )
    store._days._reader.join()  # noqa: SLF001  # nothing else tells when its thread has ended
    print(f"  all repeats known after {time.perf_counter() - begin:.1f} s")
    store.close(START + days * DAY)
    begin = time.perf_counter()
    check = LedgerCheck({name: folder / name for name in LEDGERS}, ring, folder)
    faults = check.walk("clinical", lambda _ledger, _entries: None).finish()
    check.close()
    print(f"  verified in {time.perf_counter() - begin:.1f} s, {len(faults)} faults")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--folder", type=Path, help="where the stores are made")
    options.add_argument("--entries", type=int, default=1_000_000)
    chosen = options.parse_args()
    scratch = Path(tempfile.mkdtemp(prefix="wardkeep-store-", dir=chosen.folder))
    try:
        rates(scratch / "rates")
        start(scratch / "start", chosen.entries)
    finally:
        shutil.rmtree(scratch)


if __name__ == "__main__":
    main()
