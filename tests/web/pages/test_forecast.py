"""What an attack would take, as the web tells it."""

from __future__ import annotations

import html
import re
import xml.etree.ElementTree as ET

import pytest
from tests.foresight.board.papers import forecast, service, stopped_in_time
from tests.web.conftest import Login
from tests.web.estates import NOTHING, SMALL, Desk, known, known_sample, small
from tests.web.forecasts import Foretold, of, sampled
from tests.web.handmade import HOSTILE, Bench

from wardkeep.adapters.typst_words import translator
from wardkeep.foresight.last_forecast import LastForecast
from wardkeep.foresight.summary import Way
from wardkeep.hospital.map.care import Service
from wardkeep.hospital.map.fingerprint import Changed, item_marks
from wardkeep.hospital.map.machines import Server
from wardkeep.kernel.wall_clock import utc
from wardkeep.web.forecast_port import NoForecast
from wardkeep.web.language import LANGUAGES, catalogue
from wardkeep.web.ports import CopyStanding, MapStanding


@pytest.fixture
def desk(bench: Bench) -> Foretold:
    bench.map = Desk(known_sample())
    bench.forecast = made = Foretold(sampled(known_sample()))
    return made


def text(login: Login, query: str = "") -> str:
    return html.unescape(login("ines").get(f"/map/forecast{query}").text).replace("\xa0", " ")


def cells(page: str) -> list[str]:
    found = re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page, re.DOTALL)
    return [re.sub(r"<[^>]+>", "", each).strip() for each in found]


def test_only_who_may_see_the_map_sees_what_an_attack_would_take(
    desk: Foretold, bench: Bench, login: Login
) -> None:
    for name, status in (("lea", 200), ("ines", 200), ("otto", 200), ("anna", 403)):
        answer = login(name).get("/map/forecast")
        assert answer.status_code == status
        assert answer.headers["cache-control"] == "no-store"
    assert {e.who for e in bench.recorded if e.page == "map forecast"} == {
        "lea",
        "ines",
        "otto",
    }
    assert desk.found


def test_the_maps_pages_lead_to_it_and_it_leads_back(desk: Foretold, login: Login) -> None:
    browser = login("ines")
    assert 'href="/map/forecast"' in browser.get("/map").text
    page = browser.get("/map/forecast").text
    assert 'href="/map?by=site"' in page
    assert '<a href="/map/forecast" aria-current="page">' in page
    assert desk.found


def test_it_says_when_it_was_drawn_and_how_old_the_map_was_then(
    desk: Foretold, login: Login
) -> None:
    page = text(login)
    assert "FORECAST drawn 05 Mar 2026 10:12 (42 h)" in page
    assert "MAP as of 04 Mar 2026 04:12 (3 d)" in page
    assert "THE MAP HAS CHANGED" not in page
    assert desk.found


def test_where_the_map_has_changed_since_it_says_in_how_many_things_and_what_to_run(
    bench: Bench, login: Login
) -> None:
    bench.forecast = Foretold(of(small(), forecast()))
    gone, *rest = SMALL[2:]
    other = [Server(id="lis1", patched=True) if each.id == "lis1" else each for each in rest]
    bench.map = Desk(known(*SMALL[:2], *other, Server(id="new"), Server(id="newer")))
    page = text(login)
    assert "THE MAP HAS CHANGED" in page
    assert "2 things are new, 1 says something else, 1 is gone" in page
    assert "wardkeep foresee DIR" in page
    assert gone.id == "hv"


def test_no_forecast_says_so_and_what_to_run(bench: Bench, login: Login) -> None:
    bench.map, bench.forecast = Desk(small()), NoForecast()
    page = text(login)
    assert "NO FORECAST" in page
    assert "NOT KNOWN" in page
    assert "<code>wardkeep foresee DIR</code>" in page


