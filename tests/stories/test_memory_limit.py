"""Memory runs out under a real server: nothing is acknowledged and not kept, and it goes on."""

from __future__ import annotations

import os
import resource
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from tests.stories.site_server import END, ENVIRONMENT, VT, SiteServer, message

from wardkeep.adapters.clinical_store import ClinicalLedger
from wardkeep.app.alarms import ask_standing
from wardkeep.app.errors import NotRunningError
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.site_keys import open_keys
from wardkeep.ledger.arrival import Kind

MB = 1024 * 1024
_TRIES = 60


def large(number: int, size: int) -> bytes:
    return message(number) + b"NTE|1||" + b"x" * size + b"\r"


def is_acknowledged(port: int, body: bytes) -> bool:
    """Say whether a message was answered; without an answer its sender keeps it."""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=60) as line:
            line.sendall(VT + body + END)
            return line.recv(65536).startswith(VT + b"MSH")
    except OSError:
        return False


def kept(folder: HospitalFolder) -> set[bytes]:
    """Return the ids of the messages that the ledger holds."""
    with closing(ClinicalLedger(folder.clinical, open_keys(folder))) as ledger:
        found, after = set[bytes](), 0
        while entries := ledger.after(after, 5):
            found |= {e.control for e in entries if e.kind is Kind.HL7}
            after = entries[-1].sequence
    return found


def standing(folder: HospitalFolder) -> set[str]:
    """Return the codes that stand; none while the writer is being started again."""
    try:
        return {alarm.code for alarm in ask_standing(folder)}
    except NotRunningError:
        return set()


def is_quiet(folder: HospitalFolder) -> bool:
    """Say whether the writer answers, and no alarm stands."""
    try:
        return not ask_standing(folder)
    except NotRunningError:
        return False


def address_space(process: int) -> int:
    """Return the bytes of a process's address space (proc(5), statm)."""
    pages = int(Path(f"/proc/{process}/statm").read_text().split()[0])
    return pages * resource.getpagesize()


def test_a_writer_that_gets_no_more_memory_acknowledges_nothing_that_it_could_not_keep(
    server: SiteServer,
) -> None:
    folder = open_folder(server.folder)
    assert is_acknowledged(server.mllp_port, message(1))
    writer = server.child("wardkeep.app.writer_process")
    most = address_space(writer) + 24 * MB
    resource.prlimit(writer, resource.RLIMIT_AS, (most, most))
    assert not is_acknowledged(server.mllp_port, large(2, 60 * MB))
    # The same writer, or the one that was started in its place.
    server.await_that(lambda: is_acknowledged(server.mllp_port, message(5)))
    server.await_that(lambda: is_quiet(folder))
    server.stop()
    assert kept(folder) == {b"M0000001", b"M0000005"}


class ControlGroup:
    """A control group with a bound of memory, for a server alone; version 1 or 2."""

    def __init__(self, name: str) -> None:
        first = Path("/sys/fs/cgroup/memory")
        self._v1 = (first / "memory.limit_in_bytes").exists()
        self.path = (first if self._v1 else first.parent) / name
        try:
            self.path.mkdir()
            self.allow(2**40)
        except OSError as fault:
            pytest.fail(f"this test needs root and control groups that can be made: {fault}")

    def allow(self, most: int) -> None:
        """Bound the memory of the group; raises OSError where so much cannot be freed."""
        name = "memory.limit_in_bytes" if self._v1 else "memory.max"
        (self.path / name).write_text(str(most))

    @property
    def used(self) -> int:
        """The bytes in use, without pages of files that may be dropped."""
        total = "total_" if self._v1 else ""
        droppable = {f"{total}inactive_file", f"{total}active_file"}
        stat = [line.split() for line in (self.path / "memory.stat").read_text().splitlines()]
        name = "memory.usage_in_bytes" if self._v1 else "memory.current"
        used = int((self.path / name).read_text())
        return used - sum(int(value) for key, value in stat if key in droppable)

    @property
    def killed(self) -> int:
        """How many processes the system killed for want of memory."""
        told = self.path / ("memory.oom_control" if self._v1 else "memory.events")
        return int(dict(line.split() for line in told.read_text().splitlines())["oom_kill"])


@pytest.fixture
def group() -> Iterator[ControlGroup]:
    made = ControlGroup(f"wardkeep-{os.getpid()}")
    yield made
    for _ in range(_TRIES * 10):
        if not (made.path / "cgroup.procs").read_text():
            break
        time.sleep(0.1)  # told by nothing: the last process has left it
    made.path.rmdir()


@pytest.mark.long
def test_a_server_whose_memory_is_full_says_so_and_keeps_all_that_it_acknowledged(
    tmp_path: Path, group: ControlGroup
) -> None:
    server = SiteServer(tmp_path / "hospital")
    join = 'echo $$ >"$0" && exec "$@"'
    serve = [sys.executable, "-m", "wardkeep", "serve", str(server.folder)]
    with server.said.open("a") as said:
        server.process = subprocess.Popen(
            ["sh", "-c", join, str(group.path / "cgroup.procs"), *serve],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    server.await_ready()
    folder = open_folder(server.folder)
    try:
        assert is_acknowledged(server.mllp_port, message(1))
        server.await_that(lambda: is_quiet(folder))
        group.allow(int(group.used * 1.04))
        server.await_that(lambda: "memory-low" in standing(folder))
        group.allow(group.used + 48 * MB)
        acknowledged, number = {1}, 1
        while not group.killed:
            numbers = range(number + 1, number + 9)
            number += 8
            assert number < 8 * _TRIES, "the bound was never met"
            with ThreadPoolExecutor(8) as senders:
                answers = senders.map(
                    lambda n: is_acknowledged(server.mllp_port, large(n, 30 * MB)), numbers
                )
                acknowledged |= {n for n, yes in zip(numbers, answers, strict=True) if yes}
        group.allow(2**40)
        server.await_that(lambda: is_acknowledged(server.mllp_port, message(9_999)))
        server.await_that(lambda: is_quiet(folder))
        server.stop()
        assert {b"M%07d" % n for n in (*acknowledged, 9_999)} <= kept(folder)
    finally:
        server.kill()
