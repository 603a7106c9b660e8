"""How fast FHIR becomes charts: whole lives as bundles, and single resources.

    ./wardkeep --version && .venv/bin/python benchmarks/fhir_reading.py [SECONDS]

Bundles are Synthea's of 739 kB where ../shared lies beside the checkout, else those of the
simulated hospital; single resources are what the simulated hospital's systems tell, one an
entry, referring to one another across entries. Beside them, on the same bytes in the same run:
the typed models of fhir.resources (R4B), and json alone. Rates are a second of one processor
(time of the process, not of the clock), since other work may run beside.
"""

from __future__ import annotations

import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "src"))

from fhir.resources.R4B import get_fhir_model_class

from wardkeep.adapters.chart_database import open_to_fold
from wardkeep.adapters.chart_follower import ChartFollower, fold_name
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.app.folder import open_folder
from wardkeep.app.founding import found
from wardkeep.app.settings_text import settings_toml
from wardkeep.chart.directory import Directory
from wardkeep.chart.reading import ReadingContext, read_entry
from wardkeep.hospital.site import Site
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.sample.fhir.elements import instant
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import Size
from wardkeep.sample.site import FEEDS, demo_site

SITE = demo_site(dict.fromkeys(FEEDS, 1), 1)
SIZE = Size(patients=200, wards=8, appointments=200, messages_a_day=0, history_hours=6)
START = 1_653_364_800_000_000
LIVES = Path(__file__).resolve().parents[2] / "shared" / "data" / "hl7" / "synthea-r4"


def entry(number: int, feed: str, body: bytes) -> Entry:
    at = START + 86_400_000_000
    return Entry(number, feed, at, Kind.FHIR, b"", b"", b"", body, id_reused=False)


def bundles() -> list[tuple[str, bytes]]:
    """Return feed and bytes of what the simulated hospital tells."""
    sent = Hospital(1, START, SIZE, frozenset(FEEDS)).first_fill()
    return [(each.feed, each.body) for each in sent if each.body.endswith(b"}")]


def singles(told: Sequence[tuple[str, bytes]]) -> list[Entry]:
    """Return every resource of the bundles as an entry of its own."""
    found = [
        (feed, json.dumps(each["resource"]).encode())
        for feed, body in told
        for each in json.loads(body)["entry"]
    ]
    return [entry(number, *each) for number, each in enumerate(found, start=1)]


def rate(work: Callable[[Entry], object], entries: Sequence[Entry], seconds: float) -> float:
    """Return entries a second over at least so many seconds."""
    begun, done = time.process_time(), 0
    for each in itertools.cycle(entries):
        work(each)
        done += 1
        if done % 16 == 0 and time.process_time() - begun > seconds:
            break
        if done < 16 and time.process_time() - begun > 4 * seconds:
            break
    return done / (time.process_time() - begun)


def reader(site: Site) -> Callable[[Entry], object]:
    """Return what reads an entry as the charts' process does, its memory kept."""
    contexts: dict[str, ReadingContext] = {}
    directory = Directory()
    for feed in site.feeds:
        contexts[feed.name] = ReadingContext(site.rules, feed, ZONE, directory.lookup)

    def read(each: Entry) -> object:
        reading = read_entry(each, contexts[each.feed])
        directory.learn(each.feed, reading.lessons)
        return reading

    return read


def typed(each: Entry) -> object:
    kind = json.loads(each.body)["resourceType"]
    return get_fhir_model_class(kind).model_validate_json(each.body)


def followed(entries: Sequence[Entry]) -> tuple[float, int]:
    """Return entries a second through the follower and its encrypted store, and its groups."""
    with tempfile.TemporaryDirectory() as place:
        root = Path(place) / "hospital"
        found(root, settings_toml(SITE), "aegis", START)
        folder = open_folder(root)
        ring = load_key_ring(folder.keys)
        store = open_to_fold(folder.chart_database, ring, "aegis", fold_name(SITE))
        by_number = {each.sequence: each for each in entries}
        follower = ChartFollower(store, SITE, by_number.get)
        begun, groups = time.process_time(), 0
        for group in grouped(entries, 1_000):
            follower.fold(group)
            groups += 1
        follower.commit()
        taken = time.process_time() - begun
        follower.close()
    return len(entries) / taken, groups


def grouped(entries: Sequence[Entry], size: int) -> Iterator[list[Entry]]:
    for begin in range(0, len(entries), size):
        yield list(entries[begin : begin + size])


def tell(name: str, *figures: float) -> None:
    print(
        f"| {name} | " + " | ".join(f"{figure:,.0f}" for figure in figures) + " |", flush=True
    )


def main(seconds: float) -> None:
    told = bundles()
    lives = [
        entry(n, "adt", path.read_bytes()) for n, path in enumerate(sorted(LIVES.glob("*")), 1)
    ]
    single = singles(told)
    print(f"{instant(time.time_ns() // 1000)}, load {os.getloadavg()[0]:.1f}")
    print(f"{len(lives)} lives, {len(told)} bundles, {len(single)} resources")
    print("| what | Wardkeep | fhir.resources | json alone |\n| --- | ---: | ---: | ---: |")
    small = [entry(n, *each) for n, each in enumerate(told, start=1)]
    for name, entries in (
        ("739 kB bundles", lives),
        ("bundles of the sample", small),
        ("single resources", single),
    ):
        if entries:
            plain = rate(lambda each: json.loads(each.body), entries, seconds)
            tell(
                name, rate(reader(SITE), entries, seconds), rate(typed, entries, seconds), plain
            )
    follow, _ = followed(single)
    print(f"follower with its store: {follow:,.0f} single resources a second")


if __name__ == "__main__":
    from zoneinfo import ZoneInfo

    ZONE = ZoneInfo("Europe/Brussels")
    main(float(sys.argv[1]) if len(sys.argv) > 1 else 5.0)
