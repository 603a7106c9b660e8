"""A disk that fails under the ledger stops neither intake nor whoever reads what there is."""

from __future__ import annotations

import json
import os

import pytest
from tests.stories.site_server import SiteServer, browser, message, wardkeep
from tests.stories.two_boxes import shown

from wardkeep.adapters.chained_file import UNSEEN
from wardkeep.adapters.key_ring import load_key_ring
from wardkeep.adapters.ledger_folder import files_of
from wardkeep.adapters.ledger_reader import LedgerReader


@pytest.mark.parametrize("harm", ["page", "key"])
def test_behind_a_damaged_newest_day_the_server_takes_messages_and_says_what_is_wrong(
    server: SiteServer, harm: str
) -> None:
    server.send(*[message(n, record=str(8_000 + n), ward="B2") for n in range(20)])
    wardkeep("wards", server.folder, "--json")  # the charts have followed
    server.stop()
    *_, day = files_of(server.folder / "clinical")
    if harm == "page":
        day.write_bytes(os.urandom(4_096) + day.read_bytes()[4_096:])
    else:
        day.with_suffix(".key").unlink()
    server.start()
    [answer] = server.send(message(50, record="8050", ward="B2"))
    assert b"MSA|AA|M0000050" in answer
    [ward] = json.loads(wardkeep("wards", server.folder, "--json"))
    assert (ward["ward"], ward["patients"]) == ("B2", 21)
    with browser(server) as client:
        shown(client, "/?lang=en", "FILE DAMAGED")  # looked at once a second
        assert "8050" in client.get("/ward", params={"code": "B2"}).text
    assert server.stop() == 0
    verdict = json.loads(wardkeep("verify", server.folder, "--json", status=4))
    assert verdict["first_fault"]["kind"] == "unreadable"
    assert verdict["first_fault"]["ledger"] == "clinical"


def test_while_the_ledger_cannot_be_written_the_charts_are_read_and_it_goes_on_by_itself(
    server: SiteServer,
) -> None:
    server.send(message(1, record="8001", ward="B2"))
    wardkeep("wards", server.folder, "--json")
    server.stop()
    *_, day = files_of(server.folder / "clinical")
    aside = day.rename(day.with_name("aside"))
    day.mkdir()  # as good as a disk that refuses: it opens for nobody, root included
    process = server.launch()
    assert process.stderr is not None
    said = ""
    while "what there is can be read meanwhile" not in said:
        said = process.stderr.readline()
        assert said, "it ended"
    server.await_web()
    with browser(server) as client:
        assert "PEETERS" in client.get("/ward", params={"code": "B2"}).text.upper()
    day.rmdir()
    aside.rename(day)
    server.await_ready()
    assert b"MSA|AA|M0000002" in server.send(message(2))[0]


def test_verbs_without_a_server_go_on_behind_a_damaged_ledger_too(server: SiteServer) -> None:
    server.send(message(1, record="8001"))
    for _ in range(3):
        wardkeep("chart", server.folder, "8001", "--json")
    server.stop()
    for ledger in ("operations", "access"):
        *_, file = files_of(server.folder / ledger)
        file.write_bytes(os.urandom(8_192))
    wardkeep("chart", server.folder, "8001", "--json")
    night = ("user", "add", server.folder, "night", "--role", "lead", "--password-stdin")
    wardkeep(*night, words_in="correct horse battery staple\n")
    names = [
        each["name"] for each in json.loads(wardkeep("user", "list", server.folder, "--json"))
    ]
    assert names == ["night"]
    for ledger in ("operations", "access"):
        reader = LedgerReader(server.folder / ledger, load_key_ring(server.folder / "keys"))
        assert reader.last_sequence() > UNSEEN, "what was given out is known from the others"
        reader.close()
    faults = json.loads(wardkeep("verify", server.folder, "--json", status=4))["faults"]
    assert {(each["ledger"], each["kind"]) for each in faults} == {
        ("operations", "unreadable"),
        ("access", "unreadable"),
    }


def test_with_a_damaged_day_and_no_server_the_charts_are_shown_as_they_stand(
    server: SiteServer,
) -> None:
    server.send(message(1, record="8001"))
    before = wardkeep("chart", server.folder, "8001", "--json")
    server.stop()
    *_, day = files_of(server.folder / "clinical")
    day.write_bytes(os.urandom(8_192))
    assert wardkeep("chart", server.folder, "8001", "--json") == before


def test_a_server_on_a_damaged_day_shows_its_charts_before_the_first_message_comes(
    server: SiteServer,
) -> None:
    server.send(message(1, record="8001", ward="B2"))
    wardkeep("wards", server.folder, "--json")
    server.stop()
    for ledger in ("clinical", "operations"):
        *_, file = files_of(server.folder / ledger)
        file.write_bytes(os.urandom(8_192))
    server.start()
    [ward] = json.loads(wardkeep("wards", server.folder, "--json"))
    assert (ward["ward"], ward["patients"]) == ("B2", 1)
    known = json.loads((server.folder / "run" / "processes.json").read_text())
    assert all(each["running"] for each in known)
