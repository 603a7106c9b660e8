"""A whole site server at ten times a hospital's rate for as long as one likes.

    .venv/bin/python benchmarks/soak.py [--minutes 100] [--rate 35] [--out var/soak]

Rate: a hospital of 1,000 beds sends some 300,000 messages a day, 3.5 a second; 35 are ten times
that. They come in the mix of a hospital on seven feeds, while a browser reads the overview,
ward boards and patients, one page every two seconds. Every half minute memory (PSS), open files
and threads of each process, the age of the newest entry that the charts hold and the disk are
noted in OUT/samples.jsonl, whatever happens later. At the end the server is stopped, its
ledgers are verified, and a table says how fast each figure grew over the last two thirds.

On a site: `--minutes 1440`. SIGINT and SIGTERM end it early, with its table.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import shutil
import signal
import sys
from pathlib import Path
from statistics import median
from typing import Any

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from wardkeep.adapters.clock import now, steady
from wardkeep.adapters.errors import CannotConnectError
from wardkeep.adapters.host import free_port
from wardkeep.adapters.mllp_client import MllpSender
from wardkeep.app.control import call
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.founding import Founded, found
from wardkeep.app.ledger_verdict import verify
from wardkeep.app.settings_text import settings_toml
from wardkeep.kernel.times import SECOND
from wardkeep.sample.mix import mixed
from wardkeep.sample.site import FEEDS, demo_site

ROOT = Path(__file__).resolve().parents[1]
EVERY_SECONDS = 30.0
PAGE_SECONDS = 2.0
# Messages of the mix go on by a second every 4: they must end at the clock's time.
A_SECOND = 4


class Figures:
    """What was answered, and in how many milliseconds, since the last sample."""

    def __init__(self) -> None:
        self.sent = self.unanswered = self.pages = self.bad_pages = 0
        self.acks: list[float] = []
        self.page_times: list[float] = []


async def send(port: int, waiting: asyncio.Queue[bytes], figures: Figures) -> None:
    """Deliver one feed's messages in order, each until it is answered."""
    line: MllpSender | None = None
    while True:
        body = await waiting.get()
        began = steady()
        while True:
            try:
                if line is None:
                    line = MllpSender("127.0.0.1", port)
                    await line.connect()
                await line.send(body)
                break
            except CannotConnectError:
                figures.unanswered += 1
                line = None
                await asyncio.sleep(1)
        figures.acks.append((steady() - began) * 1000)
        figures.sent += 1


async def pace(count: int, rate: float, queues: dict[str, asyncio.Queue[bytes]]) -> None:
    """Hand out `count` messages, `rate` a second."""
    start = now() - count // A_SECOND * SECOND
    began = steady()
    for number, (feed, body) in enumerate(mixed(count, 1, start)):
        ahead = began + number / rate - steady()
        if ahead > 0.01:
            await asyncio.sleep(ahead)
        queues[feed].put_nowait(body)


