from __future__ import annotations

import re
import threading
from xml.etree import ElementTree as ET

import pytest
from tests.web.conftest import Login
from tests.web.estates import NOTHING, Desk, huge, known_sample, small
from tests.web.forecasts import Foretold, sampled
from tests.web.handmade import NOW, Bench

from wardkeep.web.language import LANGUAGES
from wardkeep.web.map_port import KnownMap
from wardkeep.web.ports import CopyStanding, MapStanding

PAGES = (
    "/map",
    "/map?by=segment",
    "/map?by=tier",
    "/map?by=service",
    "/map?by=site&in=val",
    "/map/list",
    "/map/item?item=server:lis1",
)


@pytest.fixture
def desk(bench: Bench) -> Desk:
    made = Desk(small())
    bench.map = made
    return made


def pictures(page: str) -> list[ET.Element]:
    """Every picture of a page, read as XML."""
    found = re.findall(r"(?s)<svg class=.*?\n</svg>", page)
    return [ET.fromstring(each) for each in found]


def texts(page: str) -> list[str]:
    return [
        "".join(text.itertext())
        for picture in pictures(page)
        for text in picture.iter("{http://www.w3.org/2000/svg}text")
    ]


@pytest.mark.parametrize("path", PAGES)
def test_the_lead_it_and_the_auditor_see_the_map_and_nobody_who_treats(
    desk: Desk, login: Login, path: str
) -> None:
    for name, status in (("lea", 200), ("ines", 200), ("otto", 200), ("anna", 403)):
        answer = login(name).get(path)
        assert answer.status_code == status, name
        assert answer.headers["cache-control"] == "no-store"
    assert desk.found


def test_a_stranger_is_led_to_the_login(bench: Bench, login: Login) -> None:
    client = login("ines")
    client.cookies.clear()
    assert client.get("/map").headers["location"].startswith("/login")
    assert bench.at


@pytest.mark.parametrize("path", PAGES)
def test_every_page_says_how_old_the_oldest_part_of_the_map_is(
    desk: Desk, login: Login, path: str
) -> None:
    assert "MAP as of 04 Mar 2026 04:12" in login("ines").get(path).text
    assert desk.found


def test_who_looked_at_the_map_is_in_the_access_ledger(
    desk: Desk, bench: Bench, login: Login
) -> None:
    client = login("ines")
    client.get("/map")
    client.get("/map?by=tier")
    client.get("/map/item?item=server:lis1")
    told = [(look.who, look.page, look.record) for look in bench.recorded]
    assert told == [("ines", "map", ""), ("ines", "map server:lis1", "")]
    assert "map of the hospital: server:lis1" in login("otto").get("/audit").text
    assert desk.found


def test_nothing_imported_says_what_to_do(bench: Bench, login: Login) -> None:
    bench.map = Desk(NOTHING)
    page = login("ines").get("/map").text
    assert "wardkeep map import DIR FILE..." in page
    assert "NOT KNOWN" in page
    assert "<svg" not in page


def test_a_map_that_cannot_be_read_shows_nothing_of_it(bench: Bench, login: Login) -> None:
    bench.map = Desk(None)
    answer = login("ines").get("/map/item?item=server:lis1")
    assert answer.status_code == 503
    assert "map/servers.server.age: it is damaged" in answer.text


class Copying:
    """A second box that holds the first's map so."""

    def __init__(self, held: MapStanding) -> None:
        self._held = held

    def standing(self, now: int) -> CopyStanding:
        return CopyStanding(as_of=now, silent_since=0, map=self._held)


def test_every_page_of_a_copied_map_says_that_it_is_a_copy_and_as_of_when(
    desk: Desk, bench: Bench, login: Login
) -> None:
    bench.copy = Copying(MapStanding(offer="given", as_of=NOW))
    bench.forecast = Foretold(sampled(small()))
    for path in (*PAGES, "/map/forecast", "/map/struck", "/map/checks"):
        page = login("ines").get(path).text
        assert "COPY OF THE MAP" in page
        assert re.search(r"As the first server had it at [^.]*2026", page)
        assert "MAP as of" in page
    assert desk.found


def test_a_copy_that_was_never_whole_or_lacks_something_says_so(
    desk: Desk, bench: Bench, login: Login
) -> None:
    lacks = "map/cmdb.server: the first cannot open it"
    bench.copy = Copying(MapStanding(offer="withheld", trouble=lacks))
    page = login("ines").get("/map").text
    assert "It was never copied whole from the first server." in page
    assert "gives its map to this box no longer" in page
    assert lacks in page
    assert desk.found


@pytest.mark.parametrize(
    ("held", "said"),
    [
        (MapStanding(offer="withheld"), "wardkeep followers give-map DIR NAME"),
        (MapStanding(), "has not said whether it gives its map"),
        (MapStanding(offer="given"), "was not copied whole yet"),
        (MapStanding(offer="given", as_of=NOW), "The first server had no map at"),
        (MapStanding(offer="given", trouble="a part: it changed"), "a part: it changed"),
    ],
)
def test_a_second_box_without_a_map_says_why(
    bench: Bench, login: Login, held: MapStanding, said: str
) -> None:
    bench.map, bench.copy = Desk(NOTHING), Copying(held)
    page = login("ines").get("/map").text
    assert "NO MAP HERE" in page
    assert said in page
    assert "Import the files of the map anew" in page


