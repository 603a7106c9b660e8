"""Listens for followers: frames in, frames out, over TLS with the certificates it issued.

Limits: so many connections at once, few of them without a certificate and those for a few
seconds; so long for a request to come; so large a request.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import ssl
from typing import Protocol

from wardkeep.adapters.box_identity import fingerprint
from wardkeep.adapters.errors import CannotListenError
from wardkeep.wire.copying import (
    LENGTH_BYTES,
    LONGEST_REQUEST,
    Answer,
    FrameError,
    Refused,
    Request,
    frame,
    length,
    read_request,
)

_LOG = logging.getLogger(__name__)
_MOST_CONNECTIONS = 64
_MOST_STRANGERS = 4
_STRANGER_SECONDS = 10.0
_HANDSHAKE_SECONDS = 5.0
_IDLE_SECONDS = 30.0
_SENDING_SECONDS = 60.0
_ADVICE = "Give [copies] a free port and an address of this machine in wardkeep.toml."


class Visit(Protocol):
    """What one connection may ask, and is told."""

    async def answer(self, request: Request) -> Answer:
        """Return the answer to one request."""
        ...

    def close(self) -> None:
        """Let go of what the connection held."""
        ...


class Desk(Protocol):
    """Who decides what a visitor may do."""

    def visit(self, certificate: str) -> Visit:
        """Begin a connection of whoever shows a certificate (SHA-256, hex; "" shows none)."""
        ...


class CopiesServer:
    """A listener for followers."""

    def __init__(self, host: str, port: int, context: ssl.SSLContext, desk: Desk) -> None:
        self._host, self._port, self._context, self._desk = host, port, context, desk
        self._server: asyncio.Server | None = None
        self._open, self._strangers = 0, 0
        self._visits: set[asyncio.Task[None]] = set()

    @property
    def port(self) -> int:
        """The port that is listened on."""
        return 0 if self._server is None else int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Open the port; raises CannotListenError."""
        try:
            self._server = await asyncio.start_server(
                self._serve,
                self._host,
                self._port,
                ssl=self._context,
                ssl_handshake_timeout=_HANDSHAKE_SECONDS,
                limit=LONGEST_REQUEST,
            )
        except OSError as fault:
            where = f"copies: host {self._host}, port {self._port}"
            raise CannotListenError(f"{where}: {fault}", advice=_ADVICE) from fault

    async def close(self) -> None:
        """Listen no more and end every connection."""
        if self._server is not None:
            self._server.close()
        for visit in tuple(self._visits):
            visit.cancel()
        await asyncio.gather(*self._visits, return_exceptions=True)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        if task is not None:
            self._visits.add(task)
            task.add_done_callback(self._visits.discard)
        shown = _shown(writer)
        self._open += 1
        self._strangers += not shown
        try:
            if self._open <= _MOST_CONNECTIONS and self._strangers <= _MOST_STRANGERS:
                async with asyncio.timeout(None if shown else _STRANGER_SECONDS):
                    await self._talk(reader, writer, shown)
        except (OSError, FrameError, TimeoutError, asyncio.IncompleteReadError) as fault:
            _LOG.info("a follower's connection ended: %s", type(fault).__name__)
        except asyncio.CancelledError:
            _LOG.debug("a follower's connection was ended")
        finally:
            self._open -= 1
            self._strangers -= not shown
            writer.close()

    async def _talk(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, shown: str
    ) -> None:
        visit = self._desk.visit(shown)
        with contextlib.closing(visit):
            while True:
                async with asyncio.timeout(_IDLE_SECONDS):
                    size = length(await reader.readexactly(LENGTH_BYTES), LONGEST_REQUEST)
                    request = read_request(await reader.readexactly(size))
                answer = await visit.answer(request)
                writer.write(await asyncio.to_thread(frame, answer))
                async with asyncio.timeout(_SENDING_SECONDS):
                    await writer.drain()
                if isinstance(answer, Refused):
                    return


def _shown(writer: asyncio.StreamWriter) -> str:
    secured: ssl.SSLObject | None = writer.get_extra_info("ssl_object")
    certificate = secured.getpeercert(binary_form=True) if secured is not None else None
    return fingerprint(certificate).hex() if certificate else ""
