import asyncio
from collections.abc import Callable, Coroutine, Iterator
from pathlib import Path

import pytest
import uvloop
from tests.adapters.mllp_bench import BrokenDisk, Recorder, admission, code_of, listening

from wardkeep.adapters.errors import CannotConnectError
from wardkeep.adapters.mllp_client import MllpSender

Run = Callable[[Coroutine[object, object, None]], None]


@pytest.fixture(
    params=[asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"]
)
def run(request: pytest.FixtureRequest) -> Run:
    """Run a day in a loop of Python's own, and in the faster one that a site uses."""

    def whole(day: Coroutine[object, object, None]) -> None:
        with asyncio.Runner(loop_factory=request.param) as runner:
            runner.run(day)

    return whole


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Recorder]:
    recorder = Recorder(tmp_path)
    yield recorder
    recorder.close()


@pytest.mark.parametrize("in_flight", [1, 16])
def test_many_messages_are_sent_in_order_and_all_answered(
    ledger: Recorder, in_flight: int, run: Run
) -> None:
    async def day() -> None:
        async with listening(ledger) as server:
            feed = MllpSender("127.0.0.1", server.figures()[0].port)
            await feed.connect()
            bodies = [admission(str(number)) for number in range(200)]
            answers = await feed.send_many(bodies, in_flight=in_flight)
            assert [code_of(each) for each in answers] == [b"AA|%d" % n for n in range(200)]
            assert ledger.bodies == bodies
            assert code_of(await feed.send(admission("last"))) == b"AA|last"
            await feed.close()

    run(day())


def test_a_message_that_is_not_answered_is_told(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(BrokenDisk(good=1)) as server:
            feed = MllpSender("127.0.0.1", server.figures()[0].port)
            await feed.connect()
            assert code_of(await feed.send(admission("1"))) == b"AA|1"
            for _ in range(2):
                with pytest.raises(CannotConnectError, match="ended without an answer"):
                    await feed.send(admission("2"))
            await feed.close()
            with pytest.raises(CannotConnectError, match="not connected"):
                await feed.send(admission("2"))

    run(day())


def test_nobody_listening_is_told(run: Run) -> None:
    async def day() -> None:
        with pytest.raises(CannotConnectError, match="port 1: connection refused"):
            await MllpSender("127.0.0.1", 1).connect()

    run(day())


def test_a_batch_of_very_many_messages_gets_its_long_answer(ledger: Recorder, run: Run) -> None:
    async def day() -> None:
        async with listening(ledger) as server:
            feed = MllpSender("127.0.0.1", server.figures()[0].port)
            await feed.connect()
            batch = b"BHS|^~\\&|LAB\r" + b"MSH|^~\\&|LAB|||||||7\r" * 30_000 + b"BTS|30000\r"
            answer = await feed.send(batch)
            assert (len(answer) > 1_048_576, answer.count(b"MSA|AA|7\r")) == (True, 30_000)
            await feed.close()

    run(day())
