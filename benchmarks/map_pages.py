"""The pages of the map: how long each takes, and whether reading the map holds up the others.

    PYTHONPATH=src:. .venv/bin/python benchmarks/map_pages.py [rounds]

Two hospital folders are made: one with the sample hospital's map (3,109 machines), one with
50,000 machines more. Every page is asked of the web application in this process, with the map
read from the folder's wrapped files; the forecast is made by hand (tests.web.forecasts) over
the same map, of three ways in and twenty measures. "First" is the page after an import, which
reads the map anew; "processor" is what the process needs for one page. While the first page is
made, the event loop is asked every millisecond whether it still turns: the longest it did not
is told.
Bar: 50 ms a page on the sample, the map read already.
"""

from __future__ import annotations

import asyncio
import gc
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median

from httpx import ASGITransport, AsyncClient
from tests.web.conftest import token_of
from tests.web.forecasts import sampled
from tests.web.handmade import PASSWORD, Bench

from wardkeep.adapters.forecast_store import ForecastStore
from wardkeep.adapters.map_store import MapStore
from wardkeep.app.folder import open_folder
from wardkeep.app.founding import found
from wardkeep.app.map_import import Asked, carry_out, plan
from wardkeep.app.map_sample import write_sample
from wardkeep.app.settings_text import default_settings_toml
from wardkeep.app.site_keys import open_keys
from wardkeep.foresight.page.whole import encode
from wardkeep.web.folder_forecast import FolderForecast
from wardkeep.web.folder_map import FolderMap

PAGES = (
    "/map",
    "/map?by=tier",
    "/map?by=service",
    "/map?by=site&in=HR",
    "/map/list",
    "/map/item?item=server:dpi01",
    "/map/falls?item=server:hv01",
    "/map/falls?item=segment:HR-servers",
    "/map/needs?item=service:laboratoire",
    "/map/checks",
    "/map/forecast",
)
MACHINES = 50_000


def made(more: int) -> Bench:
    """Return a bench whose map is that of a new folder with so many machines more."""
    place = Path(tempfile.mkdtemp())
    found(place / "hospital", default_settings_toml("Site", 2575, 8443), "aegis", 1)
    folder = open_folder(place / "hospital")
    ring = open_keys(folder)
    files = [each for each in write_sample(place / "map") if each.suffix == ".csv"]
    if more:
        file = place / "more" / "workstations.csv"
        file.parent.mkdir()
        rows = (f"m{n},HR,HR-office,Windows 10,ghqv.local\n" for n in range(more))
        file.write_text("id,site,segment,system,domain\n" + "".join(rows))
        files.append(file)
    asked = Asked(by="benchmark")
    for each in ([*files[:-1]], [files[-1]]) if more else ([*files],):
        source = Asked(by="benchmark", source="more") if each == [files[-1]] else asked
        carry_out(folder, ring, plan(MapStore(folder.map, ring), each, source), "benchmark")
    bench = Bench()
    forecast = encode(sampled(FolderMap(folder, ring).known()))
    ForecastStore(folder.foresight, ring, "whole").write(forecast)
    bench.map, bench.forecast = FolderMap(folder, ring), FolderForecast(folder, ring)
    return bench


async def turning(longest: list[float]) -> None:
    """Say how long the event loop did not turn at the longest."""
    while True:
        begun = time.perf_counter()
        await asyncio.sleep(0.001)
        longest[0] = max(longest[0], time.perf_counter() - begun - 0.001)


async def measured(client: AsyncClient, path: str, rounds: int) -> Iterator[float]:
    """Return weights and times of one page, in kB and ms."""
    took, spent, size, held = [], [], 0, [0.0]
    for number in range(rounds + 1):
        watch = asyncio.create_task(turning(held))
        await asyncio.sleep(0)
        begun, processor = time.perf_counter(), time.process_time()
        answer = await client.get(path)
        took.append((time.perf_counter() - begun) * 1000)
        spent.append((time.process_time() - processor) * 1000)
        watch.cancel()
        assert answer.status_code == 200, (path, answer.status_code)
        size = len(answer.content)
        if number == 0:
            first_held = held[0] * 1000
    rest = sorted(took[1:])
    return iter(
        (
            took[0],
            median(rest),
            rest[int(len(rest) * 0.95)],
            median(spent[1:]),
            size / 1000,
            first_held,
        )
    )


async def told(bench: Bench, rounds: int) -> None:
    app = bench.app()
    async with AsyncClient(
        transport=ASGITransport(app), base_url="http://127.0.0.1", timeout=120
    ) as client:
        page = (await client.get("/login")).text
        fields = {"name": "ines", "password": PASSWORD, "token": token_of(page)}
        await client.post("/login", data=fields)
        await client.get("/about")
        print(
            "| page | first ms | p50 ms | p95 ms | processor ms | kB | loop held ms, first |\n"
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |"
        )
        for path in PAGES:
            numbers = await measured(client, path, rounds)
            print(f"| `{path}` | " + " | ".join(f"{each:.1f}" for each in numbers) + " |")


def main() -> None:
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 30
    gc.set_threshold(200_000, 50, 100)  # as the web process does (wardkeep.web.process)
    for more in (0, MACHINES):
        bench = made(more)
        gc.freeze()
        print(f"\n{more} machines beside the sample's, {rounds} rounds")
        asyncio.run(told(bench, rounds if not more else max(3, rounds // 5)))


if __name__ == "__main__":
    main()
