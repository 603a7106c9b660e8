"""Disks, files and quotas run out under a real server: nothing is acknowledged and not kept."""

from __future__ import annotations

import contextlib
import itertools
import os
import re
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import msgspec
import pytest
from tests.stories.site_server import (
    END,
    ENVIRONMENT,
    PATIENCE_SECONDS,
    VT,
    SiteServer,
    clear_of_midnight,
    free_port,
    message,
    wardkeep,
)

from wardkeep.adapters import encrypted_database
from wardkeep.adapters.chained_file import key_path
from wardkeep.adapters.clock import now
from wardkeep.adapters.host import free_bytes, free_inodes
from wardkeep.alarm.state import Alarm, Name
from wardkeep.app import processes
from wardkeep.app.alarms import ask_standing, without_writer
from wardkeep.app.errors import NotRunningError
from wardkeep.app.folder import HospitalFolder, open_folder
from wardkeep.app.site_keys import open_keys
from wardkeep.kernel.times import DAY, HOUR
from wardkeep.sender.events import Trait
from wardkeep.sender.state import Memory

_AWAY = ("unshare", "--map-root-user", "--mount", "sh", "-c")
_SERVE = (sys.executable, "-m", "wardkeep", "serve")


def codes(folder: HospitalFolder) -> set[str]:
    """Return the codes that stand, or that nobody answers."""
    try:
        return {alarm.code for alarm in ask_standing(folder)}
    except NotRunningError:
        return {"no writer answers"}


def known(folder: HospitalFolder) -> list[Alarm]:
    """Return what `wardkeep alarms` says, whether or not the writer answers."""
    return without_writer(folder, now())


def is_acknowledged(port: int, body: bytes, patience: float = 60.0) -> bool:
    """Say whether a message got an answer; without one its sender keeps it."""
    with socket.create_connection(("127.0.0.1", port), timeout=patience) as line:
        try:
            line.sendall(VT + body + END)
            return line.recv(65536).startswith(VT + b"MSH")
        except (TimeoutError, ConnectionError):
            return False


