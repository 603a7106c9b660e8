from __future__ import annotations

import re

import msgspec
import pytest
from litestar.testing import TestClient
from tests.web.conftest import Login, log_in, token_of
from tests.web.handmade import NOW, Bench, dose, order, said
from tests.web.test_application import Copy

from wardkeep.bedside.events import (
    BedsideChecked,
    Cause,
    DifferenceSettled,
    FactKind,
    Finding,
    Found,
)
from wardkeep.chart.model import Dose, MedicationOrder, Timing, TimingForm
from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.web.application import create_app
from wardkeep.web.ports import CopyStanding


def form_of(client: TestClient, ward: str = "4B") -> dict[str, str]:
    page = client.get(f"/bedside/check?code={ward}")
    assert page.status_code == 200
    drawn = re.search(r'name="drawn" value="([^"]+)"', page.text)
    assert drawn
    return {"token": token_of(page.text), "drawn": drawn[1]}


def answers(*words: str) -> dict[str, str]:
    return {f"f{place}": word for place, word in enumerate(words)}


def checked(number: str, *findings: Finding, at: int = NOW, ward: str = "4B") -> BedsideChecked:
    found = tuple(
        Found(kind=FactKind.ALLERGIES, finding=each, bed="401-1", feed="adt", entry=7)
        for each in findings
    )
    return BedsideChecked(check=number, ward=ward, drawn=at, found=found, at=at, by="anna")


