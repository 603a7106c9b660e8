"""A real site server in a folder of the test's own, driven through the real command line."""

from __future__ import annotations

import itertools
import json
import os
import re
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import httpx
from typing_extensions import override

from wardkeep.adapters.host import port_is_free

ROOT = Path(__file__).resolve().parents[2]
ENVIRONMENT = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
PATIENCE_SECONDS = 600
"""How long anything is waited for: other suites may run on the same few processors."""
VT, END = b"\x0b", b"\x1c\r"


def wardkeep(*words: str | Path, status: int = 0, words_in: str = "") -> str:
    """Run a verb to its end and return what it printed; its exit status must be as said."""
    done = subprocess.run(
        [sys.executable, "-m", "wardkeep", *map(str, words)],
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        input=words_in,
        text=True,
        timeout=2 * PATIENCE_SECONDS,
    )
    assert done.returncode == status, done.stderr
    return done.stdout


# Below those that the system gives to whoever connects (Linux, ip_local_port_range): one of
# these, once chosen, is taken by nobody before it is listened on.
_PORTS = range(12_000, 32_000)
_ports = itertools.cycle(
    [*_PORTS[(begin := secrets.randbelow(len(_PORTS))) :], *_PORTS[:begin]]
)


def free_port() -> int:
    """Return a port that nobody listens on; never the same one soon."""
    return next(port for port in _ports if port_is_free("127.0.0.1", port))


def await_that(holds: Callable[[], object]) -> None:
    """Return as soon as something holds that another process or thread brings about."""
    until = time.monotonic() + PATIENCE_SECONDS
    while not holds():
        assert time.monotonic() < until, "it never came about"
        time.sleep(0.02)  # told by nothing


def clear_of_midnight(seconds: float = 300) -> None:
    """Wait until no day (UTC) ends within some seconds: for what counts by the day."""
    left = 86_400 - time.time() % 86_400
    if left < seconds:
        time.sleep(left + 1)


def message(
    number: int, record: str = "4711", ward: str = "A2", at: str = "20260517033000"
) -> bytes:
    """Return an admission whose MSH-10 is its number."""
    return (
        f"MSH|^~\\&|ADT|H|WK|H|{at}||ADT^A01^ADT_A01|M{number:07}|P|2.5\r"
        f"EVN||{at}\rPID|||{record}^^^H^MR||Peeters^An||19340307|F\r"
        f"PV1||I|{ward}^12^2^H||||123^Maes||||||||||||V{record}\r"
        "AL1|1|DA|^Penicillin|SV|Rash\r"
    ).encode()


LAUNCHED: list[subprocess.Popen[str]] = []
"""Every server that was started, so that none outlives a test that failed (conftest)."""


class SiteServer:
    """A hospital folder and, between `start` and `stop`, the server on it."""

    verb = "serve"

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.mllp_port, self.web_port = free_port(), free_port()
        made = wardkeep(
            "init",
            folder,
            "--mllp-port",
            str(self.mllp_port),
            "--web-port",
            str(self.web_port),
            "--json",
        )
        self.made: dict[str, Any] = json.loads(made)
        # Second factors have tests of their own: here a password is enough.
        with (folder / "wardkeep.toml").open("a") as settings:
            settings.write("\n[login]\nsecond_factor_roles = []\n")
        self.process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        """Start the server and return when it says READY; what it says goes to a file."""
        # Not a pipe: nobody reads it, and a server that says much would stand still.
        with self.said.open("a") as said:
            self.launch(said)
        self.await_ready()

    @property
    def said(self) -> Path:
        """Where what the server says lies, beside its folder."""
        return self.folder.with_name(f"{self.folder.name}-said.txt")

    def launch(self, said: IO[str] | int = subprocess.PIPE) -> subprocess.Popen[str]:
        """Start the server and return at once."""
        # It ends with the tests: one that outlived them would slow others down.
        with_us = ["setpriv", "--pdeathsig", "KILL"]
        self.process = subprocess.Popen(
            [*with_us, sys.executable, "-m", "wardkeep", self.verb, str(self.folder)],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
        LAUNCHED.append(self.process)
        return self.process

    def await_ready(self) -> None:
        """Return when the server says READY."""
        assert self.process is not None
        assert self.process.stdout is not None
        if self.process.stdout.readline() != "READY\n":
            _, piped = self.process.communicate(timeout=PATIENCE_SECONDS)
            raise AssertionError(piped or self.said.read_text())

    def await_listener(self) -> None:
        """Return when the feed is listened to; READY may come before."""
        await_that(lambda: _is_open(self.mllp_port))

    def await_web(self) -> None:
        """Return when the screens are served; READY may come later."""
        await_that(lambda: _is_open(self.web_port))

    def await_that(self, holds: Callable[[], object]) -> None:
        """Return when something of the running server holds."""
        await_that(holds)

    def stop(self) -> int:
        """End the server by SIGTERM and return its exit status."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        self.process.communicate(timeout=PATIENCE_SECONDS)
        status = self.process.returncode
        self.process = None
        return status

    def kill(self) -> None:
        """Kill the supervisor; its children end by themselves."""
        if self.process is not None:
            self.process.kill()
            self.process.communicate(timeout=PATIENCE_SECONDS)
            self.process = None

    def children(self) -> dict[str, int]:
        """Return the process id of each program, by the last word of its module."""
        found = {}
        for entry in Path("/proc").iterdir():
            if not entry.name.isdigit():
                continue
            try:
                words = (entry / "cmdline").read_bytes().split(b"\0")
            except OSError:
                continue
            if str(self.folder).encode() in words and b"-m" in words:
                module = words[words.index(b"-m") + 1].decode()
                found[module] = int(entry.name)
        return found

    def child(self, module: str) -> int:
        """Return a program's process id, as soon as it is there (again)."""
        found: list[int] = []

        def is_there() -> bool:
            found[:] = [number for name, number in self.children().items() if name == module]
            return bool(found)

        await_that(is_there)
        return found[0]

    def send(self, *bodies: bytes) -> list[bytes]:
        """Send messages on one connection, each after the answer to the one before."""
        answers = []
        with socket.create_connection(("127.0.0.1", self.mllp_port), PATIENCE_SECONDS) as line:
            for body in bodies:
                line.sendall(VT + body + END)
                answer = b""
                while not answer.endswith(END):
                    got = line.recv(65536)
                    if not got:
                        raise ConnectionError
                    answer += got
                answers.append(answer)
        return answers


def _is_open(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS).close()
    except ConnectionRefusedError:
        return False
    return True


class Nurse(httpx.Client):
    """A browser; whoever sits at it loads a page again that says not now (503), some times."""

    _MOST_AGAIN = 50

    @override
    def request(self, method: str, *words: Any, **more: Any) -> httpx.Response:
        answer = super().request(method, *words, **more)
        for _ in range(self._MOST_AGAIN):
            if method != "GET" or answer.status_code != 503:
                break
            time.sleep(0.2)  # told by nothing: the writer was too slow to record a look
            answer = super().request(method, *words, **more)
        return answer


@contextmanager
def browser(server: SiteServer) -> Iterator[httpx.Client]:
    """Give a client that is logged in with the first account."""
    address = f"http://127.0.0.1:{server.web_port}"
    with Nurse(base_url=address, timeout=PATIENCE_SECONDS) as client:
        page = client.get("/login").text
        token = re.findall(r'name="token" value="([^"]+)"', page)[-1]
        fields = {
            "name": server.made["account"],
            "password": server.made["password"],
            "token": token,
        }
        assert client.post("/login", data=fields).status_code == 303
        yield client
