"""How long each page takes on the server, what it weighs, how soon a message is on screen.

    .venv/bin/python benchmarks/web_pages.py [wards] [patients]

Starts a whole site server (writer, charts, web) on loopback, fills it with the sample hospital
(40 wards, 1,000 inpatients), and asks as one browser over one connection. A page's time is from
the first byte of the request to the last of the answer, client included; "processor" is what
the web process itself needs for it, which other work beside changes little. "Message to screen"
is from sending an HL7 message to having the new page of its ward, by event stream.
Every page is asked that the rights name and that one may ask without a key at hand; the others
are named. A month of bedside checks, three a ward and day, is in the ledger.
Bars: every page under 20 ms and under 60 kB gzipped; message to screen under 1 s.
"""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
import tempfile
import threading
import time
from itertools import pairwise, product
from pathlib import Path
from statistics import median

import httpx

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from wardkeep.adapters.clock import now
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.mllp_client import MllpSender
from wardkeep.adapters.sample_feed import SampleFeed
from wardkeep.adapters.stored_charts import StoredCharts
from wardkeep.app.control import call
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.founding import Founded, found
from wardkeep.app.recording import record
from wardkeep.app.settings import load_site
from wardkeep.app.settings_text import settings_toml
from wardkeep.app.supervisor import Program, supervise
from wardkeep.bedside.events import (
    PART,
    BedsideChecked,
    BedsideEvent,
    Cause,
    DifferenceSettled,
    FactKind,
    Finding,
    Found,
    encode,
)
from wardkeep.kernel.times import DAY
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import Size
from wardkeep.sample.site import FEEDS, demo_site

PROGRAMS = (
    Program("writer", "wardkeep.app.writer_process", 0),
    Program("charts", "wardkeep.app.chart_process", 0),
    Program("web", "wardkeep.web.process", 1),
)
TIMES = 50
HEAVIEST, SLOWEST = 60_000, 0.020
OTHERS = {
    name: f"/{name}"
    for name in (
        *("print", "deliveries", "people", "held", "quarantine", "senders"),
        *("account", "about", "audit", "glass", "officers", "certificate", "settings"),
        *("people/paper",),
    )
}
CHANGE = (
    "MSH|^~\\&|SIH|GHQV|WARDKEEP|GHQV|{stamp}||ADT^A08|WEBBENCH{n}|P|2.5.1\r"
    "EVN|A08|{stamp}\rPID|1||{record}^^^GHQV^MR||Bench{n}^Marie||19510307|F\r"
    "PV1|1|I|{ward}^{room}^{bed}\r"
)


def free_ports(count: int) -> list[int]:
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def logged_in(address: str, founded: Founded) -> httpx.Client:
    client = httpx.Client(base_url=address, headers={"accept-encoding": "gzip"}, timeout=30)
    page = client.get("/login").text
    token = re.findall(r'name="token" value="([^"]+)"', page)[-1]
    fields = {"name": founded.account, "password": founded.password, "token": token}
    assert client.post("/login", data=fields).status_code == 303
    return client


def wait_for_charts(folder: HospitalFolder) -> None:
    """Wait until every message of the first fill is in the charts."""
    last = call(folder.control_socket, "ping", {})["sequence"]
    ring = load_key_ring(folder.keys)
    charts = StoredCharts(folder.chart_database, folder.clinical, ring, load_site(folder))
    while charts.cursor() < last:
        time.sleep(0.2)
    charts.close()


def check_bedsides(folder: HospitalFolder, wards: list[str]) -> int:
    """Record a month of bedside checks; one fact in fifty was different, half are settled."""
    at = now()
    events: list[BedsideEvent] = []
    for number, (day, ward, _) in enumerate(product(range(30), wards, range(3))):
        kinds = (FactKind.ALLERGIES, FactKind.DOSE_DUE, FactKind.BED)
        differs = number % 17 == 0
        found = tuple(
            Found(
                kind=kind,
                finding=Finding.DIFFERENT if differs and not place else Finding.SAME,
                bed="12-1",
                feed="adt",
                entry=1 + number,
            )
            for place, kind in enumerate(kinds)
        )
        check, when = f"{number:024x}", at - (29 - day) * DAY
        checked = BedsideChecked(
            check=check, ward=ward, drawn=when, found=found, at=when, by="an"
        )
        events.append(checked)
        if differs and day < 29:
            settled = DifferenceSettled(
                check=check, place=0, cause=Cause.SOURCE, done="told", at=when, by="an"
            )
            events.append(settled)
    ring = load_key_ring(folder.keys)
    for begin in range(0, len(events), 200):
        record(folder, ring, PART, [encode(each) for each in events[begin : begin + 200]])
    return len(events)


