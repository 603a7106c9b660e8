from __future__ import annotations

import html
import re

import pytest
from tests.web.conftest import Login
from tests.web.estates import NOTHING, Desk, huge, known_sample, small
from tests.web.handmade import Bench
from tests.web.pages.test_estate import pictures, texts

from wardkeep.hospital.map.falls import what_falls
from wardkeep.web.language import LANGUAGES

PAGES = ("/map/falls?item=server:lis1", "/map/needs?item=service:lab")


@pytest.fixture
def desk(bench: Bench) -> Desk:
    made = Desk(small())
    bench.map = made
    return made


@pytest.mark.parametrize("path", PAGES)
def test_who_may_see_the_map_sees_what_falls_and_others_do_not(
    desk: Desk, login: Login, path: str
) -> None:
    assert login("ines").get(path).status_code == 200
    assert login("anna").get(path).status_code == 403
    assert desk.found


@pytest.mark.parametrize(
    "reference", ["server:hv01", "application:dpi", "segment:HR-servers", "supplier:dossier"]
)
def test_the_page_tells_what_falls_tells_on_the_sample(
    bench: Bench, login: Login, reference: str
) -> None:
    bench.map = Desk(known_sample())
    whole = known_sample().whole
    falls = what_falls(whole, [reference])
    page = login("ines").get(f"/map/falls?item={reference}").text
    table = page.split("<tbody>")[1].split("</tbody>")[0] if falls.services else ""
    rows = [html.unescape(each) for each in table.split("</tr>")[:-1]]
    assert len(rows) == len(falls.services)
    words = {"closed": "CLOSED", "paper": "ON PAPER", "degraded": "DEGRADED"}
    for row, fall in zip(rows, falls.services, strict=True):
        assert whole.items[fall.service].name in row
        assert f">{words[fall.mode]}<" in row
        if fall.share is not None:
            assert f">{round(fall.share * 100)} %<" in row
    others = {*falls.because} - {reference} - {each.service for each in falls.services}
    assert f"{len(others)} other thing" in page


def test_the_services_that_stop_are_drawn_heavier_and_say_so(desk: Desk, login: Login) -> None:
    page = login("ines").get("/map/falls?item=server:gone2").text
    assert "NOT ON THE MAP" in page
    page = login("ines").get("/map/falls?item=application:lis").text
    assert any(text.startswith("ON PAPER · 480") for text in texts(page))
    assert desk.found


def test_a_service_of_which_nobody_said_how_many_it_treats_is_told_as_such(
    desk: Desk, login: Login
) -> None:
    page = login("ines").get("/map/falls?item=service:pharmacy").text
    assert "No service is said to work worse" in page
    page = login("ines").get("/map/needs?item=service:pharmacy").text
    assert "NOT ON THE MAP" in page
    assert "Nothing that the map knows." in page
    assert desk.found


def test_a_service_without_needs_is_not_said_to_need_nothing(desk: Desk, login: Login) -> None:
    bench_page = login("ines").get("/map/needs?item=site:val").text
    assert "What does this stand on" in bench_page
    page = login("ines").get("/map/needs?item=service:lab").text
    assert "50 % of its patients" in page
    assert "holds 72 hours" in page
    assert ">all<" in page
    assert desk.found


def test_every_box_leads_somewhere_that_is_there(desk: Desk, login: Login) -> None:
    client = login("ines")
    for path in PAGES:
        for picture in pictures(client.get(path).text):
            for link in picture.iter("{http://www.w3.org/2000/svg}a"):
                answer = client.get(link.get("href", ""))
                assert answer.status_code == 200
    assert desk.found


def test_a_group_that_falls_leads_to_the_list_of_those_that_do(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(known_sample())
    client = login("ines")
    page = client.get("/map/falls?item=segment:HR-servers").text
    link = next(
        each for each in re.findall(r'href="(/map/list[^"]+)"', page) if "server" in each
    )
    assert "136 things" in client.get(html.unescape(link)).text
    assert "Part 1 of" in client.get("/map/list?falls=segment:HR-servers").text
    assert "laboratoire" in client.get("/map/list?needs=service:laboratoire&q=laboratoire").text


def test_what_fifty_thousand_machines_fall_with_gives_a_page_of_bounded_size(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(huge())
    client = login("ines")
    for path in ("/map/falls?item=server:hv", "/map/needs?item=application:lis"):
        page = client.get(path).text
        assert len(page) < 150_000
    assert "50002 machines in all" in client.get("/map/falls?item=server:hv").text


def test_hostile_names_stay_text_in_headings_titles_and_pictures(
    desk: Desk, login: Login
) -> None:
    page = login("ines").get("/map/falls?item=server:hv").text
    assert "<script>alert" not in page
    assert "\u202e" not in page
    assert pictures(page)
    assert desk.found


def test_where_there_is_no_map_the_page_says_so(bench: Bench, login: Login) -> None:
    bench.map = Desk(NOTHING)
    assert "wardkeep map import" in login("ines").get(PAGES[0]).text


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(desk: Desk, login: Login, language: str) -> None:
    page = login("ines").get(f"{PAGES[0]}&lang={language}").text
    said = {
        "en": "What falls if this falls",
        "fr": "Ce qui tombe si ceci tombe",
        "nl": "Wat uitvalt als dit uitvalt",
        "de": "Was ausfällt, wenn dies ausfällt",
    }
    assert said[language] in page
    assert desk.found
