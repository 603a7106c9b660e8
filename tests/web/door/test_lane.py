"""The short way to the door answers as the long one does, whatever a sender does on it."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import uvicorn
from litestar.types import HTTPScope, Receive, Scope, Send
from tests.web.door.test_door import TOKEN, Ledger, door
from typing_extensions import override
from uvicorn.server import ServerState

from wardkeep.adapters.mllp_room import Reader, Room
from wardkeep.web.door import lane
from wardkeep.web.door.door import MOST_AT_ONCE, Door
from wardkeep.web.door.lane import LaneProtocol
from wardkeep.web.punctual import PunctualProtocol, UnfinishedRequests
from wardkeep.wire.fhir_rest import envelope

PATIENT = b'{"resourceType": "Patient", "id": "p1", "meta": {"versionId": "1"}}'
BUNDLE = json.dumps(
    {
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [{"resource": {"resourceType": "Patient"}, "request": {"method": "PUT"}}],
    }
).encode()


def request(
    path: str = "/fhir/Patient",
    body: bytes = PATIENT,
    headers: str = "",
    method: str = "POST",
) -> bytes:
    head = (
        f"{method} {path} HTTP/1.1\r\nhost: box.example\r\nauthorization: Bearer {TOKEN}\r\n"
        f"content-length: {len(body)}\r\n{headers}\r\n"
    )
    return head.encode() + body


class Port:
    """A server with a door; `long_way` are the paths that the application was asked for."""

    def __init__(self, served: Door, port: int, long_way: list[str]) -> None:
        self.door, self.number, self.long_way = served, port, long_way

    async def line(self) -> Line:
        return Line(*await asyncio.open_connection("127.0.0.1", self.number))

    async def ask(self, *sent: bytes) -> list[bytes]:
        line = await self.line()
        try:
            line.writer.writelines(sent)
            return [await line.answer() for _ in sent]
        finally:
            await line.close()


class Line:
    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    async def answer(self) -> bytes:
        """Read one answer, its date left out."""
        head = await self.reader.readuntil(b"\r\n\r\n")
        found = re.search(rb"content-length: (\d+)", head)
        assert found is not None
        body = await self.reader.readexactly(int(found[1]))
        return re.sub(rb"(?m)^date: .*\r\n", b"", head) + body

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


class WatchedRoom(Room):
    """A room that tells when one body is in it and when none is."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.is_used, self.is_free = asyncio.Event(), asyncio.Event()

    @override
    def grew(self, reader: Reader, size: int, *, anew: bool) -> None:
        super().grew(reader, size, anew=anew)
        self.is_free.clear()
        self.is_used.set()

    @override
    def ended(self, reader: Reader) -> None:
        super().ended(reader)
        self.is_used.clear()
        self.is_free.set()


@asynccontextmanager
async def served(
    ledger: Ledger, *, by_lane: bool = True, room: Room | None = None, keep_alive: int = 5
) -> AsyncIterator[Port]:
    long_way: list[str] = []
    own = door(ledger, **({} if room is None else {"room": room}))

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        http: HTTPScope = scope  # type: ignore[assignment]  # nothing else comes here
        long_way.append(http["path"])
        await own(http, receive, send)

    config = uvicorn.Config(
        app,
        limit_concurrency=1000,
        log_config=None,
        access_log=False,
        timeout_keep_alive=keep_alive,
    )
    state, unfinished = ServerState(), UnfinishedRequests()

    def protocol() -> asyncio.Protocol:
        if by_lane:
            return LaneProtocol(unfinished, own, config, state, {})
        return PunctualProtocol(unfinished, config, state, {})

    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    try:
        port = Port(own, server.sockets[0].getsockname()[1], long_way)
        await port.ask(request())  # the token is known from now on
        long_way.clear()
        yield port
    finally:
        server.close()
        for connection in tuple(state.connections):
            connection.transport.abort()
        await own.close()


