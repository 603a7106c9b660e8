from __future__ import annotations

from urllib.parse import urlencode

import msgspec
import pytest
from tests.web.conftest import Login
from tests.web.handmade import NOW, SITE, Bench, dose, moment, order, patient, said

from wardkeep.chart.model import (
    Coded,
    DoseOutcome,
    Flag,
    FlagKind,
    OrderState,
    Timing,
    TimingForm,
    Value,
)
from wardkeep.chart.ports import UnreadMessage
from wardkeep.hospital.streams import StreamState
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.pack.medicines import Round, medicines
from wardkeep.web.pages.patient import lines_of

FULL = "/patient?" + urlencode({"record": "R/9 0?&<1>"})


def test_the_sheet_opens_with_identity_allergies_and_as_of(login: Login) -> None:
    page = login("anna").get("/patient?record=700002").text
    head = page.split("<h2>")[0]
    for word in ("Müller", "Anne", "07 Mar 1932", "(94)", "700002", "4B", "401-1", "V700002"):
        assert word in head, word
    assert "penicilline" in head
    assert "LIVE as of 04:10" in head
    assert "SILENT" in head


def test_a_patient_of_a_like_name_on_the_ward_is_told_on_the_sheet_too(
    login: Login, bench: Bench
) -> None:
    alone = msgspec.structs.replace(patient(2, "4B"), flags=())
    bench.charts.patient = lambda _record: alone
    page = login("anna").get("/patient?record=700002").text
    assert "Another patient on this ward has the same name" in page.split("<h2>")[0]


def test_a_conflict_of_allergies_shows_the_union_and_who_said_what(login: Login) -> None:
    page = login("anna").get(FULL).text
    assert "CONFLICT: sources disagree" in page
    assert "&lt;b&gt;iodine&lt;/b&gt;" in page
    assert "<b>iodine</b>" not in page


def test_every_value_names_its_message_on_request(login: Login) -> None:
    client = login("anna")
    plain, told = client.get(FULL).text, client.get(FULL + "&sources=1").text
    assert 'class="src"' not in plain
    assert told.count('class="src"') > 30
    assert '/message?sequence=7"' in told


def test_a_value_that_no_message_said_is_never_blank(login: Login, bench: Bench) -> None:
    bare = msgspec.structs.replace(
        patient(7, "4B"), name=None, birth_date=None, sex=None, weight=None, encounters=()
    )
    bare = msgspec.structs.replace(bare, orders=(), doses=(), record="bare")
    bench.charts.patients = [bare]
    bench.charts.ward = lambda _code: []
    page = login("anna").get("/patient?record=bare").text
    assert page.count("NOT RECORDED") > 15
    assert "<dd></dd>" not in page
    assert "not in a bed" in page


def test_a_dose_refused_after_the_last_one_given_is_told_beside_it(
    login: Login, bench: Bench
) -> None:
    one = patient(1, "4B")
    refused = msgspec.structs.replace(
        dose(one.record),
        dose="later",
        outcome=DoseOutcome.REFUSED,
        reason="nausea",
        at=moment(NOW - HOUR),
    )
    bench.charts.patients = [msgspec.structs.replace(one, doses=(refused, *one.doses))]
    page = login("anna").get("/patient?record=700001").text
    row = page.split("paracetamol")[1].split("</tr>")[0]
    assert "06 Mar 22:12" in row
    assert "REFUSED" in row
    assert "nausea" in row


def test_held_orders_say_so_and_stopped_ones_stand_apart(login: Login, bench: Bench) -> None:
    one = patient(1, "4B")
    stopped = msgspec.structs.replace(
        one.orders[0],
        state=msgspec.structs.replace(one.orders[0].state, value=OrderState.STOPPED),
    )
    bench.charts.patients = [msgspec.structs.replace(one, orders=(stopped, *one.orders[1:]))]
    page = login("anna").get("/patient?record=700001").text
    assert "ON HOLD" in page
    standing, gone = page.split("Stopped in the last 3 days")
    assert "paracetamol" not in standing
    assert "STOPPED" in gone