def test_of_a_forecast_of_an_earlier_release_it_says_that_its_sums_alone_are_kept(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(small())
    bench.forecast = Foretold(LastForecast(utc(bench.at), "f" * 64))
    page = text(login)
    assert "The last one, of 07 Mar 2026 04:12" in page
    assert "<code>wardkeep foresee DIR</code>" in page


def test_what_cannot_be_read_is_named_and_nothing_of_it_shown(
    bench: Bench, login: Login
) -> None:
    bench.map, bench.forecast = Desk(small()), Foretold(None)
    answer = login("ines").get("/map/forecast")
    assert answer.status_code == 503
    assert "foresight/whole.age" in answer.text


def test_without_a_map_there_is_none(desk: Foretold, bench: Bench, login: Login) -> None:
    bench.map = Desk(NOTHING)
    page = text(login)
    assert "NO MAP" in page
    assert "FORECAST drawn" not in page
    assert desk.found


def test_a_box_that_copies_another_says_to_draw_it_at_the_first(
    bench: Bench, login: Login
) -> None:
    class Copying:
        def standing(self, now: int) -> CopyStanding:
            held = MapStanding(offer="given", as_of=now)
            return CopyStanding(as_of=now, silent_since=0, map=held)

    bench.map, bench.copy = Desk(small()), Copying()
    page = text(login)
    assert "COPY OF THE MAP" in page
    assert "None was drawn at the first server, or it was not copied yet" in page
    assert "At the first server: <code>wardkeep foresee DIR</code>" in page
    bench.forecast = Foretold(of(known(*SMALL[:2]), forecast()))
    page = text(login)
    first, second = page.split('<div class="onpaper sheet-top')[1:]
    assert "COPY OF THE MAP" in first
    assert "COPY OF THE MAP" in second.partition("</div>")[0]
    assert "Draw it again, at the first server: <code>wardkeep foresee DIR</code>" in page


def test_it_tells_the_way_in_that_delays_most_and_each_other_where_asked(
    desk: Foretold, login: Login
) -> None:
    page = text(login)
    assert "If an attack encrypts our systems (by: mail opened at pc-0)" in page
    assert "/map/forecast?way=mail+to+pc-1" in page
    page = text(login, "?way=mail+to+pc-1")
    assert "If an attack encrypts our systems (by: mail opened at pc-1)" in page
    assert "(by: mail opened at pc-0)" in text(login, "?way=<script>")
    assert desk.found


def test_every_cell_says_something_and_no_estimate_stands_alone(
    desk: Foretold, login: Login
) -> None:
    page = text(login)
    assert "" not in cells(page)
    care = page.split("What each service loses</h2>")[1].split("</table>")[0]
    for row in re.findall(r"<tr><th scope=.row.>.*?</tr>", care, re.DOTALL):
        for cell in cells(row)[1:]:
            assert cell in {"NOT RECORDED", "no patients"} or " to " in cell, cell
    assert desk.found


def test_what_the_map_does_not_tell_is_not_recorded_and_named_as_missing(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(small())
    bench.forecast = Foretold(
        of(
            small(),
            forecast(services=(service(1, "Pharmacy", "pharmacy"),), no_volume=("service:1",)),
        )
    )
    page = text(login)
    assert "NOT RECORDED" in page.partition("What each service loses")[2]
    missing = page.split("What this forecast does not hold")[1]
    assert (
        "Patients of services whose patients a day are NOT RECORDED (1): Pharmacy." in missing
    )
    assert "How often an attack is tried: NOT KNOWN." in missing


def test_a_way_in_by_which_nothing_encrypts_tells_no_noughts(
    bench: Bench, login: Login
) -> None:
    bench.map = Desk(small())
    none = stopped_in_time(forecast("mail to none"))
    bench.forecast = Foretold(of(small(), none))
    page = text(login)
    assert "NOT KNOWN: none encrypts" in page
    assert "None of the attacks that were drawn by this way in encrypts anything" in page
    assert "What each service loses" not in page
    assert "<svg class=" not in page


def test_the_curve_is_a_picture_with_a_name_and_a_table_that_tells_the_same(
    desk: Foretold, login: Login
) -> None:
    page = login("ines").get("/map/forecast").text
    found = ET.fromstring(re.findall(r'<svg class="curve".*?</svg>', page, re.DOTALL)[0])
    assert found.get("role") == "img"
    title, told = found[0], found[1]
    assert found.get("aria-labelledby") == f"{title.get('id')} {told.get('id')}"
    words = ["".join(each.itertext()) for each in found if each.tag.endswith("text")]
    assert {"0 %", "100 %", "120", "days after the encryption"} <= set(words)
    table = html.unescape(page).split("End of day</th>")[1].split("</table>")[0]
    assert cells(table)[3:7] == ["1", "0 %", "1 %", "2 %"]
    assert desk.found


def test_measures_the_best_set_neighbours_paths_and_guesses_are_told_as_the_paper_does(
    desk: Foretold, login: Login
) -> None:
    page = text(login)
    assert "Best set for 5,000 euros: Second factor for all 0, " in page
    assert "And" not in page.split("own hours</th>")[1].split("</table>")[0]
    assert "Hôpital du Sud" in page.partition("Neighbours that it reaches")[2]
    assert "directory ghqv.local held" in page
    assert "a worm spreads from there by itself" in page
    assert "how soon somebody notices, decides and cuts (7)" in page
    assert "docs/forecast-numbers.md" in page
    assert desk.found


def test_the_best_set_is_told_whole_on_the_screen_and_cut_on_paper_alone(
    bench: Bench, login: Login
) -> None:
    name = "A second factor for all who administer a server, an account or a directory"
    bench.map, bench.forecast = Desk(known_sample()), Foretold(sampled(known_sample(), 1, name))
    on_screen, on_paper = re.findall(
        r'<p class="answer (?:noprint|onpaper)">(.*?)</p>', text(login)
    )
    assert f"{name} 0, " in on_screen
    assert "…" not in on_screen
    assert "A second factor for all who administer…, " in on_paper


def test_each_sheet_of_paper_names_the_hospital_the_way_in_and_both_moments(
    desk: Foretold, login: Login
) -> None:
    page = text(login, "?way=mail+to+pc-1")
    first, second = page.split('<div class="onpaper sheet-top')[1:]
    moments = "FORECAST drawn 05 Mar 2026 10:12, MAP as of 04 Mar 2026 04:12"
    for number, sheet in (("1/2", first), ("2/2", second)):
        top = sheet.partition("</div>")[0]
        assert f"<span>{number}</span>" in top
        assert f"<strong><bdi>Hôpital du Val</bdi></strong> · {moments}" in top
        assert "COPY OF THE MAP" not in top
    assert "If an attack encrypts our systems (by: mail opened at pc-1)</p></div>" in second
    assert desk.found


def test_where_no_measure_was_compared_it_says_so(bench: Bench, login: Login) -> None:
    bench.map = Desk(small())
    bench.forecast = Foretold(of(small(), forecast(), measures=(), effects=()))
    page = text(login)
    assert "No measure was compared: none was handed in." in page
    assert "No budget was named" in page
    assert "NOT KNOWN: the map tells of no directory" in page


def test_names_from_imports_stay_text(bench: Bench, login: Login) -> None:
    bench.map = Desk(small())
    made = forecast(
        f"access:{HOSTILE}",
        services=(service(0, HOSTILE, ""),),
        ways=(Way(1.0, ()),),
    )
    bench.forecast = Foretold(of(small(), made))
    page = login("ines").get("/map/forecast").text
    assert "<script>alert" not in page
    assert "\u202e" not in page


def test_five_hundred_services_give_a_page_of_bounded_size(bench: Bench, login: Login) -> None:
    whole = known(*(Service(id=f"s{each}", name="Ward " * 20) for each in range(500)))
    bench.map, bench.forecast = Desk(whole), Foretold(sampled(whole, ways=3))
    page = login("ines").get("/map/forecast").text
    assert len(page) < 300_000
    assert "And 400 more that have no room here." in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_speaks_each_language(desk: Foretold, login: Login, language: str) -> None:
    page = text(login, f"?lang={language}")
    words, say = catalogue(language).gettext, translator(language)
    assert f'<html lang="{language}"' in page
    for each in ("What would an attack take?", "days after the encryption", "told below"):
        assert words(each) in page
    for each in ("What each service loses", "CLOSED", "What prevention buys"):
        assert say(each).replace("\xa0", " ") in page
    assert "{" not in page.split("<main")[1].split("</main>")[0]
    assert desk.found


def test_what_changed_is_counted_once_for_a_map_and_a_forecast() -> None:
    now, then = small(), item_marks(known(*SMALL[:3]).whole)
    assert now.changed_since(then) is now.changed_since(then)
    assert now.changed_since(item_marks(small().whole)) == Changed(0, 0, 0)
