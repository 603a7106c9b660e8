from __future__ import annotations

import re

import pytest
from tests.web.conftest import Login
from tests.web.handmade import NOW, Bench

from wardkeep.sender.state import LEARNING, Memory, Seen, note


@pytest.fixture(autouse=True)
def seen(bench: Bench) -> None:
    known = note(None, {Seen("10.4.0.7", "", "LAB^HR", "ORU^R01"): 5}, NOW - 2 * LEARNING)
    forged = Seen("10.9.9.9", "CN=<lab>", "LAB^HR", "ORU^R01")
    bench.seen = {"lab": note(known, {forged: 1}, NOW), "adt": Memory(NOW)}


def test_what_was_never_seen_before_stands_first_and_is_marked(login: Login) -> None:
    page = login("ines").get("/senders").text
    assert page.index("10.9.9.9") < page.index("10.4.0.7")
    row = page.split("10.9.9.9", 1)[1].split("</tr>")[0]
    assert "NEW" in row
    assert "It is known" in row
    assert "CN=&lt;lab&gt;" in page
    assert "since the first day" in page.split("10.4.0.7")[1].split("</tr>")[0]


def test_a_person_says_that_a_sender_is_known(login: Login, bench: Bench) -> None:
    client = login("ines")
    found = re.search(r'name="token" value="([^"]+)"', client.get("/senders").text)
    assert found
    fields = {"token": found[1], "feed": "lab", "trait": "address", "name": "10.9.9.9"}
    assert client.post("/senders/known", data=fields).status_code == 303
    assert bench.known == [("lab", "address", "10.9.9.9", "ines")]
    bench.readable = False
    answer = client.post("/senders/known", data=fields)
    assert answer.status_code == 503
    assert "It was not recorded" in answer.text
    assert "who sends is not known now" in answer.text
