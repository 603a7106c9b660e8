"""Whether kill -9 and power cuts under load lose an acknowledged message or alter a chart.

    .venv/bin/python benchmarks/power_cut.py [--rounds N] [--seed S] [--folder DIR]

Every other round kills the writer and the chart reader (SIGKILL), every other one lets the
power fail on a file system that forgets what was not synced (cut_filesystem.py, as root).
Meanwhile senders wait for each acknowledgement. After each round `verify` must find nothing, a
start must miss nothing, and every acknowledged message must be there, byte for byte; after each
tenth the charts that were kept, caught up, must equal charts made anew from the ledger.
"""

from __future__ import annotations

import argparse
import os
import random
import select
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterable
from pathlib import Path

import msgspec

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.cut_filesystem import CutDisk
from benchmarks.hl7_mix import CONTROL, MIX, message

from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.adapters.host import free_port
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.app import chart_process, child, writer_process
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.founding import found
from wardkeep.app.ledger_verdict import verify
from wardkeep.app.losses import open_losses
from wardkeep.app.settings import load_site
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.app.site_keys import open_keys
from wardkeep.kernel.errors import WardkeepError

PATIENTS = 40
SENDERS = 6
ROUNDS_A_HOSPITAL = 20
"""A new folder then: reading all of it after each round stays short."""
CHARTS_EVERY = 10
VT, END = b"\x0b", b"\x1c\r"
_READY_SECONDS = 300.0
_PATIENCE_SECONDS = 5.0


class Round(msgspec.Struct, frozen=True):
    """What came of one round; `wrong` is empty where nothing was lost or altered."""

    kind: str
    acknowledged: int
    entries: int
    wrong: tuple[str, ...]
    charts: int = 0
    """Charts compared."""


