"""A second box catches up with 300,000 queued messages, and stands in when the first dies.

    .venv/bin/python benchmarks/follow.py [messages]

Two real site servers over mutual TLS on loopback, on one machine: both boxes, their charts and
screens share its cores, which two boxes of a hospital do not. The messages (benchmarks/hl7_mix)
lie in the first's clinical ledger before the second is started for the first time. Then the
first is killed (SIGKILL, every process) while a sender sends, and a ward board is asked for on
the second until it comes with the words that the first is silent.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.hl7_mix import CONTROL, MIX, message  # noqa: E402
from tests.stories.site_server import SiteServer, browser  # noqa: E402
from tests.stories.site_server import message as admission  # noqa: E402
from tests.stories.two_boxes import (  # noqa: E402
    SecondBox,
    burn,
    invitation,
    may_be_copied,
    rows,
)

from wardkeep.adapters.clinical_store import ClinicalStore  # noqa: E402
from wardkeep.adapters.key_ring import load_key_ring  # noqa: E402
from wardkeep.app.first import read_following  # noqa: E402
from wardkeep.app.folder import HospitalFolder  # noqa: E402
from wardkeep.ledger.arrival import Arrival, Kind  # noqa: E402
from wardkeep.ledger.encoding import decode_clinical  # noqa: E402

QUEUED = 300_000
BAR_SECONDS, TAKEOVER_BAR_SECONDS = 60.0, 10.0
AT_ONCE = 2_000


def arrivals(count: int) -> Iterator[Arrival]:
    kinds = {kind: message(kind) for kind in set(MIX)}
    for number, kind in zip(range(count), itertools.cycle(MIX), strict=False):
        control = b"Q%09d" % number
        body = kinds[kind].replace(CONTROL, control)
        yield Arrival("main", time.time_ns() // 1_000, Kind.HL7, b"A", b"H", control, body)


def fill(folder: Path, count: int) -> int:
    store = ClinicalStore(folder / "clinical", load_key_ring(folder / "keys"))
    coming, size = arrivals(count), 0
    while batch := list(itertools.islice(coming, AT_ONCE)):
        store.append(batch)
        size += sum(len(each.body) for each in batch)
    store.close(time.time_ns() // 1_000)
    return size


def catch_up(second: SecondBox, count: int) -> tuple[float, float]:
    """Return seconds from the start of the process, and from READY, to the last message."""
    begun = time.perf_counter()
    second.launch()
    second.await_ready()
    ready = time.perf_counter()
    while True:
        found = read_following(HospitalFolder(second.folder))
        if found and found.ledgers["clinical"].held >= count:
            return time.perf_counter() - begun, time.perf_counter() - ready
        time.sleep(0.02)


def processor_seconds(box: SiteServer, module: str) -> float:
    """Return the processor time of one process of a box (proc(5), stat, 14 and 15)."""
    stat = Path(f"/proc/{box.children()[module]}/stat").read_text().rpartition(")")[2].split()
    return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")


def send(first: SiteServer, acknowledged: list[tuple[int, bytes]]) -> None:
    try:
        for number in range(1_000_000):
            first.send(admission(number, record=str(5000 + number % 40)))
            acknowledged.append((time.time_ns() // 1_000, b"M%07d" % number))
    except OSError:
        return


def take_over(first: SiteServer, second: SecondBox) -> dict[str, object]:
    """Kill the first under load; tell when a ward board of the second says so."""
    acknowledged: list[tuple[int, bytes]] = []
    sender = threading.Thread(target=send, args=(first, acknowledged))
    with browser(second) as ward:
        sender.start()
        while len(acknowledged) < 300:
            time.sleep(0.05)
        burn(first)
        died = time.time_ns() // 1_000
        while "FIRST SERVER SILENT" not in ward.get("/ward?code=A2").text:
            time.sleep(0.02)
        took = (time.time_ns() // 1_000 - died) / 1e6
    sender.join()
    standing = second.standing()
    clinical = rows(second.folder, "clinical")
    held = {decode_clinical(n, payload).control for n, (payload, _) in clinical.items()}
    due = {control for at, control in acknowledged if at < standing.as_of}
    return {
        "seconds": round(took, 2),
        "acknowledged": len(acknowledged),
        "stated_lag_seconds": round((died - standing.as_of) / 1e6, 2),
        "missing_beyond_lag": len(due - held),
        "missing_at_all": len({control for _, control in acknowledged} - held),
    }


def main() -> int:
    count = int(sys.argv[1]) if sys.argv[1:] else QUEUED
    with tempfile.TemporaryDirectory(prefix="wardkeep-follow-") as scratch:
        first = SiteServer(Path(scratch) / "first")
        port = may_be_copied(first)
        size = fill(first.folder, count)
        first.start()
        code = invitation(first.folder, "box-2")
        second = SecondBox(Path(scratch) / "second", port, code, first)
        load = os.getloadavg()[0]
        whole, copying = catch_up(second, count)
        print(f"{count:,} messages, {size / 1e6:,.0f} MB; load {load:.1f} before")
        print(f"copied {copying:.1f} s after READY ({whole:.1f} s after its start):")
        print(
            f"  {count / copying:,.0f}/s, {size / copying / 1e6:.1f} MB/s; bar {BAR_SECONDS} s"
        )
        used = (
            processor_seconds(first, "wardkeep.app.copies_process"),
            processor_seconds(second, "wardkeep.app.following_process"),
        )
        print(f"  processor: {used[0]:.1f} s at the first, {used[1]:.1f} s at the second")
        told = take_over(first, second)
        print(json.dumps(told), f"bar {TAKEOVER_BAR_SECONDS} s")
        second.stop()
    held = copying < BAR_SECONDS and float(str(told["seconds"])) < TAKEOVER_BAR_SECONDS
    return 0 if held and not told["missing_beyond_lag"] else 1


if __name__ == "__main__":
    sys.exit(main())
