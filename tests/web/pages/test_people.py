from __future__ import annotations

import re

import pytest
from litestar.testing import TestClient
from tests.web.conftest import Login, log_in, token_of
from tests.web.handmade import HOSTILE, NOW, PASSWORD, Bench

from wardkeep.access.events import (
    AccountAdded,
    AccountDisabled,
    CodesPrinted,
    CodeUsed,
    FactorsRemoved,
    PinSet,
    Role,
    RolesGiven,
    TotpEnrolled,
)
from wardkeep.access.look import Look
from wardkeep.kernel.times import HOUR
from wardkeep.web.language import LANGUAGES


def added(name: str, *roles: Role, **more: str) -> AccountAdded:
    return AccountAdded(
        name=name,
        roles=roles or (Role.NURSE,),
        password_hash=more.pop("password_hash", f"plain:{PASSWORD}"),
        at=NOW - 90 * HOUR,
        by="init",
        **more,
    )


STAFF = (
    added("nele", full_name="Nele Jacobs", badge="N77"),
    PinSet(name="nele", pin_hash="plain:481516", at=NOW - HOUR, by="nele"),
    TotpEnrolled(name="nele", secret="JBSWY3DPEHPK3PXP", at=NOW - HOUR, by="nele"),
    added("luc", Role.LEAD),
    added("mia", password_hash="", activation="0" * 64, full_name=HOSTILE),
    added("olaf"),
    AccountDisabled(name="olaf", at=NOW - HOUR, by="lea"),
    CodesPrinted(
        sheet="K7",
        role=Role.PHYSICIAN,
        hours=12,
        digests=("a", "b", "c"),
        at=NOW - 90 * HOUR,
        by="lea",
    ),
    CodeUsed(sheet="K7", number=2, at=NOW, by="Dr Peeters"),
)


@pytest.fixture
def staffed(bench: Bench) -> Bench:
    """A nurse of whom everything is known, a second lead, one not activated, one disabled."""
    bench.accounts_book.events += STAFF
    bench.access.append(Look(at=NOW - HOUR, who="nele", record="", page="login", why="PIN"))
    return bench


def change(client: TestClient, name: str, what: str, **more: object) -> int:
    token = token_of(client.get(f"/people/account?name={name}").text)
    sent = {"token": token, "name": name, "change": what, **more}
    return client.post("/people/change", data=sent).status_code


def test_the_list_says_of_each_account_how_it_stands_and_shows_no_secret(
    staffed: Bench, login: Login
) -> None:
    page = login("ines").get("/people").text
    row = page[page.index("Nele Jacobs") :].split("</tr>")[0]
    for word in ("nurse", "may log in", "app", "N77", "PIN set", "03:12"):
        assert word in row, word
    assert "NOT ACTIVATED" in page
    assert "DISABLED" in page
    assert "<script>alert" not in page
    for secret in ("plain:", "JBSWY3DPEHPK3PXP", "0" * 64):
        assert secret not in page
    assert staffed.accounts_book.accounts()["nele"].totp == "JBSWY3DPEHPK3PXP"


def test_sealed_codes_are_counted_by_role_and_never_shown(staffed: Bench, login: Login) -> None:
    page = login("otto").get("/people").text
    row = page[page.index('scope="row">physician') :].split("</tr>")[0]
    assert "<strong>2</strong>" in row
    assert "FEW LEFT" in row
    assert "none was printed" in page
    assert len(staffed.accounts_book.codes()) == 3