def test_without_a_feed_of_doses_the_sheet_says_not_fed(login: Login, bench: Bench) -> None:
    fed = bench.charts._stream
    bench.charts._stream = lambda stream, ward: (
        msgspec.structs.replace(fed(stream, ward), state=StreamState.NOT_FED)
        if stream == "doses_given"
        else fed(stream, ward)
    )
    page = login("anna").get("/patient?record=700001").text
    cell = page.split('data-label="Last given"')[1].split("</td>")[0]
    assert "NOT FED" in cell


@pytest.mark.parametrize(
    ("language", "weekly", "insulin", "risk"),
    [
        ("en", "NOT EVERY DAY: ONLY ON SATURDAY", "INSULIN", "METHOTREXATE"),
        ("fr", "PAS CHAQUE JOUR : SEULEMENT LE SAMEDI", "INSULINE", "MÉTHOTREXATE"),
        ("nl", "NIET ELKE DAG: ALLEEN OP ZATERDAG", "INSULINE", "METHOTREXAAT"),
        ("de", "NICHT JEDEN TAG: NUR AM SAMSTAG", "INSULIN", "METHOTREXAT"),
    ],
)
def test_the_sheet_marks_a_weekly_drug_and_a_high_risk_drug_in_the_words_of_the_paper(
    login: Login, language: str, weekly: str, insulin: str, risk: str
) -> None:
    page = login("anna").get(f"/patient?record=700003&lang={language}").text
    assert (
        f'<span class="risk">{insulin}</span> <strong><bdi>insulin lispro</bdi></strong>'
        in page
    )
    row = page.split("<strong><bdi>methotrexate</bdi></strong>")
    assert row[0].endswith(f'<span class="risk">{risk}</span> ')
    assert row[1].startswith(f' <span class="flag">{weekly}</span>')
    furosemide = page.split("<strong><bdi>furosemide</bdi></strong>")[0].rsplit("<tr", 1)[1]
    assert "risk" not in furosemide


def test_the_sheet_tells_the_next_dose_beside_one_that_nobody_charted(login: Login) -> None:
    page = login("anna").get("/patient?record=700003").text
    row = page.split("<strong><bdi>insulin lispro</bdi></strong>")[1].split("</tr>")[0]
    cell = " ".join(row.split('data-label="Next due')[1].split())
    assert "<strong>06 Mar 18:00</strong> not charted <strong>+1</strong>" in cell
    assert "next</span> <strong>18:00</strong>" in cell


def test_the_sheet_asks_about_a_missed_dose_though_a_later_one_was_charted(
    login: Login, bench: Bench
) -> None:
    one = patient(1, "4B")
    timing = Timing(form=TimingForm.TIMES, text="02,03", times=("02:00", "03:00"))
    asked = msgspec.structs.replace(
        one.orders[0], timing=said(timing, "mar"), entered=moment(NOW - 20 * HOUR)
    )
    given = msgspec.structs.replace(dose(one.record), at=moment(NOW - HOUR - 12 * MINUTE))
    bench.charts.patients = [msgspec.structs.replace(one, orders=(asked,), doses=(given,))]
    page = login("anna").get("/patient?record=700001").text
    assert "<strong>02:00</strong> not charted" in page


def test_opening_a_sheet_is_a_look(login: Login, bench: Bench) -> None:
    login("lea").get("/patient?record=700001")
    (look,) = bench.recorded
    assert (look.who, look.record, look.page, look.at) == (
        "lea",
        "700001",
        "patient sheet",
        NOW,
    )


def test_a_page_is_shown_although_the_look_could_not_be_written_and_the_overview_says_so(
    login: Login, bench: Bench
) -> None:
    client = login("lea")
    bench.looks_fail = True
    assert client.get("/patient?record=700001").status_code == 200
    assert bench.recorded == []
    assert "1 looks at patients wait" in client.get("/").text
    bench.looks_fail = False
    client.get("/patient?record=700002")
    assert [look.record for look in bench.recorded] == ["700001", "700002"]
    assert "wait to be recorded" not in client.get("/").text


