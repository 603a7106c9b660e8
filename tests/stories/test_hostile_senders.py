"""Dozens of senders with every bad habit at once: nothing acknowledged is lost or changed."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from random import Random

import pytest
import uvloop
from tests.adapters.mllp_bench import Recorder, Sender, admission, listening, sender

from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.mllp_server import MllpServer
from wardkeep.hospital.site import Feed
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.wire.hl7v2.acknowledgement import receipts

LIMIT = 200_000
FEEDS = tuple(Feed(name=name, port=0, max_message_bytes=LIMIT) for name in ("adt", "lab"))


class Night:
    """What the senders of a night sent whole, and what they were told of it."""

    def __init__(self, server: MllpServer, seed: int, messages: int) -> None:
        self.server, self.messages = server, messages
        self.random = Random(seed)
        self.sent: dict[bytes, bytes] = {}
        self.acknowledged: list[bytes] = []

    def message(self, name: str, number: int) -> tuple[bytes, bytes]:
        """Return the next message and its control id, in some charset, of some size."""
        control = f"{name}.{number}"
        more = " ‘x’é€" * self.random.choice((0, 1, 1, 20, 20_000 // 7))
        codec = self.random.choice(("cp1252", "utf-8", "utf-16", "utf-16-le"))
        text = admission(control).decode("latin-1").replace("Gwén", more + "Gwén")
        body = text.encode(codec)
        wide = {"utf-16": "utf-16-le"}.get(codec, codec)
        self.sent[control.encode()] = body
        return body, control.encode(wide if "16" in wide else "ascii")

    def chopped(self, stream: bytes) -> list[bytes]:
        """Return a stream in packets of any size."""
        places = sorted(self.random.choices(range(len(stream)), k=self.random.randint(0, 6)))
        return [stream[a:b] for a, b in zip([0, *places], [*places, None], strict=True)]

    async def hear(self, line: Sender, control: bytes) -> None:
        """Await the answer to a message: in order, with its control id."""
        ((code, echoed),) = receipts(await line.answer())
        assert (code, echoed) == (b"AA", control)
        self.acknowledged.append(control.replace(b"\0", b""))


async def in_lock_step(night: Night, line: Sender, name: str) -> None:
    for number in range(night.messages):
        body, control = night.message(name, number)
        end = night.random.choice((b"\x1c\r", b"\x1c\r", b"\x1c\r\n"))
        before = night.random.choice((b"", b"", b"\r\n", b"junk"))
        for packet in night.chopped(before + b"\x0b" + body + end):
            await line.write(packet)
            await asyncio.sleep(0)
        await night.hear(line, control)


async def all_at_once(night: Night, line: Sender, name: str) -> None:
    sent = [night.message(name, number) for number in range(night.messages)]
    stream = b"".join(b"\x0b" + body + b"\x1c\r" for body, _ in sent)
    writing = asyncio.create_task(line.write(stream))
    for _, control in sent:
        await night.hear(line, control)
    await writing


async def gone_in_the_middle(night: Night, line: Sender, name: str) -> None:
    for number in range(night.messages // 2):
        body, control = night.message(name, number)
        await line.write(b"\x0b" + body + b"\x1c\r")
        await night.hear(line, control)
    body, _ = night.message(name, night.messages)
    await line.write(b"\x0b" + body[: night.random.randrange(len(body))])


async def too_long(night: Night, line: Sender, name: str) -> None:
    body, control = night.message(name, 0)
    await line.write(b"\x0b" + body + b"\x1c\r")
    await night.hear(line, control)
    with suppress(ConnectionError):
        await line.write(b"\x0bMSH|^~\\&|" + b"x" * (LIMIT + 1))
    assert await line.is_closed()


async def never_reading(night: Night, line: Sender, name: str) -> None:
    for number in range(night.messages):
        body, _ = night.message(name, number)
        await line.write(b"\x0b" + body + b"\x1c\r")
    line.writer.transport.abort()


HABITS = (in_lock_step, in_lock_step, all_at_once, gone_in_the_middle, too_long, never_reading)


async def one_sender(night: Night, name: str) -> None:
    habit = night.random.choice(HABITS)
    async with sender(night.server, night.random.randrange(len(FEEDS))) as line:
        await habit(night, line, name)


async def whole_night(ledger: Recorder, seed: int, senders: int, messages: int) -> Night:
    async with listening(ledger, *FEEDS, unfinished_bytes=300_000) as server:
        night = Night(server, seed, messages)
        await asyncio.gather(*(one_sender(night, f"s{each}") for each in range(senders)))
    assert (server.unfinished_bytes, server.queued_entries, server.unread) == (0, 0, 0)
    assert [each.connections for each in server.figures()] == [0, 0]
    return night


def compare(night: Night, folder: Path) -> None:
    """Every acknowledged message stands in the ledger once, as sent; nothing is made up."""
    ledger = ClinicalLedger(folder / "clinical", load_key_ring(folder / "keys"))
    entries: list[Entry] = []
    # A reader gives at most 32 MiB at once.
    while more := ledger.after(len(entries), 1_000_000):
        entries += more
    ledger.close()
    assert [entry.sequence for entry in entries] == list(range(1, len(entries) + 1))
    kept = {
        entry.control.replace(b"\0", b""): entry.body
        for entry in entries
        if entry.kind is Kind.HL7
    }
    assert max(Counter(e.control for e in entries if e.kind is Kind.HL7).values()) == 1
    assert night.acknowledged
    assert {control: kept[control] for control in night.acknowledged} == {
        control: night.sent[control] for control in night.acknowledged
    }
    assert all(night.sent[control] == body for control, body in kept.items())


def run_night(loop: Callable[[], asyncio.AbstractEventLoop], folder: Path, *size: int) -> None:
    ledger = Recorder(folder)
    with asyncio.Runner(loop_factory=loop) as runner:
        night = runner.run(whole_night(ledger, *size))
    ledger.close()
    compare(night, folder)


LOOPS = pytest.mark.parametrize(
    "loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)


@LOOPS
@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_acknowledged_is_lost_among_hostile_senders(
    loop: Callable[[], asyncio.AbstractEventLoop], seed: int, tmp_path: Path
) -> None:
    run_night(loop, tmp_path, seed, 24, 12)


@LOOPS
@pytest.mark.long
@pytest.mark.parametrize("seed", range(10))
def test_nothing_is_lost_in_long_nights_with_hundreds_of_hostile_senders(
    loop: Callable[[], asyncio.AbstractEventLoop], seed: int, tmp_path: Path
) -> None:
    run_night(loop, tmp_path, seed, 200, 60)
