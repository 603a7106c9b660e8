"""A site server is backed up while it runs, and put back from the repository and the words."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from tests.stories.site_server import (
    ENVIRONMENT,
    PATIENCE_SECONDS,
    SiteServer,
    message,
    wardkeep,
)


def restored(server: SiteServer, repository: Path, place: Path, *words: str) -> Path:
    told = json.loads(
        wardkeep(
            *("restore", place, "--from", repository, *words, "--json"),
            words_in=server.made["recovery_words"],
        )
    )
    assert told["ok"], told
    folders = [place, *(each for each in place.rglob("*") if each.is_dir())]
    assert {each.stat().st_mode & 0o777 for each in folders} == {0o700}
    return place


def charts(folder: Path, records: range) -> list[str]:
    return [wardkeep("chart", folder, str(record), "--json") for record in records]


def test_what_was_backed_up_under_load_comes_back_by_the_words_alone(
    server: SiteServer, tmp_path: Path
) -> None:
    known = range(5000, 5004)
    server.send(*[message(n, record=str(n)) for n in known])
    stop = threading.Event()

    def load() -> None:
        for number in range(6000, 30_000):
            if stop.is_set():
                return
            server.send(message(number, record="999"))

    sender = threading.Thread(target=load)
    sender.start()
    repository = tmp_path / "repository"
    try:
        made = json.loads(wardkeep("backup", server.folder, "--to", repository, "--json"))
        again = json.loads(wardkeep("backup", server.folder, "--to", repository, "--json"))
    finally:
        stop.set()
        sender.join()
    assert made["ok"]
    assert made["snapshot"] != again["snapshot"]
    before = charts(server.folder, known)
    server.stop()
    place = restored(server, repository, tmp_path / "back")
    assert charts(place, known) == before
    assert not (tmp_path / "back" / "run" / "backup-copy").exists()
    assert json.loads(wardkeep("verify", place, "--json"))["ok"]
    listed = wardkeep(
        *("restore", place, "--from", repository, "--list", "--json"),
        words_in=server.made["recovery_words"],
    )
    assert len(json.loads(listed)) == 2
    wardkeep("backup", place, "--to", repository, "--check")


def test_the_backup_opens_nothing_without_the_words(server: SiteServer, tmp_path: Path) -> None:
    server.send(message(1))
    repository = tmp_path / "repository"
    wardkeep("backup", server.folder, "--to", repository)
    wrong = "abandon " * 23 + "art"
    wardkeep("restore", tmp_path / "b", "--from", repository, words_in=wrong, status=1)
    assert not (tmp_path / "b").exists()
    place = restored(server, repository, tmp_path / "back")
    old = (server.folder / "keys" / "server.key").read_text()
    assert (place / "keys" / "server.key").read_text() != old
    for path in repository.rglob("*"):
        if path.is_file():
            assert old.strip().encode() not in path.read_bytes(), path


def test_a_password_of_ones_own_and_a_place_that_is_taken(
    server: SiteServer, tmp_path: Path
) -> None:
    (tmp_path / "word").write_text("correct horse battery\n")
    settings = server.folder / "wardkeep.toml"
    repository = tmp_path / "repository"
    with settings.open("a") as text:
        text.write(f'\n[backup]\nrepository = "{repository}"\n')
        text.write(f'password_file = "{tmp_path / "word"}"\n')
    wardkeep("backup", server.folder)
    password = ("--password-file", str(tmp_path / "word"))
    refused = ("restore", server.folder, "--from", repository, *password)
    wardkeep(*refused, words_in=server.made["recovery_words"], status=1)
    restored(server, repository, tmp_path / "back", *password)
    (tmp_path / "word").write_text("another\n")
    wardkeep("backup", server.folder, status=1)
    snapshot = ("--snapshot", "ffff", *password)
    (tmp_path / "word").write_text("correct horse battery\n")
    wardkeep("restore", tmp_path / "c", "--from", repository, *snapshot, status=6, words_in="x")


def test_nobody_is_told_the_password_of_an_address(server: SiteServer) -> None:
    address = "rest:https://me:secret@backup.example/"
    done = subprocess.run(
        [sys.executable, "-m", "wardkeep", "backup", str(server.folder), "--to", address],
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        text=True,
    )
    assert done.returncode == 1
    assert "[backup] repository" in done.stderr
    assert "secret" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_backup_that_is_ended_leaves_no_copy_and_a_sound_repository(
    number: signal.Signals, server: SiteServer, tmp_path: Path
) -> None:
    server.send(message(1))
    repository = tmp_path / "repository"
    wardkeep("backup", server.folder, "--to", repository)
    # A name in the way of restic that waits, as a slow disk would, until it is told to end.
    slow = tmp_path / "programs"
    slow.mkdir()
    (slow / "restic").write_text("#!/bin/sh\necho begun >&2\necho begun\nexec sleep 600\n")
    (slow / "restic").chmod(0o700)
    # Tests that run behind a shell (`&`) ignore SIGINT, and so would what they start.
    heard = ["env", "--default-signal=INT"]
    running = subprocess.Popen(
        [*heard, sys.executable, "-m", "wardkeep", "backup", server.folder, "--to", repository],
        env={**ENVIRONMENT, "PATH": f"{slow}:{os.environ['PATH']}"},
        stderr=subprocess.PIPE,
    )
    assert running.stderr is not None
    while not list(Path(f"/proc/{running.pid}/task/{running.pid}").glob("children")):
        pass
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children")
    while not children.read_text().strip():
        assert running.poll() is None
    running.send_signal(number)
    running.communicate(timeout=PATIENCE_SECONDS)
    assert running.returncode == 130
    assert not (server.folder / "run" / "backup-copy").exists()
    wardkeep("backup", server.folder, "--to", repository, "--check")
