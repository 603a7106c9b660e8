"""The proof opens what lies at a target, and finds what somebody did to it there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.stories.site_server import SiteServer, message, wardkeep
from tests.stories.test_delivered_packs import alarms

WRONG = 4


class Share:
    """A server that delivers ward A2 to a folder, and that folder."""

    def __init__(self, folder: Path) -> None:
        self.server = SiteServer(folder / "hospital")
        self.there = folder / "share" / "wardkeep-SITE"
        self.there.parent.mkdir()
        with (self.server.folder / "wardkeep.toml").open("a") as settings:
            settings.write(f'\n[[deliveries]]\nname = "share"\npath = "{self.there.parent}"\n')
        self.server.start()
        self.server.send(message(1, record="8001", ward="A2"))
        self.server.await_that((self.there / "manifest.json").exists)
        self.server.await_that((self.server.folder / "deliveries" / "state.json").exists)

    def proof(self, status: int = 0) -> dict[str, object]:
        words = ("proof", self.server.folder, "--ward", "A2", "--json")
        told: dict[str, object] = json.loads(wardkeep(*words, status=status))
        return told


@pytest.fixture(scope="module")
def share(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Share]:
    made = Share(tmp_path_factory.mktemp("proving"))
    yield made
    assert made.server.stop() == 0


def test_the_file_at_the_share_is_opened_with_its_ward_s_key_and_read(share: Share) -> None:
    told = share.proof()
    assert (told["place"], told["means"]) == ("share", "opened")
    assert told["checks_made"] == told["checks_right"]
    assert told["targets"] == {"share": {"wards": 1, "wrong": {}, "unread": ""}}


def test_a_file_that_was_altered_there_is_an_alarm_and_the_shelf_s_is_read_instead(
    share: Share, tmp_path: Path
) -> None:
    [pdf] = share.there.glob("A2-*.pdf.age")
    kept = shutil.copy2(pdf, tmp_path)
    pdf.write_bytes(pdf.read_bytes()[:-1] + b"!")
    told = share.proof(status=WRONG)
    assert told["place"] == told["means"] == "shelf"
    assert told["targets"] == {"share": {"wards": 1, "wrong": {"A2": "altered"}, "unread": ""}}
    share.server.await_that(lambda: "delivered-wrong" in alarms(share.server.folder))
    pdf.unlink()
    assert "A2: MISSING" in wardkeep("proof", share.server.folder, status=WRONG)
    shutil.copy2(kept, pdf)
    assert share.proof()["place"] == "share"
    share.server.await_that(lambda: "delivered-wrong" not in alarms(share.server.folder))
