"""Requests must be sent whole and soon: who begins one and never ends it holds no socket.

Rules kept here:
- A request, head and body, is there SECONDS after its connection or its first byte, or the
  connection is closed. An answer may take as long as it likes: event streams stay open.
- Of unfinished requests only so many are held; for one more the oldest goes, whose time is the
  nearest to its end. So slow senders crowd out each other and not the screens.
- The head of a request is no longer than LONGEST_HEAD.
"""

from __future__ import annotations

import asyncio
from typing import Any

from typing_extensions import override
from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

# An old PC on a bad line sends its 2 kB in one packet; a phone that lost the line tries again.
REQUEST_SECONDS = 10.0
# A quarter of the connections (web.serving).
MOST_UNFINISHED = 1000
ADMIT = "wardkeep.admit"
# A request line and headers: our longest address is a search.
LONGEST_HEAD = 16 * 1024
# ": " and CR LF.
_BESIDE = 4


class HeadTooLongError(Exception):
    """Address, headers and trailers of a request are longer than LONGEST_HEAD together."""


class UnfinishedRequests:
    """The connections whose request is awaited, the oldest first."""

    def __init__(self, seconds: float = REQUEST_SECONDS, most: int = MOST_UNFINISHED) -> None:
        self._seconds, self._most = seconds, most
        self._timers: dict[asyncio.Transport, asyncio.TimerHandle] = {}

    def begun(self, transport: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        """Give a connection its time, if it does not run already."""
        if transport in self._timers or transport.is_closing():
            return
        if len(self._timers) >= self._most:
            self._close(next(iter(self._timers)))
        self._timers[transport] = loop.call_later(self._seconds, self._close, transport)

    def ended(self, transport: asyncio.Transport) -> None:
        """Take note that the request is there or the connection is gone."""
        timer = self._timers.pop(transport, None)
        if timer is not None:
            timer.cancel()

    def _close(self, transport: asyncio.Transport) -> None:
        self.ended(transport)
        # Not `close`, which waits until the other side has read what we sent.
        transport.abort()


class PunctualProtocol(HttpToolsProtocol):
    """uvicorn's HTTP/1.1, which limits neither the time of a request nor its head.

    Whoever serves may admit a body: `scope["state"][ADMIT]()`. It then may take longer,
    and who admitted it keeps its time.
    """

    def __init__(
        self,
        unfinished: UnfinishedRequests,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._unfinished = unfinished
        self._is_awaited, self._is_admitted = True, False
        self._head = 0

    @override
    def connection_made(  # type: ignore[override]  # as uvicorn's own, asyncio says less
        self, transport: asyncio.Transport
    ) -> None:
        """Begin to wait for the first request."""
        super().connection_made(transport)
        self._unfinished.begun(transport, self.loop)

    @override
    def data_received(self, data: bytes) -> None:
        """Take bytes; stop waiting where they end a request."""
        self._is_awaited = True
        super().data_received(data)
        self._keep_time()

    @override
    def on_message_begin(self) -> None:
        """Wait for the end of another request."""
        self._is_awaited, self._is_admitted, self._head = True, False, 0
        super().on_message_begin()
        self.scope["state"][ADMIT] = self._admit

    @override
    def on_url(self, url: bytes) -> None:
        """Take a piece of the address."""
        self._grow(len(url))
        super().on_url(url)

    @override
    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header or a trailer."""
        self._grow(len(name) + len(value) + _BESIDE)
        super().on_header(name, value)

    @override
    def on_message_complete(self) -> None:
        """Wait no more."""
        self._is_awaited = self._is_admitted = False
        super().on_message_complete()

    @override
    def on_response_complete(self) -> None:
        """Give what may still come of an admitted body its time: nobody reads it any more."""
        self._is_admitted = False
        super().on_response_complete()
        self._keep_time()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._unfinished.ended(self.transport)
        super().connection_lost(exc)

    def _admit(self) -> None:
        if self._is_awaited:
            self._is_admitted = True
            self._keep_time()

    def _keep_time(self) -> None:
        if self._is_awaited and not self._is_admitted:
            self._unfinished.begun(self.transport, self.loop)
        else:
            self._unfinished.ended(self.transport)

    def _grow(self, size: int) -> None:
        self._head += size
        if self._head > LONGEST_HEAD:
            # The parser ends what raises here: 400, and the connection is closed.
            raise HeadTooLongError
