"""A ledger that was quietly shortened stops a start until a person decides."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.stories.site_server import (
    ENVIRONMENT,
    PATIENCE_SECONDS,
    SiteServer,
    browser,
    message,
    wardkeep,
)
from tests.stories.two_boxes import shown

from wardkeep.adapters.heads_seen import given_out
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.ledger_losses import accepted_losses
from wardkeep.adapters.operations_store import read_looks
from wardkeep.app.folder import HospitalFolder


@contextlib.contextmanager
def serving(server: SiteServer, *words: str | Path) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "wardkeep", "serve", str(server.folder), *map(str, words)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "READY\n"
        yield process
        process.send_signal(signal.SIGTERM)
        process.communicate(timeout=PATIENCE_SECONDS)
        assert process.returncode == 0
    finally:
        process.kill()
        process.communicate()


def _witnessed(server: SiteServer) -> int:
    """Return how far the clinical ledger had come when another ledger last said so."""
    places = HospitalFolder(server.folder).ledgers
    seen = given_out(places, load_key_ring(server.folder / "keys")).get("clinical")
    return seen.sequence if seen else 0


@pytest.fixture
def shortened(tmp_path: Path) -> SiteServer:
    """Of thirty messages an older copy of the clinical ledger holds twenty; charts know all."""
    server = SiteServer(tmp_path / "hospital")
    clinical, old = server.folder / "clinical", tmp_path / "old"
    for begin, end in ((0, 20), (20, 30)):
        server.start()
        server.send(*[message(n, record=str(8_000 + n), ward="B2") for n in range(begin, end)])
        wardkeep("wards", server.folder, "--json")  # the charts have followed
        server.await_that(lambda: _witnessed(server) == end)  # noqa: B023  # called at once
        server.stop()
        if not old.exists():
            shutil.copytree(clinical, old)
    clinical.rename(tmp_path / "new")
    old.rename(clinical)
    return server


def test_a_start_is_refused_says_what_is_missing_and_goes_on_when_the_file_is_back(
    shortened: SiteServer, tmp_path: Path
) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "wardkeep", "serve", str(shortened.folder)],
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert (done.returncode, done.stdout) == (4, "")
    assert "clinical: 10 entries, 21 to 30, are gone from the end" in done.stderr
    assert "seen by: operations ledger" in done.stderr
    assert "--accept-loss" in done.stderr
    assert "--read-only" in done.stderr
    census = tmp_path / "more.hl7"
    census.write_bytes(message(77))
    wardkeep("load", shortened.folder, census, status=4)
    shutil.rmtree(shortened.folder / "clinical")
    (tmp_path / "new").rename(shortened.folder / "clinical")
    shortened.start()
    assert shortened.stop() == 0
    assert json.loads(wardkeep("verify", shortened.folder, "--json"))["ok"]


def test_read_only_shows_what_is_there_records_looks_and_takes_nothing_in(
    shortened: SiteServer,
) -> None:
    with serving(shortened, "--read-only"):
        with browser(shortened) as client:
            page = client.get("/ward", params={"code": "B2", "lang": "en"}).text
            assert "READ-ONLY" in page
            assert "8025" in page
            shown(client, "/?lang=en", "ENTRIES LOST")  # looked at once a second
        with pytest.raises(ConnectionRefusedError):
            shortened.send(message(99))
        night = ("user", "add", shortened.folder, "night", "--role", "lead", "--password-stdin")
        wardkeep(*night, words_in="correct horse battery staple\n", status=1)
        wardkeep("serve", shortened.folder, status=1)
    asked = shortened.folder / "run" / "polls.json"
    asked.write_text("{}")
    with serving(shortened, "--accept-loss", "the copy of the second box is older still"):
        assert not asked.exists(), "servers that are asked tell again what may be lost"
        assert b"MSA|AA" in shortened.send(message(98))[0]
        with browser(shortened) as client:
            assert "READ-ONLY" not in shown(client, "/?lang=en", "ENTRIES LOST")
    ring = load_key_ring(shortened.folder / "keys")
    looks = read_looks(shortened.folder / "access", ring)
    assert "8025" in {look.record for look in looks}, "what was looked at read-only is kept"
    [accepted] = accepted_losses(shortened.folder / "operations", ring)
    assert accepted.by.startswith("os:")
    assert accepted.why == "the copy of the second box is older still"
    assert [(each.first, each.last) for each in accepted.losses] == [(21, 30)]
    shortened.start()  # the same loss is not asked about again
    assert shortened.stop() == 0


def _sent_once_it_listens(server: SiteServer, body: bytes) -> list[bytes]:
    answers: list[bytes] = []

    def is_answered() -> bool:
        with contextlib.suppress(OSError):  # until the supervisor has started it again
            answers[:] = server.send(body)
        return bool(answers)

    server.await_that(is_answered)
    return answers


def test_a_loss_in_mid_run_keeps_no_message_out_and_is_recorded(server: SiteServer) -> None:
    server.send(*[message(n) for n in range(10)])
    wardkeep("wards", server.folder, "--json")
    server.stop()
    shutil.copytree(server.folder / "clinical", server.folder.parent / "old")
    server.start()
    server.send(*[message(n) for n in range(10, 20)])
    server.await_that(lambda: _witnessed(server) == 20)  # once a second; not seen, not missed
    held = server.child("wardkeep.app.writer_process")
    os.kill(held, signal.SIGSTOP)
    for path in (server.folder / "clinical").iterdir():
        path.unlink()
    for path in (server.folder.parent / "old").iterdir():
        shutil.copyfile(path, server.folder / "clinical" / path.name)
    os.kill(held, signal.SIGKILL)
    answers = _sent_once_it_listens(server, message(55))
    assert b"MSA|AA" in answers[0]
    assert server.stop() == 0
    ring = load_key_ring(server.folder / "keys")
    [accepted] = accepted_losses(server.folder / "operations", ring)
    assert accepted.by == "serve"
    server.start()
    assert server.stop() == 0


@pytest.mark.parametrize("logged", [True, False])
def test_a_folder_on_read_only_media_is_served_with_its_state_elsewhere(
    server: SiteServer, tmp_path: Path, logged: bool
) -> None:
    server.send(message(1, record="8001", ward="B2"))
    wardkeep("wards", server.folder, "--json")
    if logged:
        writer = server.child("wardkeep.app.writer_process")
        os.kill(writer, signal.SIGSTOP)  # its log is not carried into the file
        left_out = shutil.ignore_patterns("*-shm", "*.sock")
        shutil.copytree(server.folder, tmp_path / "copy", ignore=left_out)
        os.kill(writer, signal.SIGCONT)
        server.stop()
    else:
        server.stop()
        server.folder.rename(tmp_path / "copy")
    server.folder = tmp_path / "copy"
    state = tmp_path / "state"
    mount = 'mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"'
    words = [sys.executable, "-m", "wardkeep", "serve", str(server.folder), "--read-only"]
    away = ["unshare", "--map-root-user", "--mount", "sh", "-c", mount, str(server.folder)]
    refused = subprocess.run(
        [*away, *words], check=False, env=ENVIRONMENT, capture_output=True, text=True
    )
    assert (refused.returncode, "--state" in refused.stderr) == (2, True)
    process = subprocess.Popen(
        [*away, *words, "--state", str(state)],
        env=ENVIRONMENT,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        assert process.stdout.readline() == "READY\n"
        with browser(server) as client:
            page = client.get("/ward", params={"code": "B2", "lang": "en"}).text
            assert "READ-ONLY" in page
            assert "8001" in page
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=PATIENCE_SECONDS) == 0
    finally:
        process.kill()
        process.communicate()
    ring = load_key_ring(state / "keys")
    assert "8001" in {look.record for look in read_looks(state / "looks", ring)}
