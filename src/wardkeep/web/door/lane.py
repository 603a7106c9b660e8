"""The short way to the door: what senders send all day is answered without an application.

Between two requests of a busy sender stand some hundred microseconds. A task, a queue of
messages and an event a request, as ASGI has them, are most of that. So a request whose head
says all that is needed is read by the connection itself: its token was shown before, its length
is told, nothing before it waits. Any other goes to the application, where the same door looks
longer and says why it refuses. What is kept, answered and counted is the same on both ways.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import Any

from typing_extensions import override
from uvicorn.config import Config
from uvicorn.server import ServerState

from wardkeep.adapters.mllp_room import Room
from wardkeep.web.door.body import GRACE_SECONDS, LOWEST_RATE, too_slow
from wardkeep.web.door.door import Admitted, Door, raw_headers
from wardkeep.web.punctual import PunctualProtocol, UnfinishedRequests
from wardkeep.wire.fhir_rest.answers import Answer
from wardkeep.wire.fhir_rest.interaction import BASE
from wardkeep.wire.fhir_rest.request import headers_of

_BASE = BASE.encode()
_METHODS = frozenset({b"POST", b"PUT"})
# Their bodies are not as long as they say, or not to be read yet.
_FRAMING = frozenset({b"transfer-encoding", b"expect", b"upgrade"})
_LINES = {each.value: f"HTTP/1.1 {each.value} {each.phrase}".encode() for each in HTTPStatus}


class Passage:
    """One request on the short way (port: adapters.mllp_room.Reader).

    Has what uvicorn asks of the request of a connection (RequestResponseCycle).
    """

    message_event = asyncio.Event()  # nobody waits for it

    def __init__(self, line: LaneProtocol, admitted: Admitted, *, keep_alive: bool) -> None:
        self._line, self._admitted = line, admitted
        self.keep_alive = keep_alive
        self.response_complete = self.disconnected = False
        self.more_body = True
        self._parts: list[bytes] = []
        self._held = 0
        self._begun, self._waited = line.loop.time(), 0.0
        self._halted: float | None = None
        self._timer: asyncio.TimerHandle | None = None

    def part(self, body: bytes) -> None:
        """Take a piece of the body."""
        self._parts.append(body)
        self._held += len(body)

    def await_more(self) -> None:
        """Take note that the body is not whole yet: it uses up memory and time."""
        if self._timer is None:
            self._timer = self._line.loop.call_later(GRACE_SECONDS, self._look_at_time)
        self._line.room.grew(self, self._held, anew=False)

    def hold(self, reason: int) -> None:
        """Read nothing more for now: bodies on their way use up their memory."""
        del reason
        self._halted = self._line.loop.time()
        self._line.flow.pause_reading()

    def release(self, reason: int) -> None:
        """Read again; our own wait is not the sender's."""
        del reason
        if self._halted is not None:
            self._waited += self._line.loop.time() - self._halted
            self._halted = None
        self._line.flow.resume_reading()

    def whole(self) -> None:
        """Hand the body to the door, which answers after the commit."""
        self._let_go()
        body = self._parts[0] if len(self._parts) == 1 else b"".join(self._parts)
        self._parts.clear()
        self._line.door.take(self._admitted, body, self._answer)

    def gone(self) -> None:
        """Take note that the connection is lost."""
        if self.more_body and not self.response_complete:
            self._let_go()
            self._line.door.gone(self._admitted)

    def _let_go(self) -> None:
        self.more_body = False
        if self._timer is not None:
            self._timer.cancel()
            self._line.room.ended(self)

    def _look_at_time(self) -> None:
        loop = self._line.loop
        waited = self._waited + (loop.time() - self._halted if self._halted else 0.0)
        until = self._begun + waited + GRACE_SECONDS + self._held / LOWEST_RATE
        if loop.time() < until:
            self._timer = loop.call_at(until, self._look_at_time)
            return
        self._let_go()
        self._answer(self._line.door.leave(self._admitted, too_slow()))

    def _answer(self, answered: Answer) -> None:
        self.response_complete = True
        self._line.answer(answered, keep_alive=self.keep_alive)


class LaneProtocol(PunctualProtocol):
    """Whoever connects; requests below /fhir take the short way where they can."""

    def __init__(
        self,
        unfinished: UnfinishedRequests,
        door: Door,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(unfinished, config, server_state, app_state, _loop)
        self.door = door
        self._passage: Passage | None = None

    @property
    def room(self) -> Room:
        """What bodies on their way may hold."""
        return self.door.room

    @override
    def on_message_begin(self) -> None:
        """Begin a request; one that came in one piece with a refused one ends its silence."""
        self._unset_keepalive_if_required()
        super().on_message_begin()

    @override
    def on_headers_complete(self) -> None:
        """Lead a request on the short way or to the application."""
        admitted = self._admitted_at_once() if self.url.startswith(_BASE) else None
        if admitted is None:
            self._passage = None
            super().on_headers_complete()
            return
        self._passage = Passage(self, admitted, keep_alive=self.parser.should_keep_alive())
        self.cycle = self._passage  # type: ignore[assignment]  # see Passage
        self._admit()

    @override
    def on_body(self, body: bytes) -> None:
        """Take a piece of a body."""
        if self._passage is None:
            super().on_body(body)
        else:
            self._passage.part(body)

    @override
    def on_message_complete(self) -> None:
        """Hand over what is whole."""
        passage, self._passage = self._passage, None
        super().on_message_complete()
        if passage is not None and not passage.response_complete:
            passage.whole()

    @override
    def data_received(self, data: bytes) -> None:
        """Take bytes; keep the time of a body that they do not end."""
        super().data_received(data)
        if self._passage is not None and not self._passage.response_complete:
            self._passage.await_more()

    @override
    def connection_lost(self, exc: Exception | None) -> None:
        """Wait for no more of a body."""
        if self._passage is not None:
            self._passage.gone()
        super().connection_lost(exc)

    def answer(self, answered: Answer, *, keep_alive: bool) -> None:
        """Write an answer, and go on to the next request."""
        if self.transport.is_closing():
            return
        lines = [_LINES[answered.status]]
        headers = raw_headers(answered, secure=self.door.is_secure)
        says_so = "connection" in answered.headers
        stays = keep_alive and not says_so
        if not (stays or says_so):
            headers.append((b"connection", b"close"))
        lines += [b"%s: %s" % each for each in (*self.server_state.default_headers, *headers)]
        self.transport.write(b"\r\n".join((*lines, b"", answered.body)))
        if not stays:
            self.transport.close()
        self.on_response_complete()

    def _admitted_at_once(self) -> Admitted | None:
        method = self.parser.get_method()
        if method not in _METHODS or b"%" in self.url or not self._is_plain():
            return None
        headers = headers_of(self.headers)
        if not headers.content_length or self.client is None or self.scheme is None:
            return None
        peer = self.client[0], self.scheme
        path = self.url.decode("latin-1")
        if not self.door.opens(path):
            return None
        return self.door.admit_at_once(method.decode(), path, headers, peer)

    def _is_plain(self) -> bool:
        """Say whether nothing about the request or what was before it asks for care."""
        before = self.cycle
        is_first = before is None or before.response_complete  # type: ignore[redundant-expr]  # uvicorn begins with None
        is_crowded = len(self.connections) >= (self.limit_concurrency or 0)
        is_modern = self.parser.get_http_version() == "1.1"
        waits = self.flow.write_paused or self.transport.is_closing()
        is_framed = any(name in _FRAMING for name, _ in self.headers)
        return is_first and is_modern and not (is_crowded or waits or is_framed)
