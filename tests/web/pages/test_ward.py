from __future__ import annotations

import re

import msgspec
import pytest
from litestar.testing import TestClient
from tests.web.conftest import Login, log_in
from tests.web.handmade import NOW, SITE, Bench, patient

from wardkeep.chart.ports import UnreadMessage
from wardkeep.kernel.times import DAY, HOUR
from wardkeep.web.board import all_flags, bed_of, empty_beds
from wardkeep.web.pages.ward import read_ahead


def test_the_board_shows_everyone_and_never_a_blank_cell(login: Login) -> None:
    page = login("anna").get("/ward?code=4B").text
    assert page.count('class="row"') == 40
    assert "<td></td>" not in page.replace("\n", "")
    assert "NOT RECORDED: ASK" in page
    assert "NONE KNOWN" in page
    assert "penicilline" in page


def test_a_stream_that_no_feed_carries_says_not_fed_in_its_column(login: Login) -> None:
    page = login("anna").get("/ward?code=ICU").text
    first = page.split('<td class="bed">')[1]
    assert "NOT FED" in first
    assert "Charted up to: " in page
    assert "NOT FED" in page.split("Charted up to: ")[1][:60]


def test_hostile_text_is_shown_and_does_nothing(login: Login) -> None:
    page = login("anna").get("/ward?code=ICU").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert" in page
    assert "\u202e" not in page
    assert "[U+202E]" in page
    assert "[U+0007]" in page