def test_a_login_that_waits_and_a_pin_that_stopped_are_told(
    staffed: Bench, login: Login
) -> None:
    client = login("ines")
    for _try in range(4):
        assert log_in(client, "nele", "wrong").status_code == 401
    assert len(staffed.slept) >= 4
    page = log_in(client, "ines") and client.get("/people").text
    row = page[page.index("Nele Jacobs") :].split("</tr>")[0]
    assert "DELAYED" in row
    assert "4 failures, last 04:12" in row


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("q=jacobs", ["nele"]),
        ("q=n77", ["nele"]),
        ("role=auditor", ["otto"]),
        ("state=disabled", ["olaf"]),
        ("state=not_activated", ["mia"]),
        ("role=lead&state=open", ["lea", "luc"]),
        ("q=nobody", []),
    ],
)
def test_an_account_is_found_by_part_of_a_name_a_role_or_a_state(
    staffed: Bench, login: Login, query: str, names: list[str]
) -> None:
    page = login("lea").get(f"/people?{query}").text
    assert re.findall(r"account\?name=(\w+)", page) == names
    assert len(staffed.accounts_book.accounts()) == 8


def test_a_thousand_people_are_told_in_parts_and_all_of_them_on_paper(
    bench: Bench, login: Login
) -> None:
    bench.accounts_book.events += [added(f"p{n:04}") for n in range(1_000)]
    client = login("lea")
    page = client.get("/people?part=11")
    assert "Part 11 of 11" in page.text
    assert int(client.get("/people").headers["content-length"]) < 60_000
    paper = client.get("/people/paper?q=p").text
    assert paper.count('scope="row"') == 1_000 + len(Role)
    assert "Printed by <bdi>lea</bdi>" in paper


def test_it_disables_an_account_and_its_sessions_end_and_everybody_sees_who_did_it(
    bench: Bench, login: Login
) -> None:
    nurse, client = login("anna"), login("ines")
    assert change(client, "anna", "disable") == 303
    assert bench.accounts_book.events[-1] == AccountDisabled(name="anna", at=NOW, by="ines")
    assert nurse.get("/").status_code == 303
    page = client.get("/people/account?name=anna").text
    assert "account disabled" in page
    assert "<strong><bdi>ines</bdi></strong>" in page
    assert change(client, "anna", "enable") == 303
    assert not bench.accounts_book.accounts()["anna"].disabled


def test_other_roles_hold_from_the_next_page_on(bench: Bench, login: Login) -> None:
    nurse, client = login("anna"), login("ines")
    assert change(client, "anna", "roles", role=["pharmacist", "laboratory"]) == 303
    last = bench.accounts_book.events[-1]
    assert isinstance(last, RolesGiven)
    assert (last.roles, last.by) == ((Role.PHARMACIST, Role.LABORATORY), "ines")
    assert nurse.get("/held").status_code == 200
    assert change(client, "anna", "roles") == 409


@pytest.mark.parametrize(("what", "made"), [("pin", PinSet), ("factors", FactorsRemoved)])
def test_what_cannot_be_undone_is_confirmed_first(
    staffed: Bench, login: Login, what: str, made: type
) -> None:
    client = login("ines")
    before = len(staffed.accounts_book.events)
    assert change(client, "nele", what) == 409
    assert len(staffed.accounts_book.events) == before
    assert change(client, "nele", what, sure="yes") == 303
    assert isinstance(staffed.accounts_book.events[-1], made)
    assert staffed.accounts_book.events[-1].by == "ines"


def test_nobody_changes_the_own_account_nor_one_that_may_do_more(
    staffed: Bench, login: Login
) -> None:
    client = login("ines")
    before = len(staffed.accounts_book.events)
    assert change(client, "ines", "disable") == 409
    assert change(client, "luc", "disable") == 409
    assert change(client, "otto", "roles", role=["nurse"]) == 409
    assert change(client, "nele", "roles", role=["nurse", "lead"]) == 409
    assert len(staffed.accounts_book.events) == before


def test_the_last_lead_who_can_log_in_stays(staffed: Bench, login: Login) -> None:
    luc, lea = login("luc"), login("lea")
    assert change(luc, "lea", "disable") == 303
    assert lea.get("/people").status_code == 303
    page = luc.get("/people").text
    assert "ONE CRISIS LEAD" in page
    staffed.accounts_book.events.append(added("lone", Role.LEAD, password_hash=""))
    assert change(login("ines"), "luc", "disable") == 409
    assert not staffed.accounts_book.accounts()["luc"].disabled


