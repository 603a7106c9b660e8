"""Sends HL7 messages over MLLP and waits for their answers."""

from __future__ import annotations

import asyncio
import os
import socket
import ssl
from collections.abc import Iterable

from typing_extensions import override

from wardkeep.adapters.errors import CannotConnectError
from wardkeep.wire.mllp import Deframer, Frame, Overlong, frame

ANSWER_LIMIT = 64 * 1024 * 1024
"""As long as a message may be: a batch is answered message by message."""
ANSWER_SECONDS = 60.0
CONNECT_SECONDS = 10.0
_START, _TLS_ALERT = 0x0B, 0x15  # MLLP's first byte; RFC 8446, 5.1
_NO_TLS = (
    "See whether the receiver speaks TLS at this port (without --tls messages go in clear), and"
    " name with --tls-ca who vouches for its certificate."
)


_NOBODY = (ConnectionRefusedError, socket.gaierror)


class _Answers(asyncio.Protocol):
    """Gives the answers of a connection to those who wait for them, in order."""

    def __init__(self) -> None:
        self.frames: asyncio.Queue[bytes | None] = asyncio.Queue()
        self._deframer = Deframer(ANSWER_LIMIT)
        self._loop = asyncio.get_running_loop()
        self.writable = asyncio.Event()
        self.writable.set()
        self.lost = asyncio.Event()
        self.first: int | None = None
        """The first byte that came."""

    @override
    def data_received(self, data: bytes) -> None:
        if self.first is None:
            self.first = data[0]
        for piece in self._deframer.feed(data):
            if isinstance(piece, Frame):
                self.frames.put_nowait(piece.body)
            elif isinstance(piece, Overlong):
                self.frames.put_nowait(None)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        self.lost.set()
        self.writable.set()
        self.frames.put_nowait(None)

    @override
    def pause_writing(self) -> None:
        self.writable.clear()

    @override
    def resume_writing(self) -> None:
        self.writable.set()


class MllpSender:
    """One connection to a receiver. `tls`: settings of `mllp_tls.client_context`, or plain."""

    def __init__(self, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        self._host, self._port, self._tls = host, port, tls
        self._transport: asyncio.Transport | None = None
        self._answers: _Answers | None = None

    async def connect(self) -> None:
        """Open the connection.

        Raises CannotConnectError when nobody accepts it.
        """
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(CONNECT_SECONDS):
                self._transport, self._answers = await loop.create_connection(
                    _Answers, self._host, self._port, ssl=self._tls
                )
        except (OSError, TimeoutError) as fault:
            place = f"{self._host} port {self._port}"
            if self._tls is None or isinstance(fault, _NOBODY):
                raise CannotConnectError(f"{place}: {_in_words(fault)}") from fault
            raise CannotConnectError(
                f"{place}: no TLS connection: {_in_words(fault)}", advice=_NO_TLS
            ) from fault

    async def send(self, body: bytes) -> bytes:
        """Send one message and return its answer's bytes.

        Raises CannotConnectError when the connection ends, or 60 s pass, without one.
        """
        return (await self.send_many([body]))[0]

    async def send_many(self, bodies: Iterable[bytes], in_flight: int = 1) -> list[bytes]:
        """Send messages in order, at most `in_flight` unanswered; return the answers in order.

        For messages that ask for one answer each. Raises CannotConnectError as `send`.
        """
        transport, channel = self._channel()
        answers: list[bytes] = []
        sent = 0
        for body in bodies:
            await channel.writable.wait()
            if channel.lost.is_set():
                raise self._cut()
            transport.write(frame(body))
            sent += 1
            if sent - len(answers) >= in_flight:
                answers.append(await self._answer(channel))
        while len(answers) < sent:
            answers.append(await self._answer(channel))
        return answers

    async def post(self, body: bytes) -> None:
        """Send one message and do not wait for its answer.

        Raises CannotConnectError when there is no connection any more.
        """
        transport, channel = self._channel()
        await channel.writable.wait()
        if channel.lost.is_set():
            raise self._cut()
        transport.write(frame(body))

    async def answer(self) -> bytes:
        """Return the next answer's bytes. Raises CannotConnectError as `send`."""
        return await self._answer(self._channel()[1])

    async def close(self) -> None:
        """Close the connection; nothing happens when there is none."""
        if self._transport is not None and self._answers is not None:
            self._transport.close()
            await self._answers.lost.wait()
        self._transport = self._answers = None

    async def _answer(self, channel: _Answers) -> bytes:
        try:
            async with asyncio.timeout(ANSWER_SECONDS):
                body = await channel.frames.get()
        except TimeoutError as late:
            raise CannotConnectError(
                f"{self._host} port {self._port}: no answer in {ANSWER_SECONDS:.0f} s"
            ) from late
        if body is None:
            channel.frames.put_nowait(None)
            raise self._cut()
        return body

    def _channel(self) -> tuple[asyncio.Transport, _Answers]:
        if self._transport is None or self._answers is None:
            raise CannotConnectError("the sender is not connected")
        return self._transport, self._answers

    def _cut(self) -> CannotConnectError:
        first = None if self._answers is None else self._answers.first
        said = "the connection ended without an answer"
        if first == _TLS_ALERT:
            said = "it speaks TLS, and this sender does not"
        elif first not in {None, _START}:
            said = "what listens there answered, but not in MLLP"
        return CannotConnectError(f"{self._host} port {self._port}: {said}")


def _in_words(fault: OSError | TimeoutError) -> str:
    """Return why a connection did not come about, without the system's number for it."""
    if isinstance(fault, TimeoutError):
        return f"nobody answered in {CONNECT_SECONDS:.0f} s"
    if isinstance(fault, ssl.SSLError):
        return str(getattr(fault, "verify_message", "") or fault.reason or fault)
    if isinstance(fault, socket.gaierror):
        return "no such host, or no name service to ask"
    # asyncio's own words name the address once more and not the reason.
    return os.strerror(fault.errno).lower() if fault.errno else str(fault)
