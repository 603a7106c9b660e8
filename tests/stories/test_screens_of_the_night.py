"""The screens of a running site server, over real HTTP, with a real login."""

from __future__ import annotations

import os
import socket

from tests.stories.site_server import (
    PATIENCE_SECONDS,
    SiteServer,
    browser,
    message,
    wardkeep,
)

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.operations_store import read_looks
from wardkeep.app import processes
from wardkeep.app.folder import HospitalFolder
from wardkeep.app.processes import Process


def test_a_message_reaches_the_ward_board_and_the_look_is_recorded(server: SiteServer) -> None:
    with browser(server) as client:
        server.send(message(1, record="8001", ward="B2"))
        wardkeep("wards", server.folder, "--json")
        page = client.get("/ward", params={"code": "B2"})
        assert page.status_code == 200
        assert "PEETERS" in page.text.upper()
    looks = read_looks(server.folder / "access", load_key_ring(server.folder / "keys"))
    assert ("8001", server.made["account"]) in {(k.record, k.who) for k in looks}


def charts(server: SiteServer) -> Process:
    """Return what the supervisor says of the process that keeps the charts."""
    known = processes.read(HospitalFolder(server.folder))
    return next(each for each in known if each.name == "charts")


def test_the_overview_names_a_process_that_had_to_be_started_again(server: SiteServer) -> None:
    os.kill(server.child("wardkeep.app.chart_process"), 9)
    with browser(server) as client:
        server.await_that(lambda: charts(server).restarts and charts(server).running)
        assert client.get("/").status_code == 200
    assert charts(server).restarts == 1


def test_the_server_ends_cleanly_with_fifty_event_streams_open(server: SiteServer) -> None:
    with browser(server) as client:
        cookies = "; ".join(f"{name}={value}" for name, value in client.cookies.items())
        streams = []
        for _ in range(50):
            stream = socket.create_connection(
                ("127.0.0.1", server.web_port), timeout=PATIENCE_SECONDS
            )
            stream.sendall(
                f"GET /live HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookies}\r\n"
                "Accept: text/event-stream\r\n\r\n".encode()
            )
            head = stream.recv(2048)
            assert head.startswith(b"HTTP/1.1 200"), head
            assert b"text/event-stream" in head
            streams.append(stream)
    assert server.stop() == 0
    for stream in streams:
        stream.close()
