"""The door's end of the handover: whoever waits hears once, whatever the writer does."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from typing_extensions import override

from wardkeep.adapters.errors import HandoverFailedError
from wardkeep.adapters.handover_client import HandoverClient, Sending
from wardkeep.wire.handover import Handed, Receipt, RequestReader, Taken, receipt_frame

Answers = Callable[[Handed], Receipt | None]


def stored(handed: Handed) -> Receipt:
    return Receipt(handed.number, 7, 1, Taken.NEW)


class Writer(asyncio.Protocol):
    """A writer's end: answers each body as it is told; None: it never does."""

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._requests = RequestReader(1_000_000)
        self.over = asyncio.get_running_loop().create_future()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        for handed in self._requests.feed(data):
            if handed.body == b"die":
                self.transport.abort()
                return
            if (receipt := self._answers(handed)) is not None:
                self.transport.write(receipt_frame(receipt))

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.over.set_result(exc)


@asynccontextmanager
async def writer(path: Path, answers: Answers) -> AsyncIterator[None]:
    ends: list[Writer] = []

    def come() -> Writer:
        ends.append(Writer(answers))
        return ends[-1]

    server = await asyncio.get_running_loop().create_unix_server(come, path)
    async with server:
        yield
        server.close()
        for end in ends:
            end.transport.abort()
        await asyncio.gather(*(end.over for end in ends))


async def offered(client: HandoverClient, *bodies: bytes) -> list[str]:
    """Offer bodies in one turn; return what is heard of each, in order of the bodies."""
    loop = asyncio.get_running_loop()
    heard = [loop.create_future() for _ in bodies]
    for body, future in zip(bodies, heard, strict=True):
        client.offer(Sending("emr", b"", body), future.set_result)
    assert not any(future.done() for future in heard)
    said = [await future for future in heard]
    return [str(s) if isinstance(s, HandoverFailedError) else s.taken.name for s in said]


def test_what_is_offered_together_is_answered_each(tmp_path: Path) -> None:
    async def run() -> None:
        client = HandoverClient(tmp_path / "s")
        async with writer(tmp_path / "s", stored):
            assert await offered(client, b"a", b"b") == ["NEW", "NEW"]  # connects first
            assert await offered(client, *[b"x" * 200_000] * 8) == ["NEW"] * 8
            assert (await client.hand(Sending("emr", b"", b"c"))).sequence == 7
            client.close()

    asyncio.run(run())


def test_a_writer_that_takes_nothing_or_is_not_there_is_told(tmp_path: Path) -> None:
    async def run() -> None:
        client = HandoverClient(tmp_path / "s")
        assert "is not there" in (await offered(client, b"a"))[0]
        async with writer(tmp_path / "s", lambda h: Receipt(h.number, 0, 0, Taken.NOT_STORED)):
            assert "took nothing" in (await offered(client, b"a"))[0]
            assert "took nothing" in (await offered(client, b"a"))[0]
            with pytest.raises(HandoverFailedError):
                await client.hand(Sending("emr", b"", b"a"))
            client.close()

    asyncio.run(run())


def test_when_the_writer_dies_all_who_wait_hear_it_and_the_next_reach_another(
    tmp_path: Path,
) -> None:
    async def run() -> None:
        client = HandoverClient(tmp_path / "s")
        async with writer(tmp_path / "s", lambda h: None if h.body == b"wait" else stored(h)):
            assert await offered(client, b"a") == ["NEW"]
            heard = await offered(client, b"wait", b"die")
            assert all("went away" in each for each in heard)
            assert await offered(client, b"a") == ["NEW"]
            client.close()

    asyncio.run(run())


def test_a_writer_that_stands_still_keeps_nobody_waiting_for_ever(tmp_path: Path) -> None:
    async def run() -> None:
        client = HandoverClient(tmp_path / "s", patience=0.05)
        async with writer(tmp_path / "s", lambda _handed: None):
            for _ in range(2):
                assert ["does not answer" in e for e in await offered(client, b"a", b"b")] == [
                    True,
                    True,
                ]
            client.close()

    asyncio.run(run())
