"""FHIR intake through the door: durable requests a second, and what the screens feel of it.

    .venv/bin/python benchmarks/fhir_intake.py [seconds a run] [folder with FHIR bundles]

A whole site server (writer, charts, web, packs) on loopback. Single resources: Observations of
1 kB, each with a version of its own, 1, 8 and 32 lock-step connections. Bundles: the folder's
(739 kB of Synthea R4), else one made of Observations, each with an identifier and timestamp of
its own. The load is a process of its own (fhir_load.py). Every 2xx follows the commit. Beside
each rate stand the processor's milliseconds a request of web, writer and charts (which read
what was stored meanwhile), without what they use while nothing flows, and of the load itself:
on a shared machine they tell more.
"Screens" asks for the login page 100 times while nothing, and while bundles, flow.
Peer in the same run: Medplum's FHIR router with its repository in memory (npm), which makes
nothing durable. Bars: 60 bundles a second, 2,000 single resources a second at 8 connections.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

import httpx

ROOT = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ROOT), str(ROOT / "src")]

from benchmarks.peers import PEERS, medplum_fhir  # noqa: E402
from tests.stories.site_server import SiteServer, wardkeep  # noqa: E402

BUNDLE_BYTES = 739_000
FEED = '\n[[feeds]]\nname = "bench"\nkind = "fhir"\n'
IDLE_SECONDS = 2.0
TICKS = os.sysconf("SC_CLK_TCK")
RUNS = (("single", 1), ("single", 8), ("single", 32), ("bundle", 1), ("bundle", 8))


def observation(number: str) -> dict[str, Any]:
    code = {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}
    return {
        "resourceType": "Observation",
        "id": f"o{number}",
        "meta": {"versionId": "1"},
        "status": "final",
        "code": code,
        "subject": {"reference": "Patient/p1"},
        "effectiveDateTime": "2026-11-28T10:00:00Z",
        "valueQuantity": {"value": 72, "unit": "/min"},
        "note": [{"text": "x" * 700}],
    }


def bundles(folder: Path | None) -> list[str]:
    if folder is not None:
        return [path.read_text() for path in sorted(folder.rglob("*.json"))]
    request = {"method": "POST", "url": "Observation"}
    entries: list[dict[str, Any]] = []
    while len(json.dumps(entries)) < BUNDLE_BYTES:
        many = range(len(entries), len(entries) + 50)
        entries += [{"resource": observation(f"{n}"), "request": request} for n in many]
    bundle = {"resourceType": "Bundle", "type": "transaction", "entry": entries}
    return [json.dumps(bundle)]


NAMED = (
    '{"identifier": {"system": "urn:bench", "value": "b@N@"},'
    ' "timestamp": "2026-11-28T10:00:00Z",'
)


def write_bodies(folder: Path, found: list[str]) -> dict[str, Path]:
    """Write what the load sends; "@N@" becomes a number that no other request has."""
    paths = {"single": folder / "single.json", "bundle": folder / "bundle.json"}
    single = [["/fhir/Observation", json.dumps(observation("@N@"))]]
    paths["single"].write_text(json.dumps(single))
    bundled = [["/fhir", each.replace("{", NAMED, 1)] for each in found]
    paths["bundle"].write_text(json.dumps(bundled))
    return paths


def load_words(
    port: int, token: str, bodies: Path, connections: int, seconds: float
) -> list[str]:
    script = str(Path(__file__).with_name("fhir_load.py"))
    return [
        sys.executable,
        script,
        str(port),
        token,
        str(bodies),
        str(connections),
        str(seconds),
    ]


def busy(process: int) -> float:
    """Return the processor seconds that a process has used."""
    words = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()
    return (int(words[11]) + int(words[12])) / TICKS


def settle(server: SiteServer) -> None:
    """Wait until web and charts have done what is left: first pages, what was stored last."""
    names = ("wardkeep.web.process", "wardkeep.app.chart_process")
    numbers = [server.child(name) for name in names]
    used = sum(map(busy, numbers))
    while True:
        time.sleep(IDLE_SECONDS)
        before, used = used, sum(map(busy, numbers))
        if used - before < IDLE_SECONDS / 10:
            return


def measure(server: SiteServer, words: list[str]) -> dict[str, Any]:
    names = {
        "web": server.child("wardkeep.web.process"),
        "writer": server.child("wardkeep.app.writer_process"),
        "charts": server.child("wardkeep.app.chart_process"),
    }
    settle(server)
    idle = {name: busy(number) for name, number in names.items()}
    time.sleep(IDLE_SECONDS)
    before = {name: busy(number) for name, number in names.items()}
    begin, children = time.monotonic(), sum(os.times()[2:4])
    told = json.loads(subprocess.run(words, capture_output=True, check=True, text=True).stdout)
    sender = sum(os.times()[2:4]) - children
    settle(server)
    share = (time.monotonic() - begin) / IDLE_SECONDS
    spent = {
        name: busy(number) - before[name] - share * (before[name] - idle[name])
        for name, number in names.items()
    }
    spent["sender"] = sender
    return {**told, **{name: 1000 * used / max(1, told["all"]) for name, used in spent.items()}}


@contextmanager
def peer() -> Iterator[int]:
    node, script = medplum_fhir()
    with subprocess.Popen([node, script], stdout=subprocess.PIPE, text=True) as running:
        assert running.stdout is not None
        try:
            yield int(running.stdout.readline())
        finally:
            running.terminate()


def page_ms(port: int, times: int = 100) -> tuple[float, float]:
    """Return median and 99th percentile of the milliseconds of a page of the screens."""
    waits = []
    with httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60) as browser:
        for _ in range(times):
            begin = time.perf_counter()
            assert browser.get("/login").status_code == 200
            waits.append((time.perf_counter() - begin) * 1000)
            time.sleep(0.02)
    waits.sort()
    return median(waits), waits[int(times * 0.99) - 1]


def main() -> None:
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 5.0
    folder = Path(sys.argv[2]) if len(sys.argv) > 2 else None
    work = PEERS / "fhir"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    found = bundles(folder)
    paths = write_bodies(work, found)
    sizes = [len(body) for _, body in json.loads(paths["bundle"].read_text())]
    print(f"bundles of {min(sizes):,} to {max(sizes):,} bytes; load {os.getloadavg()}")
    server = SiteServer(work / "hospital")
    settings = server.folder / "wardkeep.toml"
    settings.write_text(settings.read_text() + FEED)
    made = wardkeep("token", "add", server.folder, "bench", "--json")
    token = json.loads(made)["token"]
    server.start()
    try:
        words = load_words(server.web_port, token, paths["single"], 8, seconds)
        subprocess.run(words, capture_output=True, check=True)  # what is done once
        for kind, connections in RUNS:
            words = load_words(server.web_port, token, paths[kind], connections, seconds)
            got = measure(server, words)
            print(f"Wardkeep {kind} {connections}: {told(got)}", flush=True)
        shown = page_ms(server.web_port)
        print("screens alone: p50 {:.1f} ms, p99 {:.1f} ms".format(*shown))
        words = load_words(server.web_port, token, paths["bundle"], 8, 8.0)
        with subprocess.Popen(words, stdout=subprocess.PIPE, text=True) as flowing:
            time.sleep(1.0)
            shown = page_ms(server.web_port)
            said, _ = flowing.communicate()
        print("screens while bundles flow: p50 {:.1f} ms, p99 {:.1f} ms".format(*shown), said)
    finally:
        server.stop()
    with peer() as port:
        for kind, connections in RUNS:
            words = load_words(port, token, paths[kind], connections, seconds)
            done = subprocess.run(words, capture_output=True, check=True, text=True)
            print(f"Medplum in memory {kind} {connections}: {told(json.loads(done.stdout))}")
    print(f"load at the end {os.getloadavg()}")


def told(got: dict[str, Any]) -> str:
    names = ("web", "writer", "charts", "sender")
    processor = "".join(f", {n} {got[n]:.2f} ms" for n in names if n in got)
    faults = f", {got['faults']} FAULTS {got['first_fault']}" if got["faults"] else ""
    return (
        f"{got['rate']:,.0f}/s, p50 {got['p50']:.1f} ms, p99 {got['p99']:.1f} ms"
        f"{processor}{faults}"
    )


if __name__ == "__main__":
    main()
