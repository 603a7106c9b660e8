"""Sends FHIR bodies to a door and waits for their answers (port: sample_feed.Sender)."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator

import httptools
import msgspec
from typing_extensions import override

from wardkeep.adapters.errors import CannotConnectError

ANSWER_SECONDS = 60.0
CONNECT_SECONDS = 10.0
MOST_LINES = 8
"""Connections of one sender at a time; order between them is the receiver's to find."""
# Sent again later: too slow, too many, the server's own trouble, and a token that is not known
# yet (RFC 9110, 15.5 and 15.6). Any other refusal stays one however often it is sent.
_LATER = frozenset({401, 408, 429})
_OWN_TROUBLE = 500


class DoorAddress(msgspec.Struct, frozen=True):
    """Where a door is, and the token that it asks for."""

    host: str
    port: int
    token: str


class FhirSender:
    """One sender at a door, over connections that stay open."""

    def __init__(self, door: DoorAddress) -> None:
        self._door = door
        self._free: list[_Line] = []
        self.refused = 0
        """Bodies that the door would not have."""

    async def connect(self) -> None:
        """Open the first connection; raises CannotConnectError when nobody accepts it."""
        self._free.append(await _connected(self._door))

    async def send(self, body: bytes) -> bytes:
        """Send one body and return its answer's; one that was refused counts as `refused`.

        Raises CannotConnectError where it must be sent again: nobody answered, or not now.
        """
        line = self._free.pop() if self._free else await _connected(self._door)
        try:
            status, said = await line.ask(body)
        except BaseException:
            line.close()
            raise
        self._free.append(line)
        if status in _LATER or status >= _OWN_TROUBLE:
            raise CannotConnectError(f"{line.place}: the door answered {status}")
        self.refused += status >= 400  # noqa: PLR2004  RFC 9110, 15.5
        return said

    async def send_many(self, bodies: Iterable[bytes], in_flight: int = 1) -> list[bytes]:
        """Send bodies, at most `in_flight` and MOST_LINES unanswered; return their answers.

        Raises CannotConnectError as `send`.
        """
        waiting = enumerate(bodies)
        answers: dict[int, bytes] = {}
        lines = range(min(in_flight, MOST_LINES))
        tasks = [asyncio.create_task(self._some(waiting, answers)) for _ in lines]
        try:
            await asyncio.gather(*tasks)
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return [answers[number] for number in sorted(answers)]

    async def _some(
        self, waiting: Iterator[tuple[int, bytes]], answers: dict[int, bytes]
    ) -> None:
        for number, body in waiting:
            answers[number] = await self.send(body)

    async def close(self) -> None:
        """Close every connection."""
        lines, self._free = self._free, []
        for line in lines:
            line.close()
            await line.lost.wait()


async def _connected(door: DoorAddress) -> _Line:
    loop = asyncio.get_running_loop()
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, line = await loop.create_connection(lambda: _Line(door), door.host, door.port)
    except (OSError, TimeoutError) as fault:
        place = f"{door.host} port {door.port}"
        raise CannotConnectError(f"{place}: nobody takes the connection") from fault
    return line


class _Line(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, door: DoorAddress) -> None:
        self.place = f"{door.host} port {door.port}"
        self._head = (
            f"POST /fhir HTTP/1.1\r\nhost: {door.host}:{door.port}\r\n"
            f"authorization: Bearer {door.token}\r\ncontent-type: application/fhir+json\r\n"
        ).encode()
        self._parser = httptools.HttpResponseParser(self)
        self._parts: list[bytes] = []
        self._transport: asyncio.Transport | None = None
        self._answered: asyncio.Future[tuple[int, bytes]] | None = None
        self.lost = asyncio.Event()

    async def ask(self, body: bytes) -> tuple[int, bytes]:
        """Send a body; return status and body of the answer. Raises CannotConnectError."""
        if self._transport is None or self._transport.is_closing():
            raise self._cut()
        self._answered = asyncio.get_running_loop().create_future()
        self._transport.write(b"%scontent-length: %d\r\n\r\n" % (self._head, len(body)) + body)
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                return await self._answered
        except TimeoutError as late:
            said = f"{self.place}: no answer in {ANSWER_SECONDS:.0f} s"
            raise CannotConnectError(said) from late

    def close(self) -> None:
        """Close the connection."""
        if self._transport is not None:
            self._transport.close()

    @override
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101  as asyncio promises
        self._transport = transport

    @override
    def data_received(self, data: bytes) -> None:
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            self.close()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()
        if self._answered is not None and not self._answered.done():
            self._answered.set_exception(self._cut())

    def on_body(self, body: bytes) -> None:
        """Take a piece of an answer (httptools)."""
        self._parts.append(body)

    def on_message_complete(self) -> None:
        """Give the answer to who waits for it (httptools)."""
        said, self._parts = b"".join(self._parts), []
        if self._answered is not None and not self._answered.done():
            self._answered.set_result((self._parser.get_status_code(), said))

    def _cut(self) -> CannotConnectError:
        return CannotConnectError(f"{self.place}: the connection ended without an answer")