async def browse(founded: Founded, port: int, figures: Figures) -> None:
    """Read pages as a ward does, logged in again whenever the session is over."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=30) as client:
        turn = 0
        addresses = ["/"]
        while True:
            await asyncio.sleep(PAGE_SECONDS)
            began, address = steady(), addresses[turn % len(addresses)]
            turn += 1
            try:
                page = await client.get(address)
                if page.status_code == 303:
                    await log_in(client, founded)
                    continue
                figures.pages += 1
                figures.bad_pages += page.status_code != 200
                figures.page_times.append((steady() - began) * 1000)
                links = re.findall(
                    r'href="(/(?:wards|ward|patients|patient)/[^"#]+)"', page.text
                )
                addresses = list(dict.fromkeys([*addresses, *links]))[:200]
            except httpx.HTTPError:
                figures.bad_pages += 1


async def log_in(client: httpx.AsyncClient, founded: Founded) -> None:
    form = await client.get("/login")
    token = re.findall(r'name="token" value="([^"]+)"', form.text)[-1]
    fields = {"name": founded.account, "password": founded.password, "token": token}
    await client.post("/login", data=fields)


def processes(folder: Path) -> dict[str, dict[str, float]]:
    """Return memory in MB, open files and threads of each process of the server on `folder`."""
    found: dict[str, dict[str, float]] = {}
    for entry in Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            words = (entry / "cmdline").read_bytes().split(b"\0")
            if str(folder).encode() not in words or b"-m" not in words:
                continue
            module = words[words.index(b"-m") + 1].decode()
            rollup = (entry / "smaps_rollup").read_text()
            files = len(list((entry / "fd").iterdir()))
            threads = len(list((entry / "task").iterdir()))
        except (OSError, ValueError):
            continue
        memory = int(re.findall(r"^Pss:\s+(\d+)", rollup, re.MULTILINE)[0]) / 1024
        name = module.removeprefix("wardkeep.").removesuffix("_process").removeprefix("app.")
        # Workers of packs come and go under their parent's name.
        each = found.setdefault(name, {"mb": 0.0, "files": 0, "threads": 0})
        each["mb"] += memory
        each["files"] += files
        each["threads"] += threads
    return found


def sample(folder: HospitalFolder, began: float, figures: Figures) -> dict[str, Any]:
    """Return one line of the record and begin the next."""
    try:
        status = call(folder.control_socket, "status", {}, patience=5.0)
    except Exception as fault:  # noqa: BLE001 - the record must outlive a server that does not
        status = {"error": type(fault).__name__}
    usage = shutil.disk_usage(folder.path)
    line = {
        "seconds": round(steady() - began, 1),
        "sent": figures.sent,
        "unanswered": figures.unanswered,
        "ack_p50_ms": round(median(figures.acks), 2) if figures.acks else None,
        "ack_max_ms": round(max(figures.acks), 1) if figures.acks else None,
        "pages": figures.pages,
        "bad_pages": figures.bad_pages,
        "page_p50_ms": round(median(figures.page_times), 1) if figures.page_times else None,
        "sequence": status.get("sequence"),
        "alarms": status.get("alarms", status.get("error")),
        "restarts": sum(p.get("restarts", 0) for p in status.get("processes", ())),
        "disk_used_mb": round(usage.used / 1e6),
        "load": os.getloadavg()[0],
        "processes": processes(folder.path),
    }
    figures.acks, figures.page_times = [], []
    return line


def growth(samples: list[dict[str, Any]], name: str, figure: str) -> tuple[float, float]:
    """Return level at the end and growth an hour (least squares) over the last two thirds."""
    kept = [s for s in samples[len(samples) // 3 :] if name in s["processes"]]
    points = [(s["seconds"] / 3600, s["processes"][name][figure]) for s in kept]
    if len(points) < 2:
        return (points[-1][1] if points else 0.0), 0.0
    mean_x = sum(x for x, _ in points) / len(points)
    mean_y = sum(y for _, y in points) / len(points)
    below = sum((x - mean_x) ** 2 for x, _ in points)
    slope = sum((x - mean_x) * (y - mean_y) for x, y in points) / below
    return points[-1][1], slope


def table(samples: list[dict[str, Any]]) -> str:
    """Return the result as the table that docs/benchmarks.md holds."""
    last = samples[-1]
    acks = median(s["ack_p50_ms"] for s in samples if s["ack_p50_ms"])
    pages = median(s["page_p50_ms"] for s in samples if s["page_p50_ms"])
    summary = (
        f"{last['seconds'] / 60:.0f} minutes, {last['sent']:,} messages answered,"
        f" {last['unanswered']} tries without an answer, {last['pages']:,} pages,"
        f" {last['bad_pages']} of them bad, {last['restarts']} restarts,"
        f" ACK p50 {acks:.2f} ms, page p50 {pages:.1f} ms"
    )
    lines = [
        summary,
        "",
        "| process | memory at the end, MB | MB an hour | files | files an hour | threads |",
        "| --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for name in sorted({name for s in samples for name in s["processes"]}):
        memory, more = growth(samples, name, "mb")
        files, more_files = growth(samples, name, "files")
        threads, _ = growth(samples, name, "threads")
        lines.append(
            f"| {name} | {memory:.1f} | {more:+.2f} | {files:.0f} | {more_files:+.2f}"
            f" | {threads:.0f} |"
        )
    return "\n".join(lines)


async def run(out: Path, minutes: float, rate: float) -> list[dict[str, Any]]:
    """Run the server and its load; return the samples."""
    ports, web = {feed: free_port() for feed in FEEDS}, free_port()
    site = demo_site(ports, web)
    founded = found(out / "hospital", settings_toml(site), "aegis", now())
    folder = HospitalFolder(founded.folder)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    with (out / "serve.log").open("wb") as log, (out / "samples.jsonl").open("w") as record:
        server = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "wardkeep", "serve", str(founded.folder),
            env={**os.environ, "PYTHONPATH": str(ROOT / "src")},
            stdout=asyncio.subprocess.PIPE, stderr=log, start_new_session=True,
        )  # fmt: skip
        assert server.stdout is not None
        assert (await server.stdout.readline()).strip() == b"READY", "see serve.log"
        figures, began, samples = Figures(), steady(), []
        queues = {feed: asyncio.Queue[bytes]() for feed in FEEDS}
        count = int(minutes * 60 * rate)
        tasks = [asyncio.create_task(send(ports[f], queues[f], figures)) for f in FEEDS]
        tasks += [
            asyncio.create_task(pace(count, rate, queues)),
            asyncio.create_task(browse(founded, web, figures)),
        ]
        while steady() - began < minutes * 60 and not stop.is_set():
            try:
                async with asyncio.timeout(EVERY_SECONDS):
                    await stop.wait()
            except TimeoutError:
                samples.append(sample(folder, began, figures))
                print(json.dumps(samples[-1]), file=record, flush=True)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        server.send_signal(signal.SIGTERM)
        status = await server.wait()
    verdict = verify(founded.folder, lambda *_: None)
    print(f"server ended with {status}; verify ok: {verdict.ok}; entries {verdict.entries}")
    return samples


def main() -> int:
    """Run it and print the table."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--minutes", type=float, default=100)
    parser.add_argument("--rate", type=float, default=35)
    parser.add_argument("--out", default=str(ROOT / "var" / "soak"))
    options = parser.parse_args()
    out = Path(options.out).absolute()
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    samples = asyncio.run(run(out, options.minutes, options.rate))
    print(table(samples) if samples else "too short for a sample")
    return 0


if __name__ == "__main__":
    sys.exit(main())
