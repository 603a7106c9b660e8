from __future__ import annotations

import pytest
from tests.web.conftest import Login, token_of
from tests.web.handmade import NOW, Bench

from wardkeep.access.look import Look
from wardkeep.alarm.state import Alarm
from wardkeep.web.pages.audit import fits, read


def test_the_auditor_sees_who_looked_at_whom_and_nothing_clinical(
    login: Login, bench: Bench
) -> None:
    login("anna").get("/patient?record=700001")
    page = login("otto").get("/audit").text
    for told in ("anna", "700001", "patient sheet", "login", "password"):
        assert told in page
    for clinical in ("Vandersteen", "paracetamol", "penicilline", "4B-401"):
        assert clinical not in page
    assert len(bench.recorded) == 1  # auditing is no look at a patient


def test_the_auditor_reads_the_own_language(login: Login) -> None:
    login("anna").get("/patient?record=700001")
    page = login("otto").get("/audit?lang=de").text
    for told in ("Patientenblatt", "Anmeldung", "Passwort"):
        assert told in page
    assert "patient sheet" not in page


def test_a_typed_reason_is_shown_as_it_was_typed_in_every_language(
    login: Login, bench: Bench
) -> None:
    typed = "nurse: ward asked me"
    bench.access.append(Look(at=NOW, who="ines", record="", page="break-glass", why=typed))
    bench.alarms = (Alarm("break-glass", "ines", NOW, "ward 4711"),)
    page = login("otto").get("/audit?lang=de").text
    assert typed in page
    assert "ward 4711" in page


def test_entries_are_found_by_person_record_and_kind(login: Login, bench: Bench) -> None:
    bench.access += [
        Look(at=NOW, who=f"nurse{n}", record=f"80000{n}", page="patient sheet")
        for n in range(5)
    ]
    client = login("otto")
    one = client.get("/audit?who=nurse3").text
    assert "800003" in one
    assert "800004" not in one
    assert "nurse4" in client.get("/audit?record=800004").text
    logins = client.get("/audit?kind=logins").text
    assert "otto" in logins
    assert "800001" not in logins


def test_older_entries_are_a_link_away_and_none_is_left_out(login: Login, bench: Bench) -> None:
    bench.access += [
        Look(at=NOW, who="anna", record=f"R{n:04}", page="ward board") for n in range(250)
    ]
    client, seen, address = login("otto"), set[str](), "/audit?who=anna"
    for _ in range(9):
        page = client.get(address).text
        seen |= {f"R{n:04}" for n in range(250) if f"R{n:04}" in page}
        if "Older entries" not in page:
            break
        address = "/audit?who=anna&before=" + page.split("before=")[-1].split('"')[0]
    assert len(seen) == 250


def test_an_alarm_of_the_glass_is_ended_by_whoever_audits_and_no_other_alarm_is(
    login: Login, bench: Bench
) -> None:
    bench.alarms = (Alarm("break-glass", "ines", NOW, "why"), Alarm("disk-full", "", NOW, ""))
    client = login("otto")
    page = client.get("/audit").text
    assert page.count("end this alarm") == 1
    fields = {"token": token_of(page), "code": "break-glass", "subject": "ines"}
    assert client.post("/audit/alarm", data=fields).status_code == 303
    client.post("/audit/alarm", data={**fields, "code": "disk-full", "subject": ""})
    assert bench.ended == [("break-glass", "ines")]
    assert bench.noted[-1].why == "break-glass ines"


@pytest.mark.parametrize(
    ("kind", "fitting"),
    [
        ("", ["a", "b", "c", "d"]),
        ("looks", ["a", "d"]),
        ("logins", ["b"]),
        ("break-glass", ["c", "d"]),
    ],
)
def test_a_kind_is_what_it_says(kind: str, fitting: list[str]) -> None:
    entries = [
        Look(at=1, who="a", record="7", page="ward board"),
        Look(at=1, who="b", record="", page="login refused"),
        Look(at=1, who="c", record="", page="break-glass"),
        Look(at=1, who="d", record="7", page="ward board", why="break-glass ward 4B"),
    ]
    assert [each.who for each in entries if fits(each, "", "", kind)] == fitting


def test_a_page_of_the_audit_reads_no_more_than_it_shows_and_5000_where_little_fits(
    bench: Bench,
) -> None:
    rare = {70, 450, 2000, 5800}
    bench.access += [
        Look(at=NOW, who="rare" if n in rare else "anna", record="R1", page="ward board")
        for n in range(1, 6001)
    ]
    newest = read(bench, 0, lambda look: look.who == "anna")
    assert (len(newest.rows), newest.further, newest.read) == (100, 5901, 100)
    first = read(bench, 0, lambda look: look.who == "rare")
    assert (len(first.rows), first.further, first.read) == (2, 1001, 5000)
    rest = read(bench, first.further, lambda look: look.who == "rare")
    assert (len(rest.rows), rest.further, rest.read) == (2, 0, 1000)


def test_every_entry_stands_on_one_page_of_the_audit_whichever_step_it_was_read_in(
    bench: Bench,
) -> None:
    bench.access += [
        Look(at=n, who="anna" if n % 3 else "ines", record="R1", page="ward board")
        for n in range(1, 1501)
    ]
    seen, before = [], 0
    while True:
        found = read(bench, before, lambda look: look.who == "anna")
        seen += [look.at for look in found.rows]
        before = found.further
        if not before:
            break
    assert seen == [n for n in range(1500, 0, -1) if n % 3]
