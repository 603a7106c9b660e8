from __future__ import annotations

import html

import pytest
from tests.web.conftest import Login
from tests.web.estates import NOTHING, Desk, known, known_sample, small
from tests.web.handmade import HOSTILE, Bench

from wardkeep.foresight.assessment import assess
from wardkeep.hospital.map.outside import Exchange, Neighbour, RemoteAccess, Supplier
from wardkeep.web.language import LANGUAGES, catalogue
from wardkeep.web.map_words import KINDS


@pytest.fixture
def desk(bench: Bench) -> Desk:
    made = Desk(known_sample())
    bench.map = made
    return made


def text(login: Login, query: str, name: str = "ines") -> str:
    return html.unescape(login(name).get(f"/map/struck{query}").text)


def test_only_who_may_see_the_map_sees_what_links_us_to_a_neighbour(
    desk: Desk, bench: Bench, login: Login
) -> None:
    path = "/map/struck?item=neighbour:hopital-du-sud"
    for name, status in (("lea", 200), ("ines", 200), ("otto", 200), ("anna", 403)):
        answer = login(name).get(path)
        assert answer.status_code == status
        assert answer.headers["cache-control"] == "no-store"
    assert ("lea", "map neighbour:hopital-du-sud") in [(e.who, e.page) for e in bench.recorded]
    assert desk.found


def test_without_a_name_it_asks_who_is_struck(desk: Desk, login: Login) -> None:
    page = text(login, "")
    assert "Who is struck now?" in page
    assert "/map/struck?item=neighbour%3Ahopital-du-sud" in page
    assert "/map/struck?item=supplier%3Adossier" in page
    assert desk.found


@pytest.mark.parametrize("struck", ["neighbour:sainte-aldegonde", "supplier:imagerie"])
def test_the_page_tells_the_links_that_the_assessment_finds_ways_in_first(
    desk: Desk, login: Login, struck: str
) -> None:
    found = assess(known_sample().whole, struck)
    page = text(login, f"?item={struck}")
    ways_in = page.split("Said to carry none of it")[0]
    for link in found.links:
        name = link.name or link.item.partition(":")[2]
        part = ways_in if link.may_carry_the_attack else page[len(ways_in) :]
        assert name in part
        assert KINDS[link.item.partition(":")[0]] in part
    machines = next(each.machines for each in found.links if each.may_carry_the_attack)
    assert f"{machines} machines within reach" in page
    assert desk.found


def test_what_they_keep_running_is_told_with_what_stops_and_most_care_first(
    desk: Desk, login: Login
) -> None:
    page = text(login, "?item=supplier:imagerie")
    kept = page.split("Said to carry none of it")[1]
    assert kept.index("462 patients a day") < kept.index("430 patients a day")
    assert "Radiothérapie" in kept
    assert "4 services stop" in page
    assert desk.found


def test_what_the_map_does_not_say_of_a_link_is_asked_for(bench: Bench, login: Login) -> None:
    bench.map = Desk(
        known(
            Neighbour(id="south", name="South"),
            Exchange(id="tunnel", neighbour="south"),
            Exchange(id="fixed", neighbour="south", channels=("infection",), can_be_cut=False),
            Supplier(id="acme"),
            RemoteAccess(id="vpn", supplier="supplier:acme"),
        )
    )
    page = text(login, "?item=south")
    assert "can we cut it: " in page
    assert "WE CANNOT CUT IT" in page
    asked = page.split("NOT RECORDED: ask now")[1]
    assert "how harm may cross it" in asked
    assert "what care does when it is cut" in asked
    asked = text(login, "?item=supplier:acme").split("NOT RECORDED: ask now")[1]
    assert "whether it stands open; whether a second factor guards it" in asked


def test_who_is_not_linked_is_not_said_to_be_harmless(bench: Bench, login: Login) -> None:
    bench.map = Desk(known(Neighbour(id="far", name=HOSTILE)))
    page = login("ines").get("/map/struck?item=neighbour:far").text
    assert "Nothing on the map links us to it. What is not on the map is not known" in page
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_who_is_not_on_the_map_is_said_to_be_unknown(bench: Bench, login: Login) -> None:
    bench.map = Desk(small())
    answer = login("ines").get("/map/struck?item=<b>nobody")
    assert answer.status_code == 404
    assert "NOT KNOWN" in answer.text
    assert "<b>nobody" not in answer.text
    bench.map = Desk(NOTHING)
    assert "wardkeep map import" in text(login, "?item=supplier:acme")


def test_a_neighbour_and_a_supplier_lead_to_it_from_their_own_page(
    desk: Desk, login: Login
) -> None:
    client = login("ines")
    for each in ("neighbour:medecins", "supplier:dossier"):
        page = client.get(f"/map/item?item={each}").text
        assert f"/map/struck?item={each.replace(':', '%3A')}" in page
    assert "/map/struck?item" not in client.get("/map/item?item=server:hv01").text
    assert desk.found


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(desk: Desk, login: Login, language: str) -> None:
    say = catalogue(language).gettext
    page = text(login, f"?item=supplier:moniteurs&lang={language}")
    for words in (
        "May carry the attack: cut first, what costs least care at the top",
        "NOT RECORDED: ask now",
        "whether it stands open",
        "they keep it running",
    ):
        assert say(words) in page
    assert desk.found