def test_an_auditor_sees_and_changes_nothing_and_a_nurse_sees_nothing(
    staffed: Bench, login: Login
) -> None:
    auditor, nurse = login("otto"), login("anna")
    page = auditor.get("/people/account?name=nele").text
    assert "/people/change" not in page
    sent = {"token": token_of(page), "name": "nele", "change": "disable"}
    assert auditor.post("/people/change", data=sent).status_code == 403
    for address in ("/people", "/people/paper", "/people/account?name=nele"):
        assert nurse.get(address).status_code == 403
    assert not staffed.accounts_book.accounts()["nele"].disabled


def test_six_digits_change_nobodys_account(bench: Bench, login: Login) -> None:
    client = login("ines")
    kept = bench.kept or b""
    bench.kept = kept.replace(b'"how":"password"', b'"how":"badge and PIN"')
    assert bench.kept != kept
    with TestClient(bench.app(), base_url="http://127.0.0.1") as again:
        again.cookies = client.cookies
        page = again.get("/people/account?name=anna").text
        assert "/people/change" not in page
        sent = {"token": token_of(page), "name": "anna", "change": "disable"}
        assert again.post("/people/change", data=sent).status_code == 403


def test_a_change_that_the_server_did_not_take_is_not_said_to_be_made(
    bench: Bench, login: Login
) -> None:
    client = login("ines")
    bench.accounts_book.fails = True
    assert change(client, "anna", "disable") == 503
    assert not bench.accounts_book.accounts()["anna"].disabled


def test_an_account_or_a_change_that_is_none_is_not_found(login: Login) -> None:
    client = login("ines")
    assert client.get("/people/account?name=nobody").status_code == 404
    assert change(client, "anna", "promote") == 404


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_of_it_speaks_each_language(
    staffed: Bench, login: Login, language: str
) -> None:
    client = login("lea")
    for address in ("/people?q=", "/people/paper?q=", "/people/account?name=nele"):
        page = client.get(f"{address}&lang={language}")
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
    assert '<a href="/people">' in client.get("/").text
    assert staffed.access


def test_a_screen_that_a_pin_uncovered_changes_no_account_until_the_password_is_typed(
    staffed: Bench, login: Login
) -> None:
    pin = PinSet(name="lea", pin_hash="plain:481516", at=NOW - HOUR, by="lea")
    staffed.accounts_book.events.append(pin)
    client = login("lea")
    assert "Disable this account" in client.get("/people/account?name=anna").text
    token = token_of(client.get("/account").text)
    for secret, changes in (({"pin": "481516"}, False), ({"password": PASSWORD}, True)):
        client.post("/lock", data={"token": token})
        assert client.post("/locked", data={"token": token, **secret}).status_code == 303
        page = client.get("/people/account?name=anna").text
        assert ("Disable this account" in page) is changes
        assert ("A PIN opened or uncovered this screen" in page) is not changes
        assert change(client, "anna", "disable") == (303 if changes else 403)
        fresh = client.get("/factors").status_code
        assert fresh == (200 if changes else 401)


def test_an_account_is_shut_out_while_the_access_ledger_cannot_be_read(
    staffed: Bench, login: Login, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = login("ines")
    assert "03:12" in client.get("/people").text

    def no_disk(*_asked: object) -> None:
        raise OSError(5, "the disk is gone")

    monkeypatch.setattr(staffed, "looks", no_disk)
    page = client.get("/people")
    assert page.status_code == 200
    assert "When somebody last logged in cannot be read now." in page.text
    assert "NOT KNOWN" in page.text
    assert "03:12" not in page.text
    assert client.get("/people/paper").status_code == 200
    assert change(client, "anna", "disable") == 303
    assert client.get("/people/account?name=anna").status_code == 200