def test_picture_and_table_tell_the_same_things_and_lead_to_the_same_pages(
    desk: Desk, login: Login
) -> None:
    page = login("ines").get("/map").text
    drawn = {
        link.get("href")
        for picture in pictures(page)
        for link in picture.iter("{http://www.w3.org/2000/svg}a")
    }
    table = page[page.index('<table id="table"') :].split("</table>")[0]
    told = {each.replace("&amp;", "&") for each in re.findall(r'href="([^"]+)"', table)}
    assert drawn == told
    assert "/map/item?item=server%3Alis1" in drawn
    assert desk.found


def test_every_picture_has_a_title_and_says_what_its_boxes_are(
    desk: Desk, login: Login
) -> None:
    for path in PAGES[:5]:
        for picture in pictures(login("ines").get(path).text):
            named = (picture.get("aria-labelledby") or "").split()
            found = {each.get("id"): each.text for each in picture.iter() if each.get("id")}
            assert all(found[name] for name in named)
            assert len(named) == 2
    assert desk.found


def test_names_from_imports_stay_text_and_show_what_is_hidden_in_them(
    desk: Desk, login: Login
) -> None:
    for path in ("/map?by=site&in=val", "/map/item?item=server:hv", "/map/list?q=hv"):
        page = login("ines").get(path).text
        assert "<script>alert" not in page
        assert "\u202e" not in page
        assert "U+202E" in page
    assert any("Van den" in text for text in texts(login("ines").get("/map").text))
    assert desk.found


def test_a_name_or_note_of_ten_thousand_letters_is_cut_and_said_to_be(
    desk: Desk, login: Login
) -> None:
    client = login("ines")
    for path in (*PAGES, "/map/item?item=server:lost"):
        assert len(client.get(path).text) < 60_000
    assert "and 9000 more" in client.get("/map/item?item=server:lis1").text
    assert max(map(len, texts(client.get("/map").text))) < 60
    assert desk.found


def test_what_nobody_said_of_a_thing_is_not_recorded(desk: Desk, login: Login) -> None:
    page = login("ines").get("/map/item?item=server:lost").text
    row = page[page.index(">Hours to restore<") :].split("</tr>")[0]
    assert "NOT RECORDED" in row
    assert "NOT RECORDED: tier" in login("ines").get("/map?by=tier").text
    assert "NOT RECORDED: patients a day" in login("ines").get("/map?by=service").text
    assert desk.found


def test_a_thing_that_others_name_and_no_import_told_is_said_to_be_missing(
    desk: Desk, login: Login
) -> None:
    answer = login("ines").get("/map/item?item=server:gone")
    assert answer.status_code == 200
    assert "NOT ON THE MAP" in answer.text
    assert "Need of a service: Needs of these" in answer.text
    assert login("ines").get("/map/item?item=server:never").status_code == 404
    assert desk.found


def test_more_than_a_hundred_things_become_boxes_that_lead_to_the_list_of_theirs(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(known_sample())
    client = login("ines")
    page = client.get("/map").text
    assert "136 Servers" in texts(page)
    link = next(
        each.replace("&amp;", "&")
        for each in re.findall(r'<a href="(/map/list[^"]+kind=server[^"]*)"', page)
    )
    listed = client.get(link).text
    assert "136 things" in listed
    assert listed.count('<a class="row"') == 100
    assert "Part 1 of 2" in listed
    assert client.get(f"{link}&page=2").text.count('<a class="row"') == 36


def test_a_map_of_50000_machines_still_gives_pages_of_bounded_size(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(huge())
    client = login("ines")
    for path in (*PAGES, "/map?by=tier&in=0", "/map/item?item=server:hv"):
        page = client.get(path).text
        assert len(page) < 150_000, path
        boxes = [text for text in texts(page) if text]
        assert len(boxes) <= 340, path
    assert "columns more are not drawn" in client.get("/map").text


def test_a_thing_is_found_by_its_name_its_id_and_its_address(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(known_sample())
    client = login("ines")
    assert "hv01" in client.get("/map/list?q=hyperviseur+1").text
    assert client.get("/map/list?q=DPI01&kind=server").text.count('<a class="row"') == 1
    assert "Nothing on the map fits" in client.get("/map/list?q=no+such+thing").text


def test_a_column_that_is_a_thing_of_the_map_leads_to_what_it_is(
    desk: Desk, login: Login
) -> None:
    page = login("ines").get("/map?by=segment&in=room").text
    assert "/map/item?item=segment%3Aroom" in page
    assert "/map/falls?item=segment%3Aroom" in page
    page = login("ines").get("/map?by=segment&in=:none").text
    assert "What falls if it falls" not in page
    assert desk.found


def test_while_the_map_is_read_other_pages_go_on(bench: Bench, login: Login) -> None:
    class Slow(Desk):
        def known(self) -> KnownMap:
            begun.set()
            assert may_end.wait(60)
            return super().known()

    begun, may_end = threading.Event(), threading.Event()
    bench.map = Slow(small())
    client = login("ines")
    answers: list[int] = []
    asking = threading.Thread(target=lambda: answers.append(client.get("/map").status_code))
    asking.start()
    assert begun.wait(60)
    assert client.get("/about").status_code == 200
    assert answers == []
    may_end.set()
    asking.join()
    assert answers == [200]


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(desk: Desk, login: Login, language: str) -> None:
    page = login("ines").get(f"/map?lang={language}").text
    said = {
        "en": "What do we have, and where?",
        "fr": "Qu'avons-nous, et où ?",
        "nl": "Wat hebben we, en waar?",
        "de": "Was haben wir, und wo?",
    }
    assert said[language] in page
    assert '<a href="/map">' in page
    assert desk.found
