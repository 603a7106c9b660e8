"""Requests must be sent whole and soon: who begins one and never ends it holds no socket.

Rules kept here:
- A request, head and body, is there SECONDS after its connection or its first byte, or the
  connection is closed. An answer may take as long as it likes: event streams stay open.
- Of unfinished requests only so many are held; for one more the oldest goes, whose time is the
  nearest to its end. So slow senders crowd out each other and not the screens.
"""

from __future__ import annotations

import asyncio
from typing import Any

import h11
from typing_extensions import override
from uvicorn.config import Config
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

# An old PC on a bad line sends its 2 kB in one packet; a phone that lost the line tries again.
REQUEST_SECONDS = 10.0
# A quarter of the connections (web.serving).
MOST_UNFINISHED = 1000
_SENDING = (h11.IDLE, h11.SEND_BODY)


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


class PunctualProtocol(H11Protocol):
    """uvicorn's HTTP/1.1, which sets no limit of time before the first request is complete."""

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
        super().data_received(data)
        if self.conn.their_state in _SENDING:
            self._unfinished.begun(self.transport, self.loop)
        else:
            self._unfinished.ended(self.transport)

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Wait no more."""
        self._unfinished.ended(self.transport)
        super().connection_lost(exc)
