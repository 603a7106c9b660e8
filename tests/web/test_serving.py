from __future__ import annotations

import http.client
import re
import signal
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import ExitStack, contextmanager
from pathlib import Path
from urllib.parse import urlencode

from tests.stories.site_server import PATIENCE_SECONDS, free_port
from tests.web.handmade import PASSWORD


@contextmanager
def served(project: Path, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    port = free_port()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.web.serve_handmade", str(port), *arguments],
        cwd=project,
        env={"PYTHONPATH": "src:."},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "READY\n"
        yield process, port
    finally:
        process.kill()
        process.wait()
        if process.stdout is not None:
            process.stdout.close()


def log_in(
    port: int, name: str = "lea", password: str = PASSWORD, browser: str = ""
) -> tuple[int, list[str]]:
    """The status of a login and the cookies that came with it."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE_SECONDS)
    connection.request("GET", "/login")
    answer = connection.getresponse()
    form_cookie = (answer.getheader("set-cookie") or "").split(";")[0]
    token = re.findall(r'name="token" value="([^"]+)"', answer.read().decode())[-1]
    body = urlencode({"name": name, "password": password, "token": token})
    headers = {
        "cookie": f"{form_cookie}; {browser}",
        "content-type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/login", body, headers)
    answer = connection.getresponse()
    cookies = [each.split(";")[0] for each in answer.headers.get_all("set-cookie") or []]
    connection.close()
    return answer.status, cookies


def session_cookie(port: int) -> str:
    return log_in(port)[1][0]


def open_stream(port: int, cookie: str) -> socket.socket:
    stream = socket.create_connection(("127.0.0.1", port), timeout=PATIENCE_SECONDS)
    request = f"GET /live HTTP/1.1\r\nhost: x\r\ncookie: {cookie}\r\n\r\n"
    stream.sendall(request.encode())
    heard = b""
    while b"event: hello" not in heard:
        heard += stream.recv(4096)
    assert b"text/event-stream" in heard
    return stream


def rest_of(stream: socket.socket) -> bytes:
    """What a stream still says until its connection is closed."""
    heard = b""
    while more := stream.recv(4096):
        heard += more
    return heard


def test_with_fifty_event_streams_open_sigterm_ends_the_web_with_status_0(
    project: Path,
) -> None:
    with served(project) as (process, port), ExitStack() as streams:
        cookie, opened = session_cookie(port), list[socket.socket]()
        for _ in range(50):
            opened.append(streams.enter_context(open_stream(port, cookie)))
        process.send_signal(signal.SIGTERM)
        # Each is ended as HTTP has it, and none is cut off at the end of a server's patience.
        assert all(rest_of(stream).endswith(b"0\r\n\r\n") for stream in opened)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0


def test_a_port_that_is_taken_ends_the_web_with_status_1(project: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "tests.web.serve_handmade", str(port)],
            cwd=project,
            env={"PYTHONPATH": "src:."},
            capture_output=True,
            check=False,
        )
    assert done.returncode == 1
    assert b"READY" not in done.stdout


def test_away_from_loopback_the_web_speaks_https_with_the_sites_certificate(
    project: Path, certificate: tuple[Path, Path]
) -> None:
    with served(project, *map(str, certificate)) as (_process, port):
        trusted = ssl.create_default_context(cafile=str(certificate[0]))
        connection = http.client.HTTPSConnection("127.0.0.1", port, context=trusted)
        connection.request("GET", "/login")
        answer = connection.getresponse()
        assert answer.status == 200
        assert "max-age" in (answer.getheader("strict-transport-security") or "")
        connection.close()


def test_a_change_in_the_charts_reaches_an_open_stream(project: Path) -> None:
    with served(project) as (process, port):
        cookie = session_cookie(port)
        with open_stream(port, cookie) as stream:
            process.send_signal(signal.SIGUSR1)
            heard = b""
            while b"event: changed" not in heard:
                more = stream.recv(4096)
                assert more
                heard += more


def test_of_forty_guesses_sent_at_once_five_stand_in_line_and_hold_up_nobody_else(
    project: Path,
) -> None:
    with served(project) as (process, port), ThreadPoolExecutor(40) as guessers:
        browser = log_in(port)[1][1]
        assert [log_in(port, password="wrong")[0] for _ in range(2)] == [401, 401]
        guesses = [guessers.submit(log_in, port, "lea", "wrong") for _ in range(40)]
        done = as_completed(guesses, timeout=PATIENCE_SECONDS)
        turned_away = [next(done) for _ in range(35)]
        assert {guess.result()[0] for guess in turned_away} == {429}
        assert sum(guess.done() for guess in guesses) == 35
        assert log_in(port, "ines")[0] == 303
        assert log_in(port, "lea", browser=browser)[0] == 303
        process.send_signal(signal.SIGUSR2)
        assert [guess.result()[0] for guess in done] == [401] * 5
        assert log_in(port, "lea")[0] == 303
