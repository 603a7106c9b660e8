"""Keys as the two people who hold them use them: at a terminal and at 04:00."""

import json
import os
import signal
from pathlib import Path

import pytest
from tests.stories.site_server import SiteServer, message, wardkeep


@pytest.fixture
def server(tmp_path: Path) -> SiteServer:
    return SiteServer(tmp_path / "hospital")


def test_a_server_waits_for_its_stick_and_then_no_longer_needs_it(
    server: SiteServer, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    wardkeep("keys", "move", server.folder, "--to", "usb", "--usb", stick / "key")
    pulled = stick.rename(tmp_path / "pulled")
    process = server.launch()
    assert process.stderr is not None
    assert "WAITING FOR THE KEY" in process.stderr.readline()
    wardkeep("check", server.folder, status=1)
    [alarm] = json.loads(wardkeep("alarms", server.folder, "--json", status=7))["alarms"]
    assert (alarm["code"], alarm["severity"]) == ("key-awaited", "critical")
    try:
        pulled.rename(stick)
        server.await_ready()
        stick.rename(pulled)
        writer = server.child("wardkeep.app.writer_process")
        os.kill(writer, signal.SIGKILL)
        while server.children().get("wardkeep.app.writer_process") in {None, writer}:
            pass
        server.await_listener()
        assert server.send(message(1))
    finally:
        server.stop()


def test_a_server_that_waits_for_its_stick_ends_at_once_when_told(
    server: SiteServer, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    wardkeep("keys", "move", server.folder, "--to", "usb", "--usb", stick / "key")
    stick.rename(tmp_path / "pulled")
    process = server.launch()
    assert process.stderr is not None
    process.stderr.readline()
    assert server.stop() == 0
    # Nobody waits any more: what a kill left behind is no alarm.
    (server.folder / "run" / "waiting-for-key.json").write_text('{"since": 1, "why": "gone"}')
    wardkeep("alarms", server.folder, status=5)


def test_where_the_key_lies_and_when_it_was_made_anew_can_be_asked(
    server: SiteServer,
) -> None:
    said = json.loads(wardkeep("keys", "status", server.folder, "--json"))
    assert said["source"] == "file"
    assert said["rotated"] is None
    wardkeep("keys", "rotate", server.folder)
    assert json.loads(wardkeep("keys", "status", server.folder, "--json"))["rotated"]


def test_whoever_reads_the_outcome_as_json_is_told_what_the_old_words_still_open(
    server: SiteServer, tmp_path: Path
) -> None:
    out = tmp_path / "sheets"
    out.mkdir()
    ceremony = wardkeep("keys", "ceremony", server.folder, "--out", out, "--json")
    rotated = wardkeep("keys", "rotate", server.folder, "--recovery", "--json")
    for told in (json.loads(ceremony), json.loads(rotated)):
        assert told["ok"]
        assert "Backups made before" in told["advice"]
    assert "advice" not in json.loads(wardkeep("keys", "rotate", server.folder, "--json"))
