"""The first box of a site burns: a second one serves, becomes the first, and is copied."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
from tests.stories.site_server import (
    ENVIRONMENT,
    PATIENCE_SECONDS,
    SiteServer,
    browser,
    free_port,
    message,
    wardkeep,
)
from tests.stories.two_boxes import (
    LEDGERS,
    SecondBox,
    burn,
    invitation,
    may_be_copied,
    rows,
    shown,
)

from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.operations_store import read_looks
from wardkeep.app.ledger_verdict import verify
from wardkeep.ledger.encoding import decode_clinical


class Sender(threading.Thread):
    """A hospital system that sends until its receiver is gone; notes when it was answered."""

    def __init__(self, server: SiteServer) -> None:
        super().__init__()
        self._server = server
        self.acknowledged: list[tuple[int, bytes]] = []
        self.enough = threading.Event()

    def run(self) -> None:
        try:
            for number in range(100_000):
                self._server.send(message(number, record=str(4000 + number % 7)))
                control = b"M%07d" % number
                self.acknowledged.append((time.time_ns() // 1_000, control))
                if number == 60:
                    self.enough.set()
        except OSError:
            return


def controls(folder: Path) -> list[bytes]:
    clinical = rows(folder, "clinical")
    return [decode_clinical(n, payload).control for n, (payload, _) in clinical.items()]


def verified(folder: Path, *, lost: bool) -> list[dict[str, object]]:
    told = json.loads(wardkeep("verify", folder, "--json", status=4 if lost else 0))
    return list(told["faults"])


def test_a_second_box_serves_alone_becomes_the_first_and_a_lost_first_is_rebuilt(
    tmp_path: Path,
) -> None:
    first = SiteServer(tmp_path / "first")
    port = may_be_copied(first)
    first.start()
    second = SecondBox(tmp_path / "second", port, invitation(first.folder, "box-2"), first)
    second.start()
    sender = Sender(first)
    sender.start()
    assert sender.enough.wait(PATIENCE_SECONDS)
    second.await_standing(
        lambda found: any(at < found.as_of for at, _ in list(sender.acknowledged))
    )
    burn(first)
    sender.join()
    serves_alone(second, sender)
    becomes_the_first(second)
    is_rebuilt(tmp_path / "rebuilt", second)


def test_feeds_given_to_a_second_box_while_it_follows_are_open_once_it_is_the_first(
    tmp_path: Path,
) -> None:
    first = SiteServer(tmp_path / "first")
    port = may_be_copied(first)
    with (first.folder / "wardkeep.toml").open("a") as settings:
        settings.write(f'[[feeds]]\nname = "laboratory"\nport = {free_port()}\n')
    first.start()
    second = SecondBox(tmp_path / "second", port, invitation(first.folder, "box-2"), first)
    second.start()
    second.await_even()
    refused = said_when_refused("follow", second.folder, "--promote", "too early")
    assert "unplug" in refused
    assert "--force" in refused
    assert first.stop() == 0
    second.await_silence()
    settings_of_it, before = second.folder / "wardkeep.toml", second.mllp_port
    second.mllp_port = free_port()
    moved = settings_of_it.read_text().replace(str(before), str(second.mllp_port))
    settings_of_it.write_text(moved)
    told = wardkeep("follow", second.folder, "--promote", "box 1 burnt")
    assert f"feed main: 127.0.0.1 port {second.mllp_port}" in told
    assert "NOT TAKEN HERE, of the first's feeds: laboratory." in told
    assert "was changed since this box was started" in told
    assert b"MSA|AA" in second.send(message(1, record="9000"))[0]
    found = json.loads(wardkeep("check", second.folder, "--json"))["findings"]
    main = [each for each in found if "feed main on" in each["text"]]
    assert [(each["outcome"], str(second.mllp_port) in each["text"]) for each in main] == [
        ("ok", True)
    ]
    assert second.stop() == 0


def said_when_refused(*words: str | Path) -> str:
    """Return what a verb that is refused says, with what to do."""
    done = subprocess.run(
        [sys.executable, "-m", "wardkeep", *map(str, words)],
        capture_output=True,
        check=False,
        env=ENVIRONMENT,
        text=True,
        timeout=PATIENCE_SECONDS,
    )
    assert done.returncode == 1
    return done.stderr


def serves_alone(second: SecondBox, sender: Sender) -> None:
    """See that it shows what it has, says as of when, and lacks nothing from before that."""
    standing = second.await_silence()
    copied = controls(second.folder)
    due = [control for at, control in sender.acknowledged if at < standing.as_of]
    assert due
    assert set(due) <= set(copied)
    assert len(copied) == len(set(copied))
    with browser(second) as ward:
        board = shown(ward, "/ward?code=A2", "Peeters")
    assert "FIRST SERVER SILENT" in board


def becomes_the_first(second: SecondBox) -> None:
    """See that a person may decide so: the feeds come to it, and what it saw is kept."""
    told = json.loads(wardkeep("follow", second.folder, "--promote", "box 1 burnt", "--json"))
    assert told["why"] == "box 1 burnt"
    answers = send_until_taken(second, message(900_000, record="9000"))
    assert b"MSA|AA" in answers
    assert "9000" in wardkeep("chart", second.folder, "9000")
    with browser(second) as ward:
        second.await_that(lambda: not marks(ward.get("/ward?code=A2")))
    assert second.stop() == 0
    looks = read_looks(second.folder / "access", load_key_ring(second.folder / "keys"), "4001")
    assert looks, "what was looked at meanwhile stands in the ledger that goes on"
    lost = told["seen"] != told["held"]
    assert {fault["kind"] for fault in verified(second.folder, lost=lost)} <= {"missing"}


def is_rebuilt(folder: Path, second: SecondBox) -> None:
    """See that a new machine follows the one that is left, entry for entry."""
    port = may_be_copied(second)
    second.start()
    rebuilt = SecondBox(folder, port, invitation(second.folder, "box-1"), second)
    rebuilt.start()
    before = {ledger: rows(second.folder, ledger) for ledger in LEDGERS}
    rebuilt.await_even()
    assert second.stop() == 0
    assert rebuilt.stop() == 0
    for ledger in LEDGERS:
        # What the other wrote since, as while it closed, may be there alone.
        here, there = rows(folder, ledger), rows(second.folder, ledger)
        assert before[ledger].items() <= here.items() <= there.items()
    wardkeep("follow", folder, "--promote", "the new machine stands")
    assert verify(folder, nobody).faults == verify(second.folder, nobody).faults
    assert set(controls(folder)) == set(controls(second.folder))


def nobody(_ledger: str, _entries: int) -> None:
    return


def marks(page: httpx.Response) -> list[str]:
    """Return what a page says of a box that is not the first."""
    assert page.status_code == 200
    return [words for words in ("SECOND BOX", "FIRST SERVER SILENT") if words in page.text]


def send_until_taken(box: SiteServer, body: bytes) -> bytes:
    """Send a message to a box that opens its feeds just now."""
    box.await_listener()  # the feed opens soon
    return box.send(body)[0]