def test_the_board_is_a_look_at_everyone_on_it_once_in_ten_minutes(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    client.get("/ward?code=ICU")
    client.get("/ward?code=ICU", headers={"wardkeep-refresh": "1"})
    assert [(look.who, look.page, look.why) for look in bench.recorded] == [
        ("anna", "ward board", "ward ICU")
    ] * 3
    assert {look.record for look in bench.recorded} == {"700050", "700051", "R/9 0?&<1>"}


def test_a_ward_that_nobody_named_is_no_ward(login: Login) -> None:
    assert login("anna").get("/ward?code=NONE").status_code == 404


def test_next_due_is_marked_as_computed_and_can_be_turned_off(
    login: Login, bench: Bench
) -> None:
    assert "COMPUTED" in login("anna").get("/ward?code=4B").text
    rules = msgspec.structs.replace(SITE.rules, compute_next_due=False)
    site = msgspec.structs.replace(SITE, rules=rules)
    quiet = Bench()
    quiet.deps = lambda **_: msgspec.structs.replace(bench.deps(), site=site)
    bench.app = quiet.app
    page = login("anna").get("/ward?code=4B").text
    assert "COMPUTED" not in page
    assert "turned off" in page


def test_the_pack_is_a_pdf_and_a_look_and_its_absence_is_said(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    pack = client.get("/ward/pack?code=4B")
    assert pack.headers["content-type"] == "application/pdf"
    assert pack.headers["cache-control"] == "no-store"
    assert len(bench.recorded) == 40
    missing = client.get("/ward/pack?code=ICU")
    assert missing.status_code == 404
    assert "No paper yet" in missing.text
    assert len(bench.recorded) == 40


def test_beds_without_a_patient_are_named_where_the_site_declared_its_beds() -> None:
    lying = patient(0, "4B")
    assert bed_of(lying) == "400-1"
    declared = msgspec.structs.replace(SITE.wards[0], beds=("400-1", "400-2"))
    assert empty_beds([lying], declared) == ("400-2",)
    assert empty_beds([lying], None) == ()


def test_flags_of_stopped_orders_are_not_on_the_board() -> None:
    lying = patient(2, "4B")
    assert {flag.kind for flag in all_flags(lying)} == {"lost_characters", "same_name_on_ward"}
    assert all_flags(msgspec.structs.replace(lying, orders=(), flags=())) == ()


@pytest.mark.parametrize(
    ("language", "sign"),
    [
        ("en", "STILL READING"),
        ("fr", "LECTURE EN COURS"),
        ("nl", "NOG AAN HET LEZEN"),
        ("de", "WIRD NOCH GELESEN"),
    ],
)
def test_a_board_made_of_charts_that_still_catch_up_says_so(
    login: Login, bench: Bench, language: str, sign: str
) -> None:
    client = login("anna")
    assert sign not in client.get(f"/ward?code=4B&lang={language}").text
    bench.charts.behind = 25_544
    page = client.get(f"/ward?code=4B&lang={language}").text
    assert sign in page
    assert "25544" in page


@pytest.mark.parametrize(
    ("language", "told"),
    [
        ("en", ("not charted", "next", "INSULIN")),
        ("fr", ("non saisi", "puis", "INSULINE")),
        ("nl", ("niet geregistreerd", "volgende", "INSULINE")),
        ("de", ("nicht dokumentiert", "nächste", "INSULIN")),
    ],
)
def test_a_missed_dose_of_insulin_stands_on_the_board_beside_the_next_dose(
    login: Login, language: str, told: tuple[str, str, str]
) -> None:
    page = login("anna").get(f"/ward?code=4B&lang={language}").text
    cell = page.split("700003</bdi></span></td>")[1].split('class="when"')[1].split("</td>")[0]
    missed, coming, risk = told
    assert "18:00</strong> " + missed in cell
    assert "<strong>+1</strong>" in cell
    assert f"{coming}</span> <strong>06:00</strong>" in cell
    assert f'<span class="risk" title="{risk}">{risk}</span>' in cell


@pytest.mark.parametrize(
    ("language", "sign", "sentence"),
    [
        ("en", "MESSAGE NOT READ", "2 messages about this patient could not be read: ASK"),
        ("fr", "MESSAGE NON LU", "2 messages sur ce patient"),
        ("nl", "BERICHT NIET GELEZEN", "2 berichten over deze patiënt"),
        ("de", "NACHRICHT NICHT GELESEN", "2 Nachrichten zu diesem Patienten"),
    ],
)
def test_the_board_flags_a_patient_of_whom_a_message_could_not_be_read_under_any_number(
    login: Login, bench: Bench, language: str, sign: str, sentence: str
) -> None:
    merged = msgspec.structs.replace(patient(4, "4B"), merged_from=("old",))
    bench.charts.patients = [patient(3, "4B"), merged]
    bench.charts.lost = (
        UnreadMessage(record="700004", received=NOW - HOUR, message_type="RAS^O17"),
        UnreadMessage(record="old", received=NOW - 2 * HOUR, message_type="RAS^O17"),
        UnreadMessage(record="700003", received=NOW - 8 * DAY, message_type="RAS^O17"),
    )
    page = login("anna").get(f"/ward?code=4B&lang={language}").text
    long_ago, lately = page.split('<td class="bed">')[1:]
    assert sign not in long_ago
    assert f">{sign}</strong>" in lately
    assert sentence in lately


@pytest.mark.parametrize(("language", "letter"), [("nl", "V"), ("de", "W"), ("fr", "F")])
def test_a_woman_has_the_letter_of_the_readers_language(
    login: Login, language: str, letter: str
) -> None:
    board = login("anna").get(f"/ward?code=4B&lang={language}").text
    assert f"(95) {letter}</span>" in board


def test_rows_that_were_made_ahead_are_those_of_the_page(bench: Bench) -> None:
    app = bench.app()
    web = app.state.web
    summary = bench.charts.summary("4B")
    assert summary is not None
    read_ahead(web, summary)
    assert len(web.rows) == 40
    made = dict(web.rows._kept)
    with TestClient(app, base_url="http://127.0.0.1") as nurse:
        log_in(nurse, "anna")
        nurse.get(f"/ward?code=4B&lang={SITE.language}")
    assert all(web.rows._kept[place] is row for place, row in made.items())


@pytest.mark.parametrize(
    ("language", "signs"),
    [
        ("en", ["ANTICOAG.", "OPIOID", "INSULIN", "METHOTREX."]),
        ("fr", ["ANTICOAG.", "OPIOÏDE", "INSULINE", "MÉTHOTREX."]),
        ("nl", ["ANTISTOL.", "OPIOÏDE", "INSULINE", "METHOTREX."]),
        ("de", ["ANTIKOAG.", "OPIOID", "INSULIN", "METHOTREX."]),
    ],
)
def test_every_high_risk_drug_stands_in_the_row_also_one_that_is_not_due_next(
    login: Login, language: str, signs: list[str]
) -> None:
    page = login("anna").get(f"/ward?code=4B&lang={language}").text
    cell = page.split("700003</bdi></span></td>")[1].split('<span class="f"')[1]
    told = cell.split("</td>")[0]
    assert re.findall(r'class="risk" title="[^"]+">([^<]+)<', told) == signs
    assert 'class="dim"' not in told


def test_a_row_without_high_risk_drugs_and_flags_says_none_of_both(
    login: Login, bench: Bench
) -> None:
    calm = patient(4, "4B")
    bench.charts.patients = [msgspec.structs.replace(calm, orders=calm.orders[:1])]
    page = login("anna").get("/ward?code=4B&lang=en").text
    assert '<span class="hear">High-risk, flags: </span>none' in page
    assert 'class="risk"' not in page


def test_code_status_and_isolation_that_nobody_recorded_are_told_apart_by_their_names(
    login: Login,
) -> None:
    page = login("anna").get("/ward?code=4B&lang=en").text
    said = page.split("700003</bdi></span></td>")[1].split('class="said"')[1].split("</td>")[0]
    code, isolation = said.split('class="i"')
    assert "Code </span>" in code
    assert "NOT RECORDED" in code
    assert "Iso </span>" in isolation
    assert "NOT RECORDED" in isolation