def test_a_nurse_answers_three_facts_in_one_form_and_each_look_is_recorded(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    page = client.get("/bedside/check?code=4B").text
    assert page.count("<fieldset") == 3
    assert page.count('type="radio"') == 9
    assert "Drawn by chance at 04:12, as the chart said then." in page
    looks = [look for look in bench.recorded if look.page == "bedside check"]
    assert {look.why for look in looks} == {"ward 4B"}
    assert {look.record for look in looks} == set(re.findall(r"Record <bdi>(\d+)", page))
    form = form_of(client)
    answer = client.post("/bedside/answer", data={**form, **answers("same", "same", "same")})
    assert answer.status_code == 303
    (event,) = bench.bedside.events
    assert isinstance(event, BedsideChecked)
    assert (event.ward, event.by, event.at) == ("4B", "anna", NOW)
    after = client.get(answer.headers["location"]).text
    assert "Your answers for ward <bdi>4B</bdi> are recorded (04:12, <bdi>anna</bdi>)" in after
    assert "3 of 3 as at the bedside</strong>" in after
    assert "(likely 43 to 100 %)" in after


def test_a_form_that_is_sent_twice_counts_once(login: Login, bench: Bench) -> None:
    client = login("anna")
    form = {**form_of(client), **answers("same", "different", "unchecked")}
    first = client.post("/bedside/answer", data=form)
    again = client.post("/bedside/answer", data={**form, **answers("same", "same", "same")})
    assert first.headers["location"] == again.headers["location"]
    assert len(bench.bedside.events) == 1
    assert form_of(client)["drawn"] != form["drawn"], "the next check is of other facts"


def test_a_fact_without_an_answer_is_asked_again_and_the_others_are_kept(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    form = form_of(client)
    page = client.post("/bedside/answer", data={**form, "f0": "same", "f1": "nonsense"})
    assert page.status_code == 422
    assert "Nothing was recorded.</strong> Answer every fact" in page.text
    assert page.text.count(" checked>") == 1
    assert page.text.count('<fieldset class="missing">') == 2
    assert bench.bedside.events == []


def test_what_the_ledger_does_not_take_is_not_said_to_be_recorded(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    bench.bedside.fails = True
    form = {**form_of(client), **answers("same", "same", "different")}
    page = client.post("/bedside/answer", data=form)
    assert page.status_code == 503
    assert page.text.count(" checked>") == 3
    bench.bedside.fails = False
    again = {**form, "token": token_of(page.text)}
    assert client.post("/bedside/answer", data=again).status_code == 303
    assert len(bench.bedside.events) == 1


def test_facts_drawn_long_ago_are_drawn_anew(login: Login, bench: Bench) -> None:
    client = login("anna")
    form = {**form_of(client), **answers("same", "same", "different")}
    bench.at += 61 * MINUTE
    fresh = login("anna")
    form["token"] = form_of(fresh)["token"]
    page = fresh.post("/bedside/answer", data=form)
    assert page.status_code == 409
    assert "These facts are too old" in page.text
    assert "The facts below are other ones now." in page.text
    assert page.text.count("You answered: <strong>Different</strong>") == 1
    assert " checked>" not in page.text
    assert form["drawn"] not in page.text
    assert bench.bedside.events == []


def test_nobody_sends_facts_that_were_never_drawn_or_drawn_for_somebody_else(
    login: Login, bench: Bench
) -> None:
    anna, lea = login("anna"), login("lea")
    form = {**form_of(anna), **answers("same", "same", "same")}
    forged = {**form, "drawn": form["drawn"][:-8] + "AAAAAAA="}
    assert anna.post("/bedside/answer", data=forged).status_code == 404
    other = {**form, "token": form_of(lea)["token"]}
    assert lea.post("/bedside/answer", data=other).status_code == 404
    assert bench.bedside.events == []


def test_what_differed_waits_on_ward_and_overview_until_it_is_settled(
    login: Login, bench: Bench
) -> None:
    bench.bedside.events.append(checked("a", Finding.SAME, Finding.DIFFERENT))
    ward = login("anna")
    waits = "1 fact of this ward was different and waits"
    assert waits in ward.get("/ward?code=4B").text
    assert waits not in ward.get("/ward?code=ICU").text
    it = login("ines")
    assert "1 fact was different and waits" in it.get("/").text
    page = it.get("/bedside").text
    assert "DIFFERENT AT THE BEDSIDE" in page
    assert "The chart held what the feed <bdi>adt</bdi> said." in page
    assert "/message?sequence=7" in page
    assert "/patient?" not in page, "IT opens no patient without breaking the glass"
    assert "/patient?record=700001" in ward.get("/bedside").text
    said = {
        "token": token_of(page),
        "check": "a",
        "place": "1",
        "cause": "feed",
        "feed": "adt",
        "done": "interface restarted",
    }
    nothing = it.post("/bedside/settle", data={**said, "done": " "})
    assert nothing.status_code == 422
    assert it.post("/bedside/settle", data={**said, "cause": "magic"}).status_code == 404
    assert it.post("/bedside/settle", data=said).headers["location"] == "/bedside"
    last = bench.bedside.events[-1]
    assert isinstance(last, DifferenceSettled)
    assert (last.by, last.feed, last.cause) == ("ines", "adt", Cause.FEED)
    assert it.post("/bedside/settle", data=said).status_code == 409
    assert "DIFFERENT AT THE BEDSIDE" not in ward.get("/ward?code=4B").text
    assert "interface restarted" in ward.get("/bedside").text


def test_accuracy_stands_with_its_counts_or_says_that_nobody_compared(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    assert "As at the bedside: never compared" in client.get("/ward?code=4B").text
    same = [Finding.SAME] * 3
    bench.bedside.events += [
        checked("a", *same),
        checked("b", *same, at=NOW - 31 * DAY),
        checked("c", Finding.UNCHECKED, ward="ICU", at=NOW - HOUR),
    ]
    assert "<strong>3 of 3</strong> (43–100 %)" in client.get("/ward?code=4B").text
    overview = client.get("/").text
    assert "<strong>3 of 3</strong> (43–100 %)" in overview
    assert "30 days, last 04:12" in overview
    assert "nothing compared" in overview
    assert "1 not checkable" in client.get("/bedside").text


def facts_told(client: TestClient, bench: Bench, one: MedicationOrder, given: Dose) -> str:
    """Return how facts are told of three patients with this order and dose, in eight checks."""
    alike = [p for p in bench.charts.patients if p.record < "700003"]
    bench.charts.patients = [
        msgspec.structs.replace(p, orders=(one,), doses=(given,)) for p in alike
    ]
    pages = []
    for number in range(8):
        pages.append(client.get("/bedside/check?code=4B").text)
        bench.bedside.events.append(checked(f"n{number}", Finding.SAME))
    return "".join(pages)


def test_a_drip_is_told_with_rate_phases_and_maximum_as_on_the_patients_page(
    login: Login, bench: Bench
) -> None:
    phase = Timing(form=TimingForm.CONTINUOUS, text="first hour")
    drip = msgspec.structs.replace(
        order("1", "noradrenaline", "4 mg", TimingForm.CONTINUOUS, ""),
        timing=said(Timing(form=TimingForm.CONTINUOUS, text="", phases=(phase,)), "mar"),
        rate="12 mL/h",
        maximum="20 mL/h",
        as_needed_reason="pressure below 65",
    )
    given = msgspec.structs.replace(dose("1"), order="1", amount="", rate="9 mL/h")
    page = facts_told(login("anna"), bench, drip, given)
    ordered = page[page.index("Medicine ordered:") :].split("</p>")[0]
    for words in ("12 mL/h", "rate last sent", "first hour", "20 mL/h", "pressure below 65"):
        assert words in ordered, words
    when = ordered[ordered.index("When, AS SENT:") :]
    assert when.count("NOT RECORDED") == 2, "neither when nor the phase's dose was sent"
    last = page[page.index("Last dose:") :].split("</p>")[0]
    assert "NOT RECORDED" in last
    assert "9 mL/h" in last


def test_what_cannot_be_read_is_never_told_as_never_compared(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    pages = ("/", "/ward?code=4B", "/bedside", "/bedside/check?code=4B")
    bench.bedside.readable = False
    for page in pages:
        shown = client.get(page).text
        assert "What was found at the bedside cannot be read now" in shown, page
        assert "never compared" not in shown.lower(), page
    bench.bedside.readable, bench.bedside.unread = True, 2
    for page in pages:
        shown = client.get(page).text
        assert "2 entries of the bedside checks could not be read" in shown, page
        assert "never compared" not in shown.lower(), page


def test_a_chart_that_moved_takes_one_answer_and_leaves_the_others(
    login: Login, bench: Bench
) -> None:
    client = login("anna")
    page = client.get("/bedside/check?code=4B").text
    form, records = form_of(client), re.findall(r"Record <bdi>(\d+)", page)
    bench.charts.patients = [p for p in bench.charts.patients if p.record != records[0]]
    sent = {**form, "f0": "different", "f1": "same"}
    again = client.post("/bedside/answer", data=sent)
    assert again.status_code == 422
    assert again.text.count("<fieldset") == 2
    assert again.text.count(" checked>") == 1
    assert again.text.count("You answered: <strong>Different</strong>") == 1
    assert "These are asked no more" in again.text
    assert "other ones now" not in again.text
    drawn = re.search(r'name="drawn" value="([^"]+)"', again.text)
    assert drawn
    left = {"token": token_of(again.text), "drawn": drawn[1], **answers("same", "different")}
    assert client.post("/bedside/answer", data=left).status_code == 303
    (event,) = bench.bedside.events
    assert isinstance(event, BedsideChecked)
    assert [each.finding for each in event.found] == [Finding.SAME, Finding.DIFFERENT]


def test_the_newest_differences_are_shown_and_how_many_there_are(
    login: Login, bench: Bench
) -> None:
    bench.bedside.events += [
        checked(f"c{n}", Finding.DIFFERENT, at=NOW - (60 - n) * MINUTE, ward=f"W{n:02}")
        for n in range(60)
    ]
    page = login("anna").get("/bedside").text
    assert "The newest 50 of 60 are shown." in page
    assert page.index("W59") < page.index("W10")
    assert "W09" not in page
    looks = {look.record for look in bench.recorded if look.page == "bedside differences"}
    assert looks == {"700001"}, "their records stand in the links"


def test_what_is_not_known_of_a_ward_or_a_settling_is_no_blank_and_no_nought(
    login: Login, bench: Bench
) -> None:
    found = Found(kind=FactKind.DIET, finding=Finding.DIFFERENT)
    one = BedsideChecked(check="a", ward="4B", drawn=NOW, found=(found,), at=NOW, by="anna")
    done = DifferenceSettled(
        check="a", place=0, cause=Cause.UNKNOWN, done="asked", at=NOW, by="ines"
    )
    bench.bedside.events += [one, done]
    page = login("anna").get("/bedside").text
    icu = page[page.index("Intensive care") :].split("</tr>")[0]
    assert "NOT COMPARED" in icu
    settled = page[page.index("What was done") :]
    assert settled.count("NOT KNOWN") == 2


def test_a_box_that_follows_offers_no_form_that_it_would_refuse(bench: Bench) -> None:
    bench.bedside.events.append(checked("a", Finding.DIFFERENT))
    copy = Copy(CopyStanding(as_of=NOW, silent_since=0))
    app = create_app(msgspec.structs.replace(bench.deps(), copy=copy))
    with TestClient(app, base_url="http://127.0.0.1") as client:
        log_in(client, "lea")
        for path in ("/bedside/check?code=4B", "/bedside"):
            page = client.get(path).text
            assert "This is the second box: answers cannot be recorded here." in page, path
            assert "/bedside/answer" not in page
            assert "/bedside/settle" not in page
            assert "Compare three facts" not in page
        assert "Compare three facts" not in client.get("/ward?code=4B").text
    assert not [look for look in bench.recorded if look.page == "bedside check"]


@pytest.mark.parametrize(
    ("lang", "words"), [("nl", "Beantwoord"), ("fr", "Répondez"), ("de", "Beantworten")]
)
def test_a_refusal_is_told_in_the_readers_language(login: Login, lang: str, words: str) -> None:
    client = login("anna")
    client.get(f"/bedside?lang={lang}")
    page = client.post("/bedside/answer", data=form_of(client)).text
    assert words in page
    assert "Answer every fact" not in page


def test_a_ward_that_nobody_knows_has_no_check(login: Login, bench: Bench) -> None:
    assert login("anna").get("/bedside/check?code=9Z").status_code == 404
    bench.charts.patients = [p for p in bench.charts.patients if p.record != "700050"]
    icu = login("anna").get("/bedside/check?code=ICU").text
    assert icu.count("<fieldset") == 2
    bench.charts.patients = []
    empty = login("anna").get("/bedside/check?code=ICU").text
    assert "Nobody lies on this ward of whom anything could be compared." in empty
    assert "<fieldset" not in empty


@pytest.mark.parametrize("name", ["ines", "otto"])
def test_whoever_sees_no_patient_compares_none(login: Login, name: str) -> None:
    assert login(name).get("/bedside/check?code=4B").status_code == 403
    assert "/bedside/check" not in login(name).get("/bedside").text
