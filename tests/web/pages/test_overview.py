from __future__ import annotations

import html

import msgspec
import pytest
from tests.web.conftest import Login
from tests.web.handmade import NOW, Bench, patient

from wardkeep.alarm.state import Alarm
from wardkeep.chart.ports import StreamStatus, WardSummary
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import HOUR, MINUTE


def test_the_overview_says_what_may_be_trusted_before_anything_else(login: Login) -> None:
    page = login("lea").get("/").text
    head = page.split("<h2>")[0]
    assert "LIVE as of 04:10" in head
    assert "These feeds fell silent together:" in head
    assert "2 messages could not be read into the chart" in head


def test_when_every_stream_is_silent_nothing_is_called_live(login: Login, bench: Bench) -> None:
    bench.charts.all_silent = True
    client = login("lea")
    for address in ("/", "/ward?code=4B", "/patient?record=700001", "/streams"):
        page = client.get(address).text
        assert ">LIVE as of" not in page
        assert "NOT LIVE, as of 00:52" in page
        assert 'class="band old"' in page


def test_wards_show_how_far_they_are_charted_and_not_fed_where_no_doses_come(
    login: Login,
) -> None:
    page = login("lea").get("/").text
    assert "03:52 (20 min)" in page
    assert "NOT FED" in page.split("Intensive care")[1].split("</tr>")[0]


def test_restarts_are_told_and_so_is_a_supervisor_that_is_gone(
    login: Login, bench: Bench
) -> None:
    client = login("otto")
    assert "writer" in client.get("/").text
    bench.supervised = False
    assert "The supervisor does not answer" in client.get("/").text


def test_a_full_disk_and_a_ledger_that_takes_nothing_stand_above_everything_else(
    login: Login, bench: Bench
) -> None:
    client = login("otto")
    assert "DISK FULL" not in client.get("/").text
    bench.alarms = tuple(
        Alarm(code, "", NOW) for code in ("disk-full", "clinical-not-stored", "new-<kind>")
    )
    head = client.get("/").text.split("<h2>")[0]
    assert "DISK FULL" in head
    assert "New messages cannot be stored." in head
    assert "This server reports a fault. (<bdi>new-&lt;kind&gt;</bdi>)" in head
    assert "Call the service desk now." in head


def test_an_alarm_names_what_it_is_about_and_since_when(login: Login, bench: Bench) -> None:
    bench.alarms = (Alarm("process-down", "charts<", NOW),)
    head = login("otto").get("/").text.split("<h2>")[0]
    assert "<strong><bdi>charts&lt;</bdi></strong>: A part of this server does not run" in head
    assert "Since 04:12" in head


def test_each_stream_says_state_age_limits_and_losses(login: Login) -> None:
    page = login("otto").get("/streams").text
    row = page.split("Laboratory</th>")[1].split("</tr>")[0]
    for word in ("SILENT", "00:52", "3 h", "30 min", "120 min", "set by the site", ">1<"):
        assert word in row, word
    assert "No system sends this here" in page.split("Imaging</th>")[1].split("</tr>")[0]


@pytest.mark.parametrize(
    ("language", "told", "newest", "old"),
    [
        (
            "en",
            "<bdi>lab2</bdi> has told nothing since 01:12.",
            "The newest that was told is of 03:42.",
            "(only old messages come)",
        ),
        (
            "fr",
            "<bdi>lab2</bdi> n'a rien dit depuis 01:12.",
            "Le plus récent de ce qui a été dit date de 03:42.",
            "(seuls d'anciens messages arrivent)",
        ),
        (
            "nl",
            "<bdi>lab2</bdi> heeft niets gemeld sinds 01:12.",
            "Het nieuwste dat gemeld is, is van 03:42.",
            "(er komen enkel oude berichten)",
        ),
        (
            "de",
            "<bdi>lab2</bdi> hat seit 01:12 nichts gemeldet.",
            "Das Neueste, was gemeldet wurde, ist von 03:42.",
            "(es kommen nur alte Nachrichten)",
        ),
    ],
)
def test_a_stream_of_which_one_feed_is_behind_keeps_its_as_of(
    login: Login, bench: Bench, language: str, told: str, newest: str, old: str
) -> None:
    behind = StreamStatus(
        stream=Stream.LABORATORY,
        state=StreamState.SILENT,
        feeds=("lab1", "lab2"),
        as_of=NOW - 30 * MINUTE,
        heard=NOW - 20 * MINUTE,
        known_to=NOW - 3 * HOUR,
        behind="lab2",
        old_news=True,
    )
    bench.charts.behind_of[Stream.LABORATORY] = behind
    client = login("otto")
    row = client.get(f"/streams?lang={language}").text.split("<bdi>lab2</bdi>")[1]
    row = "<bdi>lab2</bdi>" + row.split("</td>")[0]
    for words in (told, newest, old):
        assert words in row
    alone = msgspec.structs.replace(behind, behind="")
    bench.charts.behind_of[Stream.LABORATORY] = alone
    page = client.get(f"/streams?lang={language}").text
    assert f"03:42 {old}</td>" in page