REQUESTS = {
    "create": request(),
    "update": request("/fhir/Patient/p1", method="PUT"),
    "bundle": request("/fhir", BUNDLE),
    "with a slash": request("/fhir/", BUNDLE),
    "wants its own back": request(headers="prefer: return=representation\r\n"),
    "wants an outcome": request("/fhir", BUNDLE, "prefer: return=OperationOutcome\r\n"),
    "says close": request(headers="connection: close\r\n"),
    "no JSON": request(body=b"{"),
    "empty": request(body=b""),
    "another type": request("/fhir/Observation"),
    "another id": request("/fhir/Patient/p2", method="PUT"),
    "a bundle of messages": request("/fhir", b'{"resourceType": "Bundle", "type": "message"}'),
    "not UTF-8": request(body=b'{"resourceType": "Patient", "x": "\xff"}'),
}


@pytest.mark.parametrize("sent", REQUESTS.values(), ids=REQUESTS.keys())
def test_both_ways_give_the_same_answer_and_store_the_same(sent: bytes) -> None:
    async def run(*, by_lane: bool) -> tuple[list[bytes], list[bytes], list[str]]:
        ledger = Ledger()
        async with served(ledger, by_lane=by_lane) as port:
            return await port.ask(sent), ledger.bodies, port.long_way

    answers, stored, asked = asyncio.run(run(by_lane=True))
    others, kept, long_way = asyncio.run(run(by_lane=False))
    # Of the headers the order is free.
    assert [sorted(each.split(b"\r\n")) for each in answers] == [
        sorted(each.split(b"\r\n")) for each in others
    ]
    assert stored == kept
    assert (asked, len(long_way)) == ([], 1)


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (request("/fhirPatient"), b"201"),
        (request("/fhir/Patient?x=1"), b"201"),
        (request("/fhir/Nothing"), b"404"),
        (request(method="DELETE"), b"405"),
        (request(headers="content-encoding: br\r\n"), b"415"),
        (request(body=b" " * 20_001), b"413"),
        (request().replace(TOKEN.encode(), b"wk_other"), b"401"),
        (request(headers="expect: 100-continue\r\n"), b"100"),
    ],
)
def test_what_asks_for_a_longer_look_goes_the_long_way(sent: bytes, status: bytes) -> None:
    async def run() -> None:
        async with served(Ledger()) as port:
            line = await port.line()
            line.writer.write(sent)
            head = await line.reader.readuntil(b"\r\n")
            assert head.split()[1] == status
            await line.close()
            assert len(port.long_way) == 1

    asyncio.run(run())


def test_requests_sent_in_one_go_are_answered_in_their_order() -> None:
    async def run() -> None:
        ledger = Ledger()
        async with served(ledger) as port:
            bodies = [PATIENT.replace(b"p1", b"n%d" % number) for number in range(5)]
            answers = await port.ask(*(request(body=body) for body in bodies))
            for number, answer in enumerate(answers):
                assert b"/Patient/n%d/" % number in answer
            assert ledger.bodies[1:] == bodies

    asyncio.run(run())


def test_a_body_in_pieces_is_whole_and_its_memory_is_free_again() -> None:
    async def run() -> None:
        ledger, room = Ledger(), Room(10_000)
        async with served(ledger, room=room) as port:
            line = await port.line()
            sent = request(body=b'{"resourceType": "Patient", "x": "' + b"y" * 5_000 + b'"}')
            for at in range(0, len(sent), 1_000):
                line.writer.write(sent[at : at + 1_000])
                await asyncio.sleep(0)
            assert (await line.answer()).startswith(b"HTTP/1.1 201 Created")
            await line.close()
            assert sent.endswith(ledger.bodies[-1])
            assert (room.unfinished_bytes, port.long_way) == (0, [])

    asyncio.run(run())


def test_more_bodies_than_the_memory_may_hold_come_one_after_the_other() -> None:
    async def run() -> None:
        ledger, room = Ledger(), Room(1_000)
        async with served(ledger, room=room) as port:
            sent = request(body=b'{"resourceType": "Patient", "x": "' + b"y" * 9_000 + b'"}')
            lines = [await port.line() for _ in range(5)]
            for line in lines:
                line.writer.write(sent[:5_000])
            for line in reversed(lines):
                line.writer.write(sent[5_000:])
            for line in lines:
                assert (await line.answer()).startswith(b"HTTP/1.1 201")
                await line.close()
            assert room.unfinished_bytes == 0

    asyncio.run(run())


