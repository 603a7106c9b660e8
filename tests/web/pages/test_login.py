from __future__ import annotations

import pytest
from litestar.testing import TestClient
from tests.web.conftest import Login, log_in, token_of
from tests.web.handmade import Bench

from wardkeep.access.events import AccountAdded, PinSet, Role
from wardkeep.hospital.login import Login as Rules

PIN = "481516"


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    for name, role, badge in (("nora", Role.NURSE, "N1"), ("ivo", Role.IT, "I1")):
        bench.accounts_book.events += [
            AccountAdded(
                name=name,
                roles=(role,),
                password_hash="plain:correct horse battery",
                badge=badge,
                at=1,
                by="os:root",
            ),
            PinSet(name=name, pin_hash=f"plain:{PIN}", at=1, by=name),
        ]
    return bench


@pytest.fixture
def ward_pc(login: Login) -> TestClient:
    """A browser that IT marked, with nobody logged in."""
    client = login("ines")
    token = token_of(client.get("/account").text)
    answer = client.post("/account/ward-pc", data={"token": token, "place": "4B desk"})
    assert answer.status_code == 303
    client.post("/logout", data={"token": token})
    return client


def by_badge(client: TestClient, badge: str, pin: str) -> int:
    token = token_of(client.get("/login").text)
    fields = {"badge": badge, "pin": pin, "token": token}
    return client.post("/login/pin", data=fields).status_code


def test_badge_and_pin_open_a_session_on_a_marked_ward_pc(
    ward_pc: TestClient, bench: Bench
) -> None:
    assert 'id="badge"' in ward_pc.get("/login").text
    assert by_badge(ward_pc, "n1", PIN) == 303
    assert ward_pc.get("/ward?code=4B").status_code == 200
    assert (bench.noted[-1].who, bench.noted[-1].why) == ("nora", "badge and PIN")


def test_elsewhere_they_open_nothing_and_the_form_is_not_shown(anonymous: TestClient) -> None:
    assert 'id="badge"' not in anonymous.get("/login").text
    assert by_badge(anonymous, "N1", PIN) == 403
    anonymous.cookies.set("wardkeep-ward-pc", "made.up")
    assert by_badge(anonymous, "N1", PIN) == 403


def test_a_site_may_allow_them_anywhere_or_nowhere(anonymous: TestClient, bench: Bench) -> None:
    bench.login_rules = Rules(pin_from="anywhere")
    with TestClient(bench.app(), base_url="http://127.0.0.1") as client:
        client.follow_redirects = False
        assert by_badge(client, "N1", PIN) == 303


def test_after_five_wrong_pins_the_password_is_asked_here_and_nobody_else_is_held_up(
    ward_pc: TestClient, bench: Bench
) -> None:
    for _ in range(5):
        assert by_badge(ward_pc, "N1", "000001") == 401
    assert by_badge(ward_pc, "N1", PIN) == 401
    assert "log in with your password" in _said(ward_pc, "N1")
    assert by_badge(ward_pc, "I1", "000001") == 401  # another badge is looked at as ever
    assert log_in(ward_pc, "nora").status_code == 303
    assert by_badge(ward_pc, "N1", PIN) == 303
    assert bench.noted[-1].why == "badge and PIN"


def test_a_pin_opens_no_account_that_owes_a_second_factor(
    ward_pc: TestClient, bench: Bench
) -> None:
    bench.login_rules = Rules()
    with TestClient(bench.app(), base_url="http://127.0.0.1") as client:
        client.follow_redirects = False
        client.cookies.update(dict(ward_pc.cookies))
        assert by_badge(client, "I1", PIN) == 403
        assert by_badge(client, "N1", PIN) == 303


@pytest.mark.parametrize("badge", ["", "X9", "N1 ", "\ud800"])
def test_an_unknown_badge_is_answered_like_a_wrong_pin(ward_pc: TestClient, badge: str) -> None:
    token = token_of(ward_pc.get("/login").text)
    body = {"badge": badge.encode("utf-8", "replace").decode(), "pin": "1", "token": token}
    assert ward_pc.post("/login/pin", data=body).status_code == 401


def test_logins_and_wrong_passwords_stand_in_the_access_ledger_and_invented_names_do_not(
    anonymous: TestClient, bench: Bench
) -> None:
    log_in(anonymous, "anna", "wrong")
    log_in(anonymous, "nobody", "wrong")
    log_in(anonymous, "anna")
    assert [(note.who, note.page, note.why) for note in bench.noted] == [
        ("anna", "login refused", "password"),
        ("anna", "login", "password"),
    ]


def _said(client: TestClient, badge: str) -> str:
    token = token_of(client.get("/login").text)
    return client.post("/login/pin", data={"badge": badge, "pin": PIN, "token": token}).text