def test_a_raw_message_shows_its_control_characters_and_is_a_look(
    login: Login, bench: Bench
) -> None:
    page = login("anna").get("/message?sequence=7").text
    assert "[U+001B]" in page
    assert "[U+000B]" in page
    assert "&lt;b&gt;X" in page
    assert [look.page for look in bench.recorded] == ["message 7"]


def test_a_raw_message_is_a_look_at_those_it_names_whatever_the_address_says(
    login: Login, bench: Bench
) -> None:
    bench.charts.spoken = ("700001", "700002")
    page = login("anna").get("/message?sequence=7&record=700003").text
    assert [look.record for look in bench.recorded] == ["700001", "700002"]
    assert 'href="/patient?record=700002"' in page
    assert "700003" not in page.split("<main")[1].split("</main")[0]


def test_a_raw_message_that_names_nobody_is_a_look_at_the_entry_with_record_not_known(
    login: Login, bench: Bench
) -> None:
    bench.charts.spoken = ()
    page = login("ines").get("/message?sequence=7&record=700003").text
    assert "Which patient it speaks of could not be read." in page
    (look,) = bench.recorded
    assert (look.record, look.page) == ("", "message 7")
    assert look.why == "raw message, record not known"


def test_a_message_no_longer_kept_is_said_to_be_so(login: Login) -> None:
    client = login("anna")
    for sequence in ("8", "", "x", "-1", "9" * 30, "٣"):
        answer = client.get("/message", params={"sequence": sequence})
        assert answer.status_code == 404
        assert "not kept" in answer.text


def test_bytes_that_are_no_utf8_are_shown_as_latin1_segment_by_segment() -> None:
    assert lines_of(b"MSH|a\rPID|M\xfcller\r\nPV1|\n") == ["MSH|a", "PID|Müller", "PV1|", ""]
    assert lines_of("MSH|é".encode()) == ["MSH|é"]


def test_messages_about_the_patient_that_could_not_be_read_stand_over_the_medicines(
    login: Login, bench: Bench
) -> None:
    bench.charts.lost = (
        UnreadMessage(record="700001", received=NOW - HOUR, message_type="RAS^O17"),
        UnreadMessage(record="700002", received=NOW - HOUR, message_type="ADT^A45"),
    )
    page = login("anna").get("/patient?record=700001").text
    told = (
        "1 message about this patient could not be read: ASK</strong> 03:12 <bdi>RAS^O17</bdi>"
    )
    assert told in page
    assert "ADT^A45" not in page


def test_a_dose_with_an_unread_outcome_stands_as_sent_and_not_as_not_recorded(
    login: Login, bench: Bench
) -> None:
    one = patient(1, "4B")
    unclear = msgspec.structs.replace(
        dose(one.record), outcome=DoseOutcome.UNCLEAR, outcome_text="A"
    )
    bench.charts.patients = [msgspec.structs.replace(one, doses=(unclear,))]
    page = login("anna").get("/patient?record=700001").text
    row = page.split("paracetamol")[1].split("</tr>")[0]
    cell = row.split('data-label="Last given"')[1].split("</td>")[0]
    assert "RECORDED, OUTCOME AS SENT: <bdi>A</bdi>" in cell
    assert "NOT RECORDED" not in cell


def test_an_order_whose_end_time_has_passed_stands_last_and_says_when_it_ended(
    login: Login, bench: Bench
) -> None:
    one = patient(1, "4B")
    first, *others = one.orders
    timing = msgspec.structs.replace(first.timing.value, stop=moment(NOW - HOUR))
    ended = msgspec.structs.replace(
        first, timing=msgspec.structs.replace(first.timing, value=timing)
    )
    running = msgspec.structs.replace(first, order="again")
    bench.charts.patients = [msgspec.structs.replace(one, orders=(ended, running, *others))]
    page = login("anna").get("/patient?record=700001").text
    rows = page.split("paracetamol")
    assert "ENDED 03:12: DO NOT GIVE" not in rows[1]
    assert "ENDED 03:12: DO NOT GIVE" in rows[2]