class Senders:
    """Send until stopped, each on a connection of its own, and remember what was answered."""

    def __init__(self, port: int, seed: int, begin: int) -> None:
        self._port, self._begin, self._seed = port, begin, seed
        self.acknowledged: dict[bytes, bytes] = {}
        self._stopping = threading.Event()
        self.answered = threading.Event()
        self._threads = [
            threading.Thread(target=self._send, args=(number,), daemon=True)
            for number in range(SENDERS)
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        """End; what was not answered by now is not acknowledged."""
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _send(self, number: int) -> None:
        chance = random.Random(self._seed * 100 + number)
        place = ("127.0.0.1", self._port)
        try:
            with socket.create_connection(place, timeout=_PATIENCE_SECONDS) as line:
                count = 0
                while not self._stopping.is_set():
                    control = b"S%dR%dN%d" % (number, self._begin, count)
                    body = _message(control, chance)
                    line.sendall(VT + body + END)
                    if b"MSA|AA|" + control not in _answer(line):
                        return
                    self.acknowledged[control] = body
                    self.answered.set()
                    count += 1
        except OSError:
            return  # killed: the sender would try again


def _message(control: bytes, chance: random.Random) -> bytes:
    patient, bed = b"%06d" % chance.randrange(PATIENTS), b"CARD^%d^" % chance.randrange(30)
    body = message(chance.choice(MIX)).replace(CONTROL, control)
    minute = b"202605230%d%02d" % (chance.randrange(1, 9), chance.randrange(60))
    body = body.replace(b"202605230515", minute).replace(b"CARD^12^", bed)
    return body.replace(b"204711", patient)


def _answer(line: socket.socket) -> bytes:
    answer = b""
    while not answer.endswith(END):
        got = line.recv(65_536)
        if not got:
            raise ConnectionError
        answer += got
    return answer


def start(body: child.Body, folder: HospitalFolder, log: Path) -> tuple[int, int]:
    """Fork a process of the server; return its number and the end that says READY."""
    reading, writing = os.pipe()
    number = os.fork()
    if number:
        os.close(writing)
        return number, reading
    status = 1
    try:
        os.dup2(writing, 1)
        handle = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        os.dup2(handle, 2)
        # Whoever runs this may have put something else in their place.
        sys.stdout, sys.stderr = os.fdopen(1, "w"), os.fdopen(2, "w")
        sys.argv = ["wardkeep", str(folder.path), str(os.getppid())]
        status = child.run_child(body)
    finally:
        os._exit(status)


def await_ready(reading: int) -> bool:
    """Return whether a process said READY."""
    ready, _, _ = select.select([reading], [], [], _READY_SECONDS)
    said = os.read(reading, 16) if ready else b""
    os.close(reading)
    return said.startswith(b"READY")


class Ward:
    """A hospital folder on the disk that forgets, and rounds on it."""

    def __init__(self, work: Path, disk: CutDisk, seed: int) -> None:
        self._work, self._disk, self._seed = work, disk, seed
        self._port = free_port()
        settings = default_settings_toml("Cut", self._port, free_port())
        made = work / f"made-{seed}"
        founded = found(made, settings, "aegis", 1_779_000_000_000_000)
        # What lives only while a server runs needs no disk that forgets.
        self._run = work / f"run-{seed}"
        shutil.move(founded.folder / "run", self._run)
        (made / "run").symlink_to(self._run)
        disk.take(made)
        self._acknowledged: dict[bytes, bytes] = {}
        self._chance = random.Random(seed)
        self._log = work / "log"

    def round(self, number: int, kind: str, *, charts: bool) -> Round:
        """Serve, send, kill or cut, and look at what is left."""
        self._disk.mount()
        folder = open_folder(self._disk.place)
        started = [
            start(body, folder, self._log)
            for body in (writer_process.write, chart_process.follow)
        ]
        ready = {number: await_ready(end) for number, end in started}
        wrong = () if all(ready.values()) else ("not ready",)
        senders = Senders(self._port, self._seed + number, number)
        if number % 3:
            # Something is at stake on a slow machine too; each third may come before it.
            senders.answered.wait(_READY_SECONDS)
        time.sleep(self._chance.uniform(0.05, 0.4))
        for process, _ in started:
            os.kill(process, signal.SIGKILL)
        for process, _ in started:
            os.waitpid(process, 0)
        senders.stop()
        self._disk.unmount()
        if kind == "power cut":
            self._disk.cut(self._chance.randrange(1 << 30))
        self._acknowledged |= senders.acknowledged
        entries, compared, found_ = self._look(charts=charts)
        return Round(kind, len(senders.acknowledged), entries, (*wrong, *found_), compared)

    def _look(self, *, charts: bool) -> tuple[int, int, tuple[str, ...]]:
        left = self._work / "left"
        self._disk.give(left)
        try:
            folder = open_folder(left)
            verdict = verify(left, lambda _ledger, _entries: None)
            wrong = [f"verify: {fault}" for fault in verdict.faults[:3]]
            wrong += [f"a start would miss {e}" for e in open_losses(folder, open_keys(folder))]
            held = _held(folder)
            lost = [c for c, body in self._acknowledged.items() if held.get(c) != body]
            wrong += [f"acknowledged and lost: {control!r}" for control in lost]
            compared, differing = _compare_charts(folder) if charts else (0, 0)
            wrong += [f"{differing} charts differ"] if differing else []
        except WardkeepError as fault:
            return 0, 0, (f"unreadable: {fault}",)
        else:
            return verdict.entries["clinical"], compared, tuple(wrong)
        finally:
            shutil.rmtree(left)


def _held(folder: HospitalFolder) -> dict[bytes, bytes]:
    """Return every message by its MSH-10."""
    ledger = ClinicalLedger(folder.clinical, open_keys(folder))
    held: dict[bytes, bytes] = {}
    cursor = 0
    while entries := ledger.after(cursor, 5_000):
        held.update((entry.control, entry.body) for entry in entries)
        cursor = entries[-1].sequence
    ledger.close()
    return held


def _charts(folder: HospitalFolder) -> dict[str, object]:
    site = load_site(folder)
    chronicler = chart_process.open_chronicler(folder, site)
    while chronicler.step():
        pass
    chronicler.close()
    ring = open_keys(folder)
    stored = StoredCharts(folder.chart_database, folder.clinical, ring, site)
    numbers = [f"{number:06}" for number in range(PATIENTS)]
    charts: dict[str, object] = {number: stored.patient(number) for number in numbers}
    charts["wards"] = [(each.ward, each.patients) for each in stored.wards()]
    charts["held"] = [each.sequence for each in stored.quarantine()]
    stored.close()
    return charts


def _compare_charts(folder: HospitalFolder) -> tuple[int, int]:
    """Return how many charts were compared with charts made anew, and how many differ."""
    kept = _charts(folder)
    shutil.rmtree(folder.chart)
    folder.chart.mkdir(mode=0o700)
    anew = _charts(folder)
    return len(kept), sum(kept[name] != anew[name] for name in kept)


def rounds(work: Path, count: int, seed: int) -> Iterable[Round]:
    """Yield so many rounds, kills and power cuts in turns."""
    place = work / "disk"
    place.mkdir()
    disk = CutDisk(place)
    ward: Ward | None = None
    try:
        for number in range(count):
            if ward is None or number % ROUNDS_A_HOSPITAL == 0:
                ward = Ward(work, disk, seed * 1_000_000 + number)
            kind = ("kill -9", "power cut")[number % 2]
            last = number + 1 in {count, *range(CHARTS_EVERY, count, CHARTS_EVERY)}
            yield ward.round(number, kind, charts=last)
    finally:
        disk.close()


def main() -> int:
    """Print a line a hundred rounds and the sums; 1 where anything was lost or altered."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--rounds", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary one")
    options = parser.parse_args()
    begun, done = time.monotonic(), []
    with tempfile.TemporaryDirectory(dir=options.folder) as work:
        for each in rounds(Path(work), options.rounds, options.seed):
            done.append(each)
            for wrong in each.wrong:
                print(f"round {len(done)} ({each.kind}): {wrong}", flush=True)
            if len(done) % 50 == 0:
                print(f"{len(done)} rounds, {time.monotonic() - begun:.0f} s", flush=True)
    for kind in ("kill -9", "power cut"):
        mine = [each for each in done if each.kind == kind]
        told = sum(each.acknowledged for each in mine)
        compared = sum(each.charts for each in mine)
        bad = sum(bool(each.wrong) for each in mine)
        print(
            f"{kind}: {len(mine)} rounds, {told:,} acknowledged, {bad} rounds with faults,",
            end=" ",
        )
        print(f"{compared:,} charts compared")
    return 1 if any(each.wrong for each in done) else 0


if __name__ == "__main__":
    sys.exit(main())
