"""Midnight UTC while all feeds send: the ledger turns to a new file and nobody notices."""

import asyncio
from pathlib import Path

from tests.adapters.mllp_bench import Recorder, admission, code_of, listening

from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.adapters.mllp_client import MllpSender
from wardkeep.hospital.site import Feed
from wardkeep.kernel.times import DAY

MIDNIGHT = 1_779_494_400_000_000  # 2026-05-23 00:00 UTC
STEP = 1_000
MESSAGES = 1_000
JUMP = 300
"""At most eight messages come in a packet, and a packet is one reading: there are more."""
FEEDS = tuple(Feed(name=name, port=0) for name in ("adt", "mar", "lab"))


class Clock:
    """Goes on by a millisecond at each reading; once it jumps back before midnight."""

    def __init__(self) -> None:
        self._now, self._read = MIDNIGHT - 200 * STEP, 0

    def __call__(self) -> int:
        self._read += 1
        self._now += STEP if self._read != JUMP else -150 * STEP
        return self._now


async def deliver(port: int, bodies: list[bytes]) -> list[bytes]:
    sender = MllpSender("127.0.0.1", port)
    await sender.connect()
    answers = await sender.send_many(bodies, in_flight=8)
    await sender.close()
    return answers


def test_messages_sent_again_after_midnight_are_known_from_the_day_before(
    tmp_path: Path,
) -> None:
    ledger = Recorder(tmp_path)
    bodies = [admission(str(number)) for number in range(MESSAGES)]

    async def night() -> None:
        async with listening(ledger, *FEEDS, clock=Clock()) as server:
            ports = [each.port for each in server.figures()]
            first = await asyncio.gather(*(deliver(port, bodies) for port in ports))
            again = await asyncio.gather(*(deliver(port, bodies) for port in ports))
            assert again == first
            assert [code_of(each) for each in first[0]] == [
                b"AA|%d" % number for number in range(MESSAGES)
            ]
            assert [each.repeated for each in server.figures()] == [MESSAGES] * 3

    asyncio.run(night())
    ledger.close()
    reader = ClinicalLedger(tmp_path / "clinical", ledger.ring)
    entries = reader.after(0, 10 * MESSAGES)
    reader.close()
    assert [entry.sequence for entry in entries] == list(range(1, 3 * MESSAGES + 1))
    for feed in FEEDS:
        assert [entry.body for entry in entries if entry.feed == feed.name] == bodies
    assert {entry.received // DAY for entry in entries} == {
        MIDNIGHT // DAY - 1,
        MIDNIGHT // DAY,
    }
    assert len(list((tmp_path / "clinical").glob("*.db"))) == 2