def test_an_order_of_which_it_is_not_clear_whether_it_stands_is_asked_about(
    login: Login, bench: Bench
) -> None:
    one = patient(1, "4B")
    state = Value(OrderState.STOPPED, one.orders[0].state.source)
    again = msgspec.structs.replace(
        one.orders[0], state=state, flags=(Flag(FlagKind.ORDERED_AGAIN),)
    )
    bench.charts.patients = [msgspec.structs.replace(one, orders=(again,), doses=())]
    page = login("anna").get("/patient?record=700001").text
    assert "Not clear whether they stand: ask a doctor" in page
    assert page.count("Stopped, then ordered again under the same number: ask") == 1


def test_every_route_and_the_time_of_the_rate_stand_on_the_sheet_and_no_drug_is_blank(
    login: Login, bench: Bench
) -> None:
    one = patient(1, "4B")
    told = msgspec.structs.replace(
        one.orders[0],
        drug=said(Coded("", ""), "mar"),
        other_routes=(Coded("IV", "intravenous"),),
        rate="12 mL/h",
        rate_told=NOW - 2 * HOUR,
    )
    bench.charts.patients = [msgspec.structs.replace(one, orders=(told,), doses=())]
    page = login("anna").get("/patient?record=700001").text
    assert "<strong>or</strong> <bdi>intravenous</bdi>" in page
    assert "(rate last sent 02:12)" in page
    assert "<strong></strong>" not in page
    assert "<bdi></bdi>" not in page


def test_a_rate_never_stands_without_the_time_of_what_told_it(
    login: Login, bench: Bench
) -> None:
    one = patient(1, "4B")
    order = one.orders[0]
    source = msgspec.structs.replace(order.timing.source, sent=NOW - 3 * HOUR)
    untold = msgspec.structs.replace(
        order, rate="12 mL/h", rate_told=0, timing=Value(order.timing.value, source)
    )
    bench.charts.patients = [msgspec.structs.replace(one, orders=(untold,), doses=())]
    page = login("anna").get("/patient?record=700001").text
    assert "(rate last sent 01:12)" in page


@pytest.mark.parametrize(
    ("language", "asked"),
    [
        ("en", "GIVEN UNDER ANOTHER ORDER? "),
        ("fr", "DONNÉ SOUS UNE AUTRE PRESCRIPTION ? "),
        ("nl", "GEGEVEN ONDER EEN ANDER VOORSCHRIFT? "),
        ("de", "UNTER ANDERER VERORDNUNG GEGEBEN? "),
    ],
)
def test_a_dose_under_another_order_is_asked_about_as_on_paper(
    login: Login, bench: Bench, language: str, asked: str
) -> None:
    again = order("new", "paracetamol", "1 g", TimingForm.CODE, "QID")
    chart = msgspec.structs.replace(patient(4, "4B"), orders=(again,))
    bench.charts.patients = [chart]
    page = login("anna").get(f"/patient?record=700004&lang={language}").text
    rules = Round(rules=SITE.rules, columns=(), end=NOW, computed=False, doses_fed=True)
    (of_paper,) = medicines(chart.orders, chart.doses, rules, NOW)[0].elsewhere
    assert of_paper == chart.doses[0]
    cell = page.split('class="mar"')[1].split(f'<strong class="flag">{asked}')[1]
    assert "22:12" in cell.split("</strong>")[0]
    assert "1 g, N. Dubois" in cell.split("</strong>")[0]
    assert 'class="unknown"' in cell.split("</td>")[0]


def test_a_dose_under_its_own_order_is_not_asked_about(login: Login) -> None:
    page = login("anna").get("/patient?record=700004").text
    assert "GIVEN UNDER ANOTHER ORDER?" not in page