def test_charts_that_lack_erased_days_say_so_wherever_patients_are_shown(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    homeless = patient(70, "")
    bench.charts.patients.append(msgspec.structs.replace(homeless, encounters=()))
    pages = (
        "/",
        "/ward?code=4B",
        "/patient?record=700001",
        f"/patient?record={homeless.record}",
        "/search?q=müller",
        "/search?q=xyzzy",
    )
    for address in pages:
        assert "NOT WHOLE" not in client.get(address).text, address
    bench.charts.lacking = True
    for address in pages:
        page = client.get(address).text
        assert page.count(">NOT WHOLE<") == 1, address
        assert "What erased days had said is lost" in page.split("<h1>")[0], address


def test_who_may_not_see_patients_gets_no_links_to_them(login: Login) -> None:
    page = login("otto").get("/").text
    assert "/ward?" not in page
    assert "/search" not in page
    assert "/quarantine" not in page


@pytest.mark.parametrize(
    ("language", "since", "older"),
    [
        (
            "en",
            "Ward <bdi>4B</bdi>: since 03:12 no new paper could be made.",
            "What prints is the older one of 07 Mar 2026 02:12.",
        ),
        (
            "fr",
            "Unité <bdi>4B</bdi> : depuis 03:12, aucun nouveau papier n&#39;a pu être produit.",
            "Ce qui s&#39;imprime est l&#39;ancien, du 07 mars 2026 02:12.",
        ),
        (
            "nl",
            "Afdeling <bdi>4B</bdi>: sinds 03:12 kon geen nieuw papier worden gemaakt.",
            "Afgedrukt wordt het oudere van 07 mrt 2026 02:12.",
        ),
        (
            "de",
            "Station <bdi>4B</bdi>: Seit 03:12 konnte kein neues Papier erstellt werden.",
            "Gedruckt wird das ältere von 07 März 2026 02:12.",
        ),
    ],
)
def test_a_ward_whose_paper_could_not_be_made_is_named_with_the_age_of_what_prints(
    login: Login, bench: Bench, language: str, since: str, older: str
) -> None:
    client = login("lea")
    assert since not in html.unescape(client.get(f"/?lang={language}").text)
    bench.packs_made = {"4B": NOW - 2 * HOUR}
    bench.packs_failing = {"4B": NOW - HOUR}
    for address in ("/?", "/ward?code=4B&"):
        page = client.get(f"{address}lang={language}").text
        band = html.unescape(page.split('<p class="band old" role="alert">')[-1])
        assert html.unescape(since) in band
        assert html.unescape(older) in band
    bench.packs_failing = {}
    bench.packs_made = {"4B": NOW}
    for address in ("/?", "/ward?code=4B&"):
        page = html.unescape(client.get(f"{address}lang={language}").text)
        assert html.unescape(since) not in page


def test_many_wards_without_new_paper_are_counted_and_flagged_in_the_table(
    login: Login, bench: Bench
) -> None:
    wards = [WardSummary(ward=f"W{n}", patients=1) for n in range(6)]
    bench.charts.wards = lambda: wards
    bench.packs_made = {"W0": NOW - 5 * HOUR}
    bench.packs_failing = {f"W{n}": NOW - HOUR for n in range(1, 6)}
    page = login("lea").get("/").text
    head, table = page.split("<h2>Wards")
    assert "Ward <bdi>W0</bdi>: no newer paper is made." in head
    assert "There is no older one. Print the ward board from the browser." in head
    assert "3 more wards have no new paper: see the table." in head
    assert table.count("PAPER NOT MADE") == 5
    assert table.count("PAPER OLD") == 1


def test_who_asks_for_paper_that_could_not_be_made_is_told_so(
    login: Login, bench: Bench
) -> None:
    bench.packs_failing = {"ICU": NOW - HOUR}
    page = login("anna").get("/ward/pack?code=ICU").text
    assert "since 03:12 no new paper could be made" in page
