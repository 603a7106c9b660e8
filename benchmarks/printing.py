"""From the order to the first sheet: a real server, a real CUPS queue, a real IPP printer.

    python -m benchmarks.printing [RUNS]

Prints, for a queue of CUPS and for the printer straight, the seconds from the order (the page
"Print" of the board does the same) to the first sheet in the tray and to the last one,
and beside it CUPS's own `lp` with the same pack. The ward's pack has some 150 pages; the
printer takes no time for a sheet, so what is measured is all but the paper.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from tests.adapters.cups import PrintRoom, print_room
from tests.stories.site_server import SiteServer, message

from wardkeep.adapters.pack_shelf import PackShelf
from wardkeep.app.folder import open_folder
from wardkeep.app.printing import Printery
from wardkeep.app.settings import load_site
from wardkeep.app.site_keys import open_keys
from wardkeep.pack.prints import PrintState

PATIENTS = 30


def table(room: PrintRoom) -> str:
    told = f'\n[printing]\ncups_socket = "{room.folder}/cups.sock"\n[proof]\nat = ""\n'
    for printer in (room.queued, room.direct):
        told += (
            f'\n[[printers]]\nname = "{printer.name}"\nuri = "{printer.uri}"\nwards = ["A2"]\n'
        )
    return told


def sheets(room: PrintRoom) -> int:
    return sum(int(p.read_text() or 0) for p in (room.folder / "tray").glob("*.sheets"))


def until(holds: Callable[[], bool], begun: float) -> float:
    while not holds():
        time.sleep(0.01)
    return time.monotonic() - begun


def ordered(printery: Printery, room: PrintRoom, printer: str) -> tuple[float, float]:
    before, begun = sheets(room), time.monotonic()
    [order] = printery.order("A2", "os:bench", printer)
    first = until(lambda: sheets(room) > before, begun)
    last = until(lambda: printery.prints()[order.order].state is PrintState.PRINTED, begun)
    return first, last


def by_lp(room: PrintRoom, pdf: Path, pages: int) -> tuple[float, float]:
    before, begun = sheets(room), time.monotonic()
    environment = {**os.environ, "CUPS_SERVER": str(room.folder / "cups.sock")}
    # The tray keeps sheets by their job's name.
    words = ["lp", "-d", "paper", "-t", f"lp-{begun}", "-o", "sides=one-sided", str(pdf)]
    subprocess.run(words, check=True, env=environment, capture_output=True)
    first = until(lambda: sheets(room) > before, begun)
    return first, until(lambda: sheets(room) >= before + pages, begun)


def say(name: str, runs: list[tuple[float, float]]) -> None:
    firsts, lasts = zip(*runs, strict=True)
    told = [f"{statistics.median(firsts):.2f}", f"{min(firsts):.2f}-{max(firsts):.2f}"]
    told += [f"{statistics.median(lasts):.2f}", f"{min(lasts):.2f}-{max(lasts):.2f}"]
    print("| " + " | ".join([name, *told]) + " |", flush=True)


def main() -> None:
    runs = int(sys.argv[1]) if sys.argv[1:] else 5
    with print_room() as room, tempfile.TemporaryDirectory() as place:
        room.start_printer()
        room.start_cups()
        server = SiteServer(Path(place) / "hospital")
        with (server.folder / "wardkeep.toml").open("a") as settings:
            settings.write(table(room))
        server.start()
        try:
            measure(server, room, runs)
        finally:
            server.stop()


def measure(server: SiteServer, room: PrintRoom, runs: int) -> None:
    server.send(*[message(n, record=str(5000 + n)) for n in range(PATIENTS)])
    folder = open_folder(server.folder)
    shelf = PackShelf(folder.packs, open_keys(folder))
    while (found := shelf.newest("A2")) is None or found[0].patients < PATIENTS:
        time.sleep(0.5)
    built, pdf = found
    clear = room.folder / "pack.pdf"
    clear.write_bytes(pdf)
    printery = Printery(folder, load_site(folder))
    load = os.getloadavg()[0]
    print(f"{built.pages} pages, {len(pdf):,} bytes, {runs} runs, load {load:.1f}\n")
    print("| way | first sheet s | of | all counted s | of |\n| --- | --- | --- | --- | --- |")
    say("cups queue, by order", [ordered(printery, room, "queued") for _ in range(runs)])
    say("straight, by order", [ordered(printery, room, "direct") for _ in range(runs)])
    say("cups queue, by lp", [by_lp(room, clear, built.pages) for _ in range(runs)])
    printery.close()


if __name__ == "__main__":
    main()
