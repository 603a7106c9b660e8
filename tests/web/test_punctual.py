from __future__ import annotations

import socket
from contextlib import ExitStack
from pathlib import Path

import pytest
from tests.stories.site_server import PATIENCE_SECONDS
from tests.web.test_serving import log_in, open_stream, served, session_cookie

AN_HOUR = "3600"
SHORT = "3"
"""Seconds: so long a whole request may take on a loaded machine, and still be answered."""


def connect(port: int, sent: bytes) -> socket.socket:
    connection = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    connection.sendall(sent)
    return connection


def closed(connection: socket.socket) -> bool:
    """Wait until the server closes the connection without an answer."""
    try:
        return connection.recv(4096) == b""
    except ConnectionResetError:
        return True


def still_open(connection: socket.socket) -> bool:
    connection.settimeout(0)
    try:
        return connection.recv(4096) != b""
    except BlockingIOError:
        return True


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        b"GET /login HTTP/1.1\r\nhost: x\r\n",
        b"POST /login HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nname=",
    ],
    ids=["nothing", "half a head", "half a body"],
)
def test_a_request_that_never_ends_is_closed(project: Path, sent: bytes) -> None:
    with (
        served(project, "--unfinished", "0.05", "10") as (_process, port),
        connect(port, sent) as slow,
    ):
        assert closed(slow)


def test_a_second_request_that_never_ends_is_closed_too(project: Path) -> None:
    with served(project, "--unfinished", SHORT, "10") as (_process, port):
        request = b"GET /login HTTP/1.1\r\nhost: x\r\n"
        with connect(port, request + b"\r\n") as slow:
            assert b"200 OK" in slow.recv(65536)
            slow.sendall(request)
            while more := slow.recv(65536):
                assert b"503" not in more


def test_an_event_stream_outlives_the_time_a_request_may_take(project: Path) -> None:
    with (
        served(project, "--unfinished", SHORT, "10") as (_process, port),
        open_stream(port, session_cookie(port)) as stream,
    ):
        # A slow request that began later is closed by now: the time of the stream is over too.
        with connect(port, b"GET /") as slow:
            assert closed(slow)
        assert still_open(stream)


def test_slow_senders_crowd_out_each_other_and_not_the_nurse(project: Path) -> None:
    with (
        served(project, "--unfinished", AN_HOUR, "20") as (_process, port),
        ExitStack() as opened,
    ):
        slow = [opened.enter_context(connect(port, b"GET / HTTP/1.1\r\n")) for _ in range(60)]
        assert log_in(port)[0] == 303
        assert all(closed(each) for each in slow[:40])
