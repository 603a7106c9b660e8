"""A million mutated messages, bundles and streams: no crash, no hang, all stored as sent."""

from __future__ import annotations

import asyncio
import itertools
import os
import signal
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from random import Random
from zoneinfo import ZoneInfo

import pytest
import uvloop
from tests.adapters.mllp_bench import AT, Sender, listening, sender, until
from tests.chart.sending import RULES
from tests.stories.mutations import FRAMING, bundles, corpus, mutated, packets, streams

from wardkeep.adapters.clinical_store import ClinicalLedger, ClinicalStore
from wardkeep.adapters.key_ring import make_key_ring
from wardkeep.chart.reading import ReadingContext, read_entry, records_named
from wardkeep.hospital.site import Feed
from wardkeep.ledger.arrival import Appended, Arrival, Entry, Kind

_LIMIT = 4 * 1024 * 1024
FEED = Feed(name="adt", port=0, max_message_bytes=_LIMIT)
CONTEXT = ReadingContext(RULES, FEED, ZoneInfo("Europe/Brussels"))
BATCH = 1_000
# A batch takes a fraction of a second; one that takes this long hangs.
_HANGS_SECONDS = 120

MESSAGES = pytest.mark.parametrize(
    "count", [3_000, pytest.param(850_000, marks=pytest.mark.long)]
)
STREAMS = pytest.mark.parametrize("count", [500, pytest.param(50_000, marks=pytest.mark.long)])
BUNDLES = pytest.mark.parametrize("count", [500, pytest.param(100_000, marks=pytest.mark.long)])


class Store:
    """The real ledger, and what the last batch put into it."""

    def __init__(self, folder: Path) -> None:
        for name in ("keys", "clinical"):
            (folder / name).mkdir()
        self.ring, _ = make_key_ring(folder / "keys")
        self._store = ClinicalStore(folder / "clinical", self.ring)
        self.ledger = ClinicalLedger(folder / "clinical", self.ring)
        self.new: list[Arrival] = []

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        appended = self._store.append(arrivals)
        self.new += arrivals
        return appended

    def close(self) -> None:
        self.ledger.close()
        self._store.close(AT)


@contextmanager
def ends_in_time() -> Iterator[None]:
    """Break off what hangs, so that the test tells where."""

    def hangs(*_: object) -> None:
        raise AssertionError("a batch hangs")

    before = signal.signal(signal.SIGALRM, hangs)
    signal.alarm(_HANGS_SECONDS)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(tmp_path)
    yield store
    store.close()


@pytest.fixture
def public() -> Path | None:
    folder = Path(__file__).resolve().parents[2].parent / "shared"
    return folder if folder.is_dir() else None


def read_all(bodies: Sequence[bytes], kind: Kind = Kind.HL7) -> Counter[str]:
    """Read each into changes or a reason; nothing may be raised."""
    told = Counter[str]()
    for number, body in enumerate(bodies, 1):
        entry = Entry(number, FEED.name, AT, kind, b"", b"", b"", body, False)
        reading = read_entry(entry, CONTEXT)
        records_named(entry, CONTEXT)
        assert reading.fault is None or reading.fault.isprintable()
        told["refused" if reading.fault else "read"] += 1
        told["said something"] += bool(reading.changes)
    return told


async def send_all(line: Sender, store: Store, bodies: Sequence[bytes]) -> None:
    line.writer.write(b"".join(b"\x0b" + body + b"\x1c\r" for body in bodies))
    await line.writer.drain()
    await until(lambda: len(store.new) >= len(bodies))


async def messages(store: Store, source: Iterator[bytes], count: int) -> Counter[str]:
    told = Counter[str]()
    async with listening(store, FEED) as server, sender(server) as line:
        reading = asyncio.create_task(read_answers(line))
        for _ in range(count // BATCH):
            bodies = [b.translate(None, FRAMING) for b in itertools.islice(source, BATCH)]
            store.new.clear()
            with ends_in_time():
                await send_all(line, store, bodies)
                assert [arrival.body for arrival in store.new] == bodies
                told += read_all(bodies)
        reading.cancel()
    return told


async def read_answers(line: Sender) -> None:
    while await line.reader.read(1 << 20):
        pass


@MESSAGES
def test_every_mutated_message_is_stored_as_it_came_and_read_or_refused_with_a_reason(
    store: Store, public: Path | None, count: int
) -> None:
    whole = corpus(public, seed=1)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        told = runner.run(messages(store, mutated(whole, seed=count), count))
    print(f"{count} mutations of {len(whole)} messages: {dict(told)}")
    # Repeats with an identifier are stored once: fewer entries than messages, never none.
    assert count * 0.5 < store.ledger.last_sequence() <= count
    assert told["read"] + told["refused"] == count
    assert told["said something"] > count * 0.1


async def torn(store: Store, source: Iterator[bytes], count: int) -> int:
    """Send each stream on a connection of its own; return how many bytes were sent."""
    random, sent = Random(count), 0
    async with listening(store, FEED) as server:
        for _ in range(count):
            stream = next(source)
            sent += len(stream)
            store.new.clear()
            with ends_in_time():
                async with sender(server) as line:
                    reading = asyncio.create_task(read_answers(line))
                    for packet in packets(stream, random):
                        await line.write(packet)
                    line.writer.write_eof()
                    await reading
                await until(lambda: server.figures()[0].connections == 0)
                await until(lambda: server.queued_entries == 0)
            # Nothing but starts, ends and the line ends around them may be missing.
            kept = b"".join(arrival.body for arrival in store.new)
            noise = FRAMING + b"\r\n"
            assert kept.translate(None, noise) == stream.translate(None, noise)
            read_all([arrival.body for arrival in store.new])
    return sent


@STREAMS
def test_every_byte_of_a_torn_stream_is_kept_in_its_order(
    store: Store, public: Path | None, count: int
) -> None:
    whole = corpus(public, seed=2)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        sent = runner.run(torn(store, streams(whole, seed=count), count))
    print(f"{count} torn streams of {len(whole)} messages, {sent} bytes")
    assert store.ledger.last_sequence() > count * 0.5


@BUNDLES
def test_every_mutated_bundle_is_read_or_refused_with_a_reason(
    store: Store, public: Path | None, count: int
) -> None:
    whole = bundles(public)
    source = mutated(whole, seed=count)
    for _ in range(count // 500):
        bodies = list(itertools.islice(source, 500))
        with ends_in_time():
            store.append(
                [Arrival(FEED.name, AT, Kind.FHIR, b"", b"", b"", body) for body in bodies]
            )
            first = store.ledger.last_sequence() - len(bodies)
            assert [entry.body for entry in store.ledger.after(first, 500)] == bodies
            told = read_all(bodies, Kind.FHIR)
        assert sum(told[each] for each in ("read", "refused")) == len(bodies)
        store.new.clear()
    print(f"{count} mutations of {len(whole)} bundles, process {os.getpid()}")
    assert store.ledger.last_sequence() == count