def is_taken(port: int, body: bytes, refused: Callable[[], bool]) -> bool:
    """Say whether a message got an answer, however slow, or a refusal was told."""
    with socket.create_connection(("127.0.0.1", port), PATIENCE_SECONDS) as line:
        line.sendall(VT + body + END)
        line.settimeout(1)
        while True:
            try:
                return line.recv(65536).startswith(VT + b"MSH")
            except TimeoutError:
                if refused():
                    return False
            except ConnectionError:
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
        with self.said.open("a") as said:
            self.process = subprocess.Popen(
                [*_AWAY, script, str(self.folder), self.options, fill, sys.executable],
                env=ENVIRONMENT,
                stdout=subprocess.PIPE,
                stderr=said,
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

    def is_full() -> bool:
        return "clinical-not-stored" in codes(folder)

    while is_taken(walled.mllp_port, message(10 + kept) + b"NTE|1||" + b"x" * 400_000, is_full):
        kept += 1
        assert kept < 40
    walled.await_that(is_full)
    filler.unlink()
    walled.await_that(lambda: is_acknowledged(walled.mllp_port, message(2)))
    walled.await_that(lambda: codes(folder) == set())


@pytest.mark.parametrize("walled", ["size=8m,ro"], indirect=True)
def test_a_disk_that_the_system_took_back_is_used_as_soon_as_it_is_given_back(
    walled: Walled,
) -> None:
    folder = open_folder(walled.folder)
    # Nobody is answered: most find nobody listening, some a writer that is just being started
    # again and ends at the same disk. Whoever asks is told why.
    walled.await_that(lambda: bool(processes.read(folder)))
    walled.await_that(lambda: ("process-down", "writer") in {a.name for a in known(folder)})
    for _ in range(5):
        with contextlib.suppress(ConnectionRefusedError):
            assert not is_acknowledged(walled.mllp_port, message(1), patience=20)
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
    assert not is_acknowledged(walled.mllp_port, message(1), patience=20)
    walled.await_that(lambda: "clinical-not-stored" in codes(folder))
    for path in walled.disk.glob("filler-*"):
        path.unlink()
    walled.await_that(lambda: is_acknowledged(walled.mllp_port, message(1)))
    walled.await_that(lambda: codes(folder) == set())


class OnSmallDisk(SiteServer):
    """A server whose whole folder lies on a small disk, in a namespace of its own."""

    def wall(self, options: str) -> HospitalFolder:
        """Start the server behind its wall; return its folder as seen from outside."""
        script = (
            'cp -a "$0" "$0.kept" && mount -t tmpfs -o "$1" small "$0" && '
            'cp -a "$0.kept/." "$0" && exec "$2" -m wardkeep serve "$0"'
        )
        with self.said.open("a") as said:
            self.process = subprocess.Popen(
                [*_AWAY, script, str(self.folder), options, sys.executable],
                env=ENVIRONMENT,
                stdout=subprocess.PIPE,
                stderr=said,
                text=True,
            )
        self.await_ready()
        return open_folder(Path(f"/proc/{self.process.pid}/root{self.folder}"))


@pytest.fixture
def on_small_disk(tmp_path: Path) -> Iterator[OnSmallDisk]:
    server = OnSmallDisk(tmp_path / "hospital")
    yield server
    server.kill()


def test_a_disk_that_fills_up_is_told_while_everything_is_still_taken(
    on_small_disk: OnSmallDisk,
) -> None:
    server = on_small_disk
    settings(server, "", disk_reserve_bytes="900_000_000")
    folder = server.wall("size=1900m")
    server.await_that(lambda: codes(folder) == set())
    with (folder.path / "filler").open("wb") as filler:
        os.posix_fallocate(filler.fileno(), 0, free_bytes(folder.path) - 1_750_000_000)
    server.await_that(lambda: codes(folder) == {"disk-low"})
    assert is_acknowledged(server.mllp_port, message(1))
    (folder.path / "filler").unlink()
    server.await_that(lambda: codes(folder) == set())


def test_a_disk_with_hardly_any_new_files_left_is_told_and_messages_go_on(
    on_small_disk: OnSmallDisk,
) -> None:
    server = on_small_disk
    folder = server.wall("size=1900m,nr_inodes=2000")
    assert is_acknowledged(server.mllp_port, message(1))
    server.await_that(lambda: codes(folder) == set())
    fillers = [folder.path / f"filler-{n}" for n in range(free_inodes(folder.path) or 0)]
    with contextlib.suppress(OSError):
        for path in fillers:
            path.touch()
    server.await_that(lambda: "inodes-low" in codes(folder))
    # The file of the day is there: what comes goes into it.
    assert is_acknowledged(server.mllp_port, message(2))
    for path in fillers:
        path.unlink(missing_ok=True)
    server.await_that(lambda: codes(folder) == set())
    assert is_acknowledged(server.mllp_port, message(3))


def test_a_sender_that_sends_far_more_than_at_this_hour_on_other_days_is_told(
    tmp_path: Path,
) -> None:
    server = SiteServer(tmp_path / "hospital")
    hour = now() // HOUR
    # Ten messages an hour, at this hour and the next, on three days before.
    usual = {hour - 24 * days + more: 10 for days in (1, 2, 3) for more in (0, 1)}
    memories = {"main": Memory(now() - 30 * DAY, (), usual)}
    (server.folder / "run" / "senders.json").write_bytes(msgspec.json.encode(memories))
    server.start()
    folder = open_folder(server.folder)

    def told_of_rate() -> bool:
        told = {alarm.name: alarm.detail for alarm in ask_standing(folder)}
        return Trait.RATE.value in told.get(Name("sender-new", "main"), "")

    try:
        server.send(message(1))
        server.await_that(lambda: "sender-new" in codes(folder))
        assert not told_of_rate()
        # A thousand in one hour, also where a new one begins meanwhile.
        with ThreadPoolExecutor(20) as senders:
            begins = range(2, 2_102, 105)
            sent = senders.map(
                lambda begin: server.send(*map(message, range(begin, begin + 105))), begins
            )
            assert sum(len(answers) for answers in sent) == 2_100
        server.await_that(told_of_rate)
        # A flood is told, never refused: each message was answered, so each must be kept.
        assert '"clinical": 2101' in wardkeep("verify", server.folder, "--json")
    finally:
        server.stop()


@pytest.mark.long
def test_a_log_that_grows_behind_a_reader_is_told_until_the_reader_ends(
    server: SiteServer,
) -> None:
    folder = open_folder(server.folder)
    assert is_acknowledged(server.mllp_port, message(1))
    [path] = folder.clinical.glob("*.db")
    key = open_keys(folder).open_key(key_path(path))
    numbers = itertools.count(2)

    def goes_on_until(holds: Callable[[], bool]) -> None:
        while not holds():
            body = message(next(numbers)) + b"NTE|1||" + b"x" * 1_000_000 + b"\r"
            assert is_acknowledged(server.mllp_port, body)
            assert next(numbers) < 2_000

    with closing(encrypted_database.open_for_reading(path, key)) as reader:
        reader.execute("begin")
        reader.execute("select count(*) from entry").fetchall()
        goes_on_until(lambda: "log-grows" in codes(folder))
    goes_on_until(lambda: codes(folder) == set())


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
    clear_of_midnight()
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
            if not is_taken(flooded, body, lambda: "feed-quota" in codes(folder)):
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
    with server.said.open("a") as said:
        server.process = subprocess.Popen(
            ["prlimit", "--nofile=300:300", *_SERVE, str(server.folder)],
            env=ENVIRONMENT,
            stdout=subprocess.PIPE,
            stderr=said,
            text=True,
        )
    server.await_ready()
    folder = open_folder(server.folder)
    lines = []
    try:
        with socket.create_connection(
            ("127.0.0.1", server.mllp_port), timeout=PATIENCE_SECONDS
        ) as early:
            early.sendall(VT + message(1) + END)
            assert early.recv(65536)
            lines = [
                socket.create_connection(
                    ("127.0.0.1", server.mllp_port), timeout=PATIENCE_SECONDS
                )
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