def test_a_body_that_does_not_come_is_refused_and_the_line_closed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(lane, "GRACE_SECONDS", 0.01)

    async def run() -> None:
        room = Room(1_000)
        async with served(Ledger(), room=room) as port:
            line = await port.line()
            line.writer.write(request()[:-10])
            answer = await line.answer()
            assert answer.startswith(b"HTTP/1.1 408")
            assert b"\r\nconnection: close\r\n" in answer
            assert await line.reader.read() == b""
            await line.close()
            assert room.unfinished_bytes == 0

    asyncio.run(run())


def test_senders_that_go_away_take_no_place_of_others() -> None:
    async def run() -> None:
        room = WatchedRoom(1_000)
        async with served(Ledger(), room=room) as port:
            for _ in range(MOST_AT_ONCE + 1):
                line = await port.line()
                line.writer.write(request()[:-10])
                await room.is_used.wait()
                await line.close()
                await room.is_free.wait()
            assert (await port.ask(request()))[0].startswith(b"HTTP/1.1 201")

    asyncio.run(run())


@pytest.mark.parametrize("by_lane", [True, False])
def test_a_request_that_fails_unforeseen_gives_its_place_back(
    monkeypatch: pytest.MonkeyPatch, *, by_lane: bool
) -> None:
    async def run() -> None:
        async with served(Ledger(), by_lane=by_lane) as port:
            with monkeypatch.context() as fails:
                fails.setattr(envelope, "kind_of", lambda _: 1 / 0)
                for _ in range(MOST_AT_ONCE + 1):
                    assert (await port.ask(request()))[0].startswith(b"HTTP/1.1 503")
            assert (await port.ask(request()))[0].startswith(b"HTTP/1.1 201")

    asyncio.run(run())


def test_a_length_of_thousands_of_digits_is_a_length() -> None:
    async def run() -> None:
        sent = request().replace(b"content-length: ", b"content-length: " + b"0" * 5_000)
        async with served(Ledger(), by_lane=False) as port:
            assert (await port.ask(sent))[0].startswith(b"HTTP/1.1 201")

    asyncio.run(run())


def test_a_line_is_not_idle_while_a_request_behind_a_refused_one_is_stored() -> None:
    async def run() -> None:
        ledger = Ledger()
        async with served(ledger, keep_alive=0) as port:
            line = await port.line()
            ledger.open.clear()
            line.writer.write(request(body=b"{}") + request())
            assert (await line.answer()).startswith(b"HTTP/1.1 400")
            for _ in range(20):
                await asyncio.sleep(0)  # whoever would close the line comes first
            ledger.open.set()
            assert (await line.answer()).startswith(b"HTTP/1.1 201")
            await line.close()

    asyncio.run(run())


def test_no_feed_opens_more_at_a_time_than_it_may_and_none_is_answered_too_soon() -> None:
    async def run() -> None:
        ledger = Ledger()
        async with served(ledger) as port:
            ledger.open.clear()
            waiting = [
                asyncio.create_task(port.ask(request())) for _ in range(MOST_AT_ONCE + 1)
            ]
            done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
            assert [each.result()[0][:12] for each in done] == [b"HTTP/1.1 429"]
            ledger.open.set()
            rest = await asyncio.gather(*waiting)
            statuses = sorted(answer[9:12] for (answer,) in rest)
            assert statuses == [b"201"] * MOST_AT_ONCE + [b"429"]

    asyncio.run(run())


def test_while_the_ledger_takes_nothing_senders_are_told_to_keep_it() -> None:
    async def run() -> None:
        ledger = Ledger()
        async with served(ledger) as port:
            ledger.is_full = True
            (answer,) = await port.ask(request())
            assert answer.startswith(b"HTTP/1.1 503")
            assert b"\r\nretry-after: 5\r\n" in answer

    asyncio.run(run())
