from __future__ import annotations

import re

import msgspec
import pytest
from tests.stories.site_server import await_that
from tests.web.conftest import Login
from tests.web.handmade import NOW, Bench

from wardkeep.kernel.times import MINUTE
from wardkeep.pack.events import PackHeld, PackKept, PackReleased
from wardkeep.pack.state import Hold

HELD = PackHeld(
    ward="4B",
    at=NOW - MINUTE,
    since=NOW - 9 * MINUTE,
    sound_at=NOW - 5 * MINUTE,
    patients=20,
    hit=12,
    gone=9,
    merged=2,
    stopped=2,
    stripped=1,
)


@pytest.fixture(autouse=True)
def forged(bench: Bench) -> None:
    bench.holds = {"4B": Hold(held=HELD)}


def token_of(page: str) -> str:
    found = re.search(r'name="token" value="([^"]+)"', page)
    assert found
    return found[1]


def test_board_and_overview_say_that_the_paper_is_held_and_lead_to_the_decision(
    login: Login,
) -> None:
    client = login("lea")
    board = client.get("/ward?code=4B").text
    assert "12 of 20 patients left the ward or lost orders or allergies." in board
    assert "The paper shows the ward as of 07 Mar 2026 04:07" in board
    assert 'href="/held"' in board
    assert "PAPER HELD</span> 04:07" in client.get("/").text


def test_every_page_leads_to_what_is_held_while_it_is_and_those_who_decide(
    login: Login, bench: Bench
) -> None:
    client = login("lea")
    await_that(lambda: "Held packs (1)" in client.get("/account").text)
    assert "Held packs" not in login("ines").get("/account").text
    bench.holds = {}
    client.get("/held")
    assert "Held packs" not in client.get("/account").text


def test_a_ward_that_is_held_because_its_charts_lack_erased_days_says_so(
    login: Login, bench: Bench
) -> None:
    lacks = msgspec.structs.replace(HELD, charts_lack=True, hit=1)
    bench.holds = {"4B": Hold(held=lacks)}
    client = login("lea")
    for page in ("/ward?code=4B", "/held"):
        assert "newer paper may lack patients" in client.get(page).text
    assert "1 of 20" not in client.get("/ward?code=4B").text
    assert "may be forged" not in client.get("/held").text


def test_the_page_tells_what_was_lost_and_both_papers_can_be_looked_at(
    login: Login, bench: Bench
) -> None:
    client = login("lea")
    page = client.get("/held").text
    assert "may be forged" in page
    for words in ("12 of 20 patients", "Left the ward: 9", "record: 2", "deleted: 1"):
        assert words in page
    assert client.get("/held/pack?code=4B").content == b"%PDF-1.7 beside"
    assert bench.recorded[-1].page == "held ward pack"
    assert client.get("/held/pack?code=5A").status_code == 404


@pytest.mark.parametrize(("word", "kind"), [("release", PackReleased), ("keep", PackKept)])
def test_a_person_decides_with_a_reason_and_by_name(
    login: Login, bench: Bench, word: str, kind: type[PackKept]
) -> None:
    client = login("lea")
    fields = {"token": token_of(client.get("/held").text), "ward": "4B", "decision": word}
    answer = client.post("/held/decide", data={**fields, "why": "asked Sister Maes"})
    assert "Your decision is recorded" in client.get(answer.headers["location"]).text
    (event,) = bench.decided
    assert isinstance(event, kind)
    assert (event.ward, event.by, event.why) == ("4B", "lea", "asked Sister Maes")


def test_without_a_reason_or_a_server_nothing_is_decided_and_the_page_says_so(
    login: Login, bench: Bench
) -> None:
    client = login("lea")
    fields = {"token": token_of(client.get("/held").text), "ward": "4B", "decision": "keep"}
    assert "Nothing was decided." in client.post("/held/decide", data=fields).text
    bench.readable = False
    answer = client.post("/held/decide", data={**fields, "why": "asked"})
    assert answer.status_code == 503
    assert bench.decided == []
    unknown = {**fields, "decision": "burn", "why": "asked"}
    assert client.post("/held/decide", data=unknown).status_code == 404
