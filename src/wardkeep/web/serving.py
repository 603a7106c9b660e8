"""Serves the web on its port until SIGTERM: open event streams end first, the status is 0."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import cast

import uvicorn
import uvloop
from litestar import Litestar
from litestar.enums import ScopeType
from litestar.types import ASGIApp, Receive, Scope, Send
from typing_extensions import override

from wardkeep.hospital.site import Site
from wardkeep.web.door.door import Door
from wardkeep.web.door.lane import LaneProtocol
from wardkeep.web.one_framing import one_framing
from wardkeep.web.punctual import PunctualProtocol, UnfinishedRequests

# SIGTERM must end everything within 5 s: streams end at once, a page under way has 3 s.
_LAST_PAGES_SECONDS = 3
# Every ward PC of a hospital of 1,500 holds one stream; the rest are pages under way.
_MOST_CONNECTIONS = 4000


class _Server(uvicorn.Server):
    """uvicorn that tells when it listens and leaves signals to us.

    Its own handling raises the signal again at the end, which would make the status -15.
    """

    def __init__(self, config: uvicorn.Config, ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._ready = ready

    @override
    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Open the port, then say so."""
        await super().startup(sockets)
        if self.started:
            self._ready()

    @override
    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield


def serve(
    app: Litestar,
    site: Site,
    ready: Callable[[], None],
    unfinished: UnfinishedRequests | None = None,
    door: Door | None = None,
) -> int:
    """Serve the app at the site's web address until SIGTERM or SIGINT; return 0.

    Calls `ready` once the port is open. Returns 1 if it could not be opened. HTTPS where the
    site names a certificate; app.settings sees to it that only loopback goes without. `door`
    answers what is below /fhir. `unfinished` says how long a request may take to come
    (web.punctual).
    """
    config = uvicorn.Config(
        one_framing(app if door is None else beside(app, door)),
        # uvicorn calls it for each connection and asks for no more of a class.
        http=cast("type[PunctualProtocol]", _protocol(unfinished, door)),
        host=site.web_host,
        port=site.web_port,
        ssl_certfile=site.web_certificate,
        ssl_keyfile=site.web_key,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_LAST_PAGES_SECONDS,
        lifespan="on",
    )
    server = _Server(config, ready)
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        status = runner.run(_until_signal(server, app))
        if door is not None:
            runner.run(door.close())
        return status


def _protocol(
    unfinished: UnfinishedRequests | None, door: Door | None
) -> Callable[..., PunctualProtocol]:
    awaited = unfinished or UnfinishedRequests()
    if door is None:
        return partial(PunctualProtocol, awaited)
    return partial(LaneProtocol, awaited, door)


def beside(app: Litestar, door: Door) -> ASGIApp:
    """Return an application that leads what is below /fhir to the door, the rest to the app."""

    async def lead(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == ScopeType.HTTP:
            door.keep_on()
        if scope["type"] == ScopeType.HTTP and door.opens(scope["path"]):
            await door(scope, receive, send)
        else:
            await app(scope, receive, send)

    return lead


async def _until_signal(server: _Server, app: Litestar) -> int:
    loop = asyncio.get_running_loop()

    def stop() -> None:
        app.state.web.close()
        server.should_exit = True

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop)
    try:
        await server.serve()
    except SystemExit:
        # uvicorn ends the process itself when the port is taken.
        return 1
    return 0 if server.started else 1