def not_asked(asked: set[str]) -> list[str]:
    """Return the pages of docs/rights.md that are not measured."""
    told = (Path(__file__).parents[1] / "docs" / "rights.md").read_text()
    return sorted(set(re.findall(r"\| `GET ([^`]+)` \|", told)) - asked)


def processor_time() -> float:
    """Return the seconds that the web's threads were on a processor, whatever else runs."""
    total, mine = 0, str(os.getpid())
    for each in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if b"wardkeep.web.process" not in each.read_bytes():
                continue
            # Its parent is this process, which supervises: others may serve beside.
            if each.with_name("stat").read_text().rpartition(")")[2].split()[1] != mine:
                continue
            tasks = each.parent.glob("task/*/schedstat")
            total += sum(int(task.read_text().split()[0]) for task in tasks)
        except OSError:  # a process that ended meanwhile
            continue
    return total / 1e9


def page_times(client: httpx.Client, name: str, path: str) -> str:
    """Measure a page and return its name where it misses a bar."""
    taken = []
    client.get(path)
    busy = processor_time()
    for _ in range(TIMES):
        began = time.perf_counter()
        answer = client.get(path)
        taken.append(time.perf_counter() - began)
    busy = (processor_time() - busy) / TIMES
    taken.sort()
    assert answer.status_code == 200, (path, answer.status_code)
    weight = int(answer.headers["content-length"])
    print(
        f"{name:<22} p50 {median(taken) * 1e3:6.1f} ms  p95 {taken[-TIMES // 20] * 1e3:6.1f} ms"
        f"  processor {busy * 1e3:5.1f} ms  {weight / 1000:6.1f} kB gzipped"
    )
    return name if weight > HEAVIEST or taken[-TIMES // 20] > SLOWEST else ""


def told(name: str, taken: list[float]) -> None:
    taken.sort()
    p50, p95 = median(taken) * 1e3, taken[-len(taken) // 20] * 1e3
    print(f"{name:<22} p50 {p50:6.1f} ms  p95 {p95:6.1f} ms")


def changed_wards(client: httpx.Client, codes: list[str], port: int) -> None:
    """One message to every ward, then the first look at each when the last is in the charts."""
    for n, code in enumerate(codes):
        stamp, record, room, bed = occupied(client, code)
        body = CHANGE.format(
            n=f"C{n}", stamp=stamp, record=record, ward=code, room=room, bed=bed
        )
        asyncio.run(send(port, body.encode()))
    while f"BenchC{n}<" not in client.get("/search", params={"q": f"BenchC{n}"}).text:
        time.sleep(0.05)
    taken = []
    for code in codes:
        began = time.perf_counter()
        client.get("/ward", params={"code": code})
        taken.append(time.perf_counter() - began)
    told("each ward changed", taken)


def occupied(client: httpx.Client, ward: str) -> tuple[str, str, str, str]:
    """Return the time now as HL7 writes it, and a record of the ward with its room and bed."""
    page = client.get("/ward", params={"code": ward}).text
    record = re.findall(r"/patient\?record=(\d+)", page)[0]
    place = re.findall(r'class="bed"><bdi>([^<]+)', page)[0]
    room, _, bed = place.partition("-")
    return time.strftime("%Y%m%d%H%M%S+0000", time.gmtime()), record, room, bed


def message_to_screen(client: httpx.Client, ward: str, port: int) -> None:
    taken = []
    for n in range(10):
        stamp, record, room, bed = occupied(client, ward)
        body = CHANGE.format(n=n, stamp=stamp, record=record, ward=ward, room=room, bed=bed)
        with client.stream("GET", "/live", params={"ward": ward}) as stream:
            lines = stream.iter_lines()
            next(line for line in lines if "hello" in line)
            began = time.perf_counter()
            threading.Thread(target=asyncio.run, args=(send(port, body.encode()),)).start()
            while f"Bench{n}<" not in client.get("/ward", params={"code": ward}).text:
                next(line for line in lines if "changed" in line)
        taken.append(time.perf_counter() - began)
        time.sleep(1)
    middle, longest = median(taken) * 1e3, max(taken) * 1e3
    print(f"{'message to screen':<22} p50 {middle:6.1f} ms  max {longest:6.1f} ms")


async def send(port: int, body: bytes) -> None:
    sender = MllpSender("127.0.0.1", port)
    await sender.connect()
    await sender.send(body)
    await sender.close()


async def measure(wards: int, patients: int, folder: Path) -> None:
    *feed_ports, web_port = free_ports(len(FEEDS) + 1)
    ports = dict(zip(FEEDS, feed_ports, strict=True))
    site = demo_site(ports, web_port, wards)
    founded = found(folder, settings_toml(site), site.cipher, now())
    hospital = Hospital(1, now(), Size(wards=wards, patients=patients))
    ready = asyncio.Event()
    server = asyncio.create_task(supervise(open_folder(folder), PROGRAMS, ready.set))
    await ready.wait()
    sent = await SampleFeed(hospital, ports).fill()
    print(f"{wards} wards, {patients} inpatients, {sent} messages in the ledger")
    await asyncio.to_thread(wait_for_charts, open_folder(folder))
    codes = [ward.code for ward in site.wards]
    checked = await asyncio.to_thread(check_bedsides, open_folder(folder), codes)
    print(f"{checked} events of bedside checks; load {os.getloadavg()[0]:.1f}")
    client = logged_in(f"http://127.0.0.1:{web_port}", founded)
    await asyncio.to_thread(ask, client, feed_ports[0], founded.account)
    client.close()
    server.cancel()
    await asyncio.gather(server, return_exceptions=True)


def ask(client: httpx.Client, port: int, account: str) -> None:
    codes = re.findall(r"/ward\?code=([^\"]+)\"", client.get("/").text)
    sheet = re.findall(r'href="(/patient\?[^"]+)"', client.get(f"/ward?code={codes[0]}").text)
    # The web reads boards ahead every 15 s (web.application).
    time.sleep(20)
    began = [time.perf_counter()]
    for code in codes:
        client.get(f"/ward?code={code}")
        began.append(time.perf_counter())
    first = [after - before for before, after in pairwise(began)]
    largest = max(codes, key=lambda code: len(client.get(f"/ward?code={code}").content))
    patient = sheet[0].replace("&amp;", "&")
    over = [
        page_times(client, name, path)
        for name, path in {
            "overview": "/",
            f"ward {codes[0]}": f"/ward?code={codes[0]}",
            f"largest ward {largest}": f"/ward?code={largest}",
            "patient sheet": patient,
            "sheet with sources": f"{patient}&sources=1",
            "search": "/search?q=an",
            "message": "/message?sequence=7",
            "streams": "/streams",
            "bedside": "/bedside",
            "bedside check": f"/bedside/check?code={largest}",
            "account of one": f"/people/account?name={account}",
            "in hand": f"/hand?code={largest}",
            **OTHERS,
        }.items()
    ]
    print(f"over a bar: {', '.join(filter(None, over)) or 'none'}")
    asked = {*OTHERS.values(), "/", "/ward", "/patient", "/search", "/message", "/streams"}
    asked |= {"/bedside", "/bedside/check", "/people/account", "/hand"}
    print(f"not asked: {', '.join(not_asked(asked))}")
    told("each ward first time", first)
    changed_wards(client, codes, port)
    message_to_screen(client, codes[0], port)


if __name__ == "__main__":
    counts = [int(each) for each in sys.argv[1:]] or [40, 1000]
    with tempfile.TemporaryDirectory() as temporary:
        asyncio.run(measure(counts[0], counts[1], Path(temporary) / "hospital"))
