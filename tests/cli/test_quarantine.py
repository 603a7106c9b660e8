"""What could not be read is counted, chosen and read again from the command line."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.stories.site_server import SiteServer, message, wardkeep

HALVES = 60


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SiteServer]:
    """A site to which one sender sent many broken messages."""
    site = SiteServer(tmp_path_factory.mktemp("site") / "hospital")
    site.start()
    broken = [
        b"MSH|^~\\&|ADT|H|WK|H|20260517033000||ADT^A01|B%d|P|2.5\r" % n for n in range(HALVES)
    ]
    site.send(*broken, message(1))
    yield site
    site.kill()


def test_many_entries_of_one_sender_are_counted_by_feed_and_reason(server: SiteServer) -> None:
    lines = wardkeep("quarantine", "list", server.folder).splitlines()
    assert len(lines) == 1
    assert lines[0].split()[0] == str(HALVES)
    (row,) = json.loads(wardkeep("quarantine", "list", server.folder, "--summary", "--json"))
    assert row["entries"] == HALVES


def test_each_lists_them_all(server: SiteServer) -> None:
    assert len(wardkeep("quarantine", "list", server.folder, "--each").splitlines()) == HALVES
    assert len(json.loads(wardkeep("quarantine", "list", server.folder, "--json"))) == HALVES


def test_those_of_one_feed_are_read_again(server: SiteServer, tmp_path: Path) -> None:
    held = json.loads(wardkeep("quarantine", "list", server.folder, "--json"))
    feed, reason = held[0]["feed"], held[0]["reason"]
    nobody = ("quarantine", "replay", server.folder, "--feed", "nobody", "--json")
    assert json.loads(wardkeep(*nobody)) == []
    one = str(held[0]["sequence"])
    again = json.loads(wardkeep("quarantine", "replay", server.folder, one, "--json"))
    assert again == [{"sequence": int(one), "outcome": "still_unreadable", "reason": reason}]
    chosen = ("--feed", feed, "--reason", reason, "--json")
    outcomes = json.loads(wardkeep("quarantine", "replay", server.folder, *chosen))
    assert len(outcomes) == HALVES


def test_naming_entries_and_asking_for_all_is_a_contradiction(server: SiteServer) -> None:
    wardkeep("quarantine", "replay", server.folder, "1", "--all", status=2)


def test_an_entry_that_is_not_held_is_never_said_to_be_in_the_chart(server: SiteServer) -> None:
    told = json.loads(
        wardkeep("quarantine", "replay", server.folder, "777", "--json", status=6)
    )
    assert told["error"]["code"] == "not-found"
