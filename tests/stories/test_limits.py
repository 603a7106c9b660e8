"""Disks, files and quotas run out under a real server: nothing is acknowledged and not kept."""

from __future__ import annotations

import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.stories.site_server import END, ENVIRONMENT, VT, SiteServer, message, wardkeep

from wardkeep.adapters.clock import now
from wardkeep.adapters.host import free_bytes, free_port
from wardkeep.alarm.state import Alarm
from wardkeep.app import processes
from wardkeep.app.alarms import ask_standing, without_writer
from wardkeep.app.folder import HospitalFolder, open_folder

_AWAY = ("unshare", "--map-root-user", "--mount", "sh", "-c")
_SERVE = (sys.executable, "-m", "wardkeep", "serve")


def codes(folder: HospitalFolder) -> set[str]:
    return {alarm.code for alarm in ask_standing(folder)}


def known(folder: HospitalFolder) -> list[Alarm]:
    """Return what `wardkeep alarms` says, whether or not the writer answers."""
    return without_writer(folder, now())


def is_acknowledged(port: int, body: bytes, patience: float = 20.0) -> bool:
    """Say whether a message got an answer; without one its sender keeps it."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as line:
        try:
            line.sendall(VT + body + END)
            return line.recv(65536).startswith(VT + b"MSH")
        except (TimeoutError, ConnectionError):
            return False


class Walled(SiteServer):
    """A server whose clinical ledger lies on a small disk of its own, in its own namespace."""

    def __init__(self, folder: Path, options: str) -> None:
        super().__init__(folder)
        self.options = options

    def wall(self) -> None:
        """Start the server behind its wall; `READY` is not waited for."""
        script = (
            'mount -t tmpfs -o "$1" small "$0/clinical" && cd "$0/clinical" && '
            '(i=0; while [ -n "$2" ] && : >filler-$i; do i=$((i+1)); done 2>/dev/null); '
            'cd / && exec "$3" -m wardkeep serve "$0"'
        )
        fill = "yes" if "nr_inodes" in self.options else ""
        self.process = subprocess.Popen(
            [*_AWAY, script, str(self.folder), self.options, fill, sys.executable],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    @property
    def disk(self) -> Path:
        """The small disk, as seen from outside of the namespace."""
        assert self.process is not None
        return Path(f"/proc/{self.process.pid}/root{self.folder}/clinical")

    def give_back(self) -> None:
        """Let the system mount the disk for writing again."""
        assert self.process is not None
        into = ["nsenter", f"--target={self.process.pid}", "--user", "--mount"]
        mount = ["mount", "-o", "remount,rw", str(self.folder / "clinical")]
        subprocess.run([*into, *mount], check=True)


@pytest.fixture
def walled(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Walled]:
    server = Walled(tmp_path / "hospital", request.param)
    server.wall()
    yield server
    server.kill()


@pytest.mark.parametrize("walled", ["size=8m"], indirect=True)
def test_on_a_full_disk_nobody_is_answered_until_there_is_room(
    walled: Walled,
) -> None:
    walled.await_ready()
    folder = open_folder(walled.folder)
    assert is_acknowledged(walled.mllp_port, message(1))
    filler = walled.disk / "filler"
    with filler.open("wb", buffering=0) as stream:
        try:
            while True:
                stream.write(bytes(65536))
        except OSError:
            pass
    # What the file has left is used up by large messages first.
    kept = 0
    while is_acknowledged(walled.mllp_port, message(10 + kept) + b"NTE|1||" + b"x" * 400_000):
        kept += 1
        assert kept < 40
    walled.await_that(lambda: "clinical-not-stored" in codes(folder))
    filler.unlink()
    walled.await_that(lambda: is_acknowledged(walled.mllp_port, message(2)))
    walled.await_that(lambda: codes(folder) == set())


@pytest.mark.parametrize("walled", ["size=8m,ro"], indirect=True)
def test_a_disk_that_the_system_took_back_is_used_as_soon_as_it_is_given_back(
    walled: Walled,
) -> None:
    folder = open_folder(walled.folder)
    # Nobody listens, so nobody is answered; whoever asks is told why.
    walled.await_that(lambda: bool(processes.read(folder)))
    walled.await_that(lambda: ("process-down", "writer") in {a.name for a in known(folder)})
    with pytest.raises(ConnectionRefusedError):
        is_acknowledged(walled.mllp_port, message(1))
    walled.give_back()
    walled.await_ready()
    assert is_acknowledged(walled.mllp_port, message(1))
    walled.await_that(lambda: codes(folder) == set())


@pytest.mark.parametrize("walled", ["size=64m,nr_inodes=40"], indirect=True)
def test_a_disk_that_takes_no_new_file_holds_the_first_message_until_it_does(
    walled: Walled,
) -> None:
    walled.await_ready()
    folder = open_folder(walled.folder)
    assert not is_acknowledged(walled.mllp_port, message(1))
    walled.await_that(lambda: "clinical-not-stored" in codes(folder))
    for path in walled.disk.glob("filler-*"):
        path.unlink()
    walled.await_that(lambda: is_acknowledged(walled.mllp_port, message(1)))
    walled.await_that(lambda: codes(folder) == set())


def settings(server: SiteServer, text: str, **changes: str) -> None:
    """Add tables to the settings, and keys above them all."""
    path = server.folder / "wardkeep.toml"
    above = "".join(f"{key} = {value}\n" for key, value in changes.items())
    path.write_text(above + path.read_text() + text)


def feed(name: str, port: int, **keys: str) -> str:
    lines = "".join(f"{key} = {value}\n" for key, value in keys.items())
    return f'[[feeds]]\nname = "{name}"\nport = {port}\n{lines}'


def test_a_flood_ends_at_its_quota_and_the_reserve_is_kept_for_admissions(
    tmp_path: Path,
) -> None:
    server = SiteServer(tmp_path / "hospital")
    flooded, pictures = free_port(), free_port()
    # The disk has less free than the reserve, and more than its last tenth.
    reserve = 2 * free_bytes(tmp_path)
    settings(
        server,
        feed("lab", flooded, daily_quota_bytes="1_000_000", max_message_bytes="500_000")
        + feed("pictures", pictures, streams='["imaging"]'),
        disk_reserve_bytes=str(reserve),
    )
    server.start()
    folder = open_folder(server.folder)
    try:
        assert not is_acknowledged(pictures, message(1), patience=3)
        assert is_acknowledged(server.mllp_port, message(1))
        server.await_that(lambda: "feed-waits-for-disk" in codes(folder))
        kept = []
        for number in range(40):
            body = message(100 + number) + b"NTE|1||" + b"x" * 99_000 + b"\r"
            if not is_acknowledged(flooded, body, patience=3):
                break
            kept.append(number)
            if len(kept) == 9:
                server.await_that(lambda: "feed-near-quota" in codes(folder))
        # A megabyte of messages, and the one with which the quota was reached.
        assert 9 <= len(kept) <= 11
        server.await_that(lambda: "feed-quota" in codes(folder))
        assert is_acknowledged(server.mllp_port, message(2))
        standing = {a.code: a.subject for a in ask_standing(folder)}
        assert standing["feed-quota"] == "lab"
        assert standing["feed-waits-for-disk"] == "pictures"
    finally:
        server.stop()
    # What was acknowledged is in the ledger, and nothing else is.
    entries = wardkeep("verify", server.folder, "--json")
    assert re.search(rf'"clinical": {len(kept) + 2}\b', entries), entries
    # A restart goes on from what was taken: the quota is the day's, not the process's.
    server.start()
    try:
        assert not is_acknowledged(flooded, message(999), patience=3)
    finally:
        server.stop()


def test_whoever_opens_every_connection_keeps_nobody_else_from_being_stored(
    tmp_path: Path,
) -> None:
    server = SiteServer(tmp_path / "hospital")
    server.process = subprocess.Popen(
        ["prlimit", "--nofile=300:300", *_SERVE, str(server.folder)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    server.await_ready()
    folder = open_folder(server.folder)
    lines = []
    try:
        with socket.create_connection(("127.0.0.1", server.mllp_port), timeout=20) as early:
            early.sendall(VT + message(1) + END)
            assert early.recv(65536)
            lines = [
                socket.create_connection(("127.0.0.1", server.mllp_port), timeout=20)
                for _ in range(80)
            ]
            server.await_that(lambda: "files-low" in codes(folder))
            early.sendall(VT + message(2) + END)
            assert early.recv(65536).startswith(VT + b"MSH")
            assert not is_acknowledged(server.mllp_port, message(3))
        for line in lines:
            line.close()
        server.await_that(lambda: codes(folder) == set())
        server.await_that(lambda: is_acknowledged(server.mllp_port, message(3)))
    finally:
        for line in lines:
            line.close()
        server.stop()
