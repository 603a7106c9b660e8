"""How fast a site server starts on ten million operations entries, and gives its first page.

    .venv/bin/python benchmarks/operations_start.py [--entries N] [--folder DIR] [--keep]

Makes a hospital folder whose operations ledger has N entries of the mix that years leave: heads
witnessed, packs built, alarms, and the events of some hundred accounts. Then `wardkeep serve`
is started and the time taken until READY, until the first page (the login) and until the first
page behind a login. The same is done with an operations ledger that is nearly empty.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from wardkeep.access.events import encode, titled
from wardkeep.adapters.accounts_store import first_account
from wardkeep.adapters.host import free_port
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.operations_store import open_operations
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.founding import Founded, found
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.kernel.times import SECOND
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.ledger.witness import HeadsWitnessed, to_event
from wardkeep.pack.events import PackBuilt
from wardkeep.pack.events import encode as encode_pack

BEGIN = 1_700_000_000_000_000
BATCH = 20_000
ACCOUNTS = 200
PASSWORD = "correct horse battery staple"


def _account_events() -> list[OperationsEvent]:
    added = (first_account(f"nurse{number}", PASSWORD, BEGIN) for number in range(ACCOUNTS))
    return [
        OperationsEvent("access", *titled(event), BEGIN, "wardkeep user", encode(event))
        for events in added
        for event in events
    ]


def _mix(first: int, count: int) -> list[OperationsEvent]:
    """Return a batch: half heads witnessed, half packs built, some alarms."""
    _, built = encode_pack(
        PackBuilt(
            ward="A2", generation=1, revision=1, language="fr", at=BEGIN, as_of=BEGIN, pages=99,
            patients=27, digest="0" * 64,
        )
    )  # fmt: skip
    events = []
    for number in range(first, first + count):
        at = BEGIN + number * SECOND
        if number % 2:
            # Of no ledger: there must not be more of one than was ever written.
            events.append(to_event(HeadsWitnessed(at, ())))
        elif number % 100:
            events.append(OperationsEvent("pack", "PackBuilt", 1, at, "packs", built))
        else:
            events.append(OperationsEvent("alarm", "AlarmRaised", 1, at, "wardkeep", b"{}"))
    return events


def filled(work: Path, entries: int) -> tuple[HospitalFolder, Founded, int]:
    """Return a hospital folder with so many operations entries, and its web port."""
    port = free_port()
    settings = default_settings_toml("Years", free_port(), port)
    founded = found(work / f"hospital-{entries}", settings, "aegis", BEGIN)
    folder = open_folder(founded.folder)
    store = open_operations(folder.operations, load_key_ring(folder.keys))
    if entries > ACCOUNTS:
        store.append(_account_events())
    begun = time.monotonic()
    while store.last.sequence < entries:
        wanted = min(BATCH, entries - store.last.sequence)
        store.append(_mix(store.last.sequence, wanted))
    store.close()
    print(f"{entries:,} entries made in {time.monotonic() - begun:.0f} s", file=sys.stderr)
    return folder, founded, port


def start(folder: HospitalFolder, founded: Founded, port: int) -> dict[str, float]:
    """Start the server once; return seconds to READY, to the login page, to the first page."""
    begun = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "wardkeep", "serve", str(folder.path)],
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": str(Path(__file__).resolve().parents[1] / "src")},
        text=True,
    )
    taken = {}
    try:
        if process.stdout is None or process.stdout.readline() != "READY\n":
            raise SystemExit("the server did not start")
        taken["READY"] = time.monotonic() - begun
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=120) as browser:
            page = browser.get("/login").text
            taken["login page"] = time.monotonic() - begun
            token = re.findall(r'name="token" value="([^"]+)"', page)[-1]
            fields = {"name": founded.account, "password": founded.password, "token": token}
            answer = browser.post("/login", data=fields)
            page = browser.get("/", follow_redirects=True)
            if answer.status_code != 303 or page.status_code != 200:
                raise SystemExit(f"login {answer.status_code}, page {page.status_code}")
            taken["first page"] = time.monotonic() - begun
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
    return taken


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--entries", type=int, default=10_000_000)
    parser.add_argument("--folder", type=Path, help="where to work; a temporary one")
    parser.add_argument("--keep", action="store_true", help="leave the folders")
    options = parser.parse_args()
    work = Path(tempfile.mkdtemp(dir=options.folder))
    try:
        for entries in (ACCOUNTS, options.entries):
            site = filled(work, entries)
            for _ in range(3):
                taken = start(*site)
                words = ", ".join(f"{name} {seconds:.2f} s" for name, seconds in taken.items())
                load = os.getloadavg()[0]
                print(f"{entries:>12,} entries: {words} (load {load:.1f})", flush=True)
    finally:
        if not options.keep:
            with contextlib.suppress(OSError):
                shutil.rmtree(work)
    return 0


if __name__ == "__main__":
    sys.exit(main())
