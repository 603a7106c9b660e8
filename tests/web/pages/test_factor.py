from __future__ import annotations

import re

import pytest
from litestar.testing import TestClient
from tests.web.conftest import Login, log_in, token_of
from tests.web.handmade import Bench

from wardkeep.access.events import Role, TotpEnrolled
from wardkeep.access.permission import Permission
from wardkeep.adapters.totp import totp_now
from wardkeep.hospital.login import Login as Rules
from wardkeep.kernel.times import MINUTE, SECOND

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.login_rules = Rules()
    return bench


def enrolled(bench: Bench, name: str) -> None:
    bench.accounts_book.events.append(TotpEnrolled(name=name, secret=SECRET, at=1, by=name))


def give_code(client: TestClient, code: str, address: str = "/factor") -> tuple[int, str]:
    token = token_of(client.get(address.replace("/totp", "")).text)
    answer = client.post(address, data={"token": token, "code": code})
    return answer.status_code, answer.headers.get("location", "")


def test_a_nurse_needs_no_second_factor_and_it_and_lead_do(
    anonymous: TestClient, bench: Bench
) -> None:
    assert log_in(anonymous, "anna").headers["location"] == "/"
    for name in ("ines", "lea"):
        anonymous.cookies.clear()
        assert log_in(anonymous, name).headers["location"] == "/factors"
        assert anonymous.get("/").headers["location"] == "/factors"
        assert anonymous.get("/ward?code=4B").status_code == 303
    assert bench.recorded == []


def test_whoever_must_sets_an_app_up_at_the_first_login_and_goes_on(
    anonymous: TestClient, bench: Bench
) -> None:
    log_in(anonymous, "lea")
    half = anonymous.cookies["wardkeep"]
    page = anonymous.get("/factors").text
    found = re.search(r'class="secret">([^<]+)<', page)
    assert found is not None
    secret = found[1].replace(" ", "")
    assert give_code(anonymous, "000000", "/factors/totp")[0] == 400
    assert give_code(anonymous, totp_now(secret, bench.at), "/factors/totp") == (303, "/")
    assert anonymous.cookies["wardkeep"] != half
    assert anonymous.get("/ward?code=4B").status_code == 200
    assert bench.accounts_book.accounts()["lea"].totp == secret
    assert bench.noted[-1].why == "password and new app code"


def test_the_code_of_the_app_opens_the_session_once(
    anonymous: TestClient, bench: Bench
) -> None:
    enrolled(bench, "lea")
    log_in(anonymous, "lea")
    code = totp_now(SECRET, bench.at)
    assert give_code(anonymous, code) == (303, "/")
    anonymous.cookies.clear()
    log_in(anonymous, "lea")
    assert give_code(anonymous, code)[0] == 401
    bench.at += 30 * SECOND
    assert give_code(anonymous, totp_now(SECRET, bench.at)) == (303, "/")
    assert [note.page for note in bench.noted] == ["login", "login refused", "login"]


def test_a_code_that_was_used_opens_nothing_after_a_restart_either(
    login: Login, bench: Bench
) -> None:
    enrolled(bench, "lea")
    code = totp_now(SECRET, bench.at)
    assert give_code(login("lea"), code) == (303, "/")
    assert give_code(login("lea"), code)[0] == 401


def test_guessed_codes_wait_longer_each_time_whatever_logins_are_begun_anew(
    anonymous: TestClient, bench: Bench
) -> None:
    enrolled(bench, "lea")
    log_in(anonymous, "lea")
    assert give_code(anonymous, totp_now(SECRET, bench.at)) == (303, "/")
    known_to_lea = anonymous.cookies["wardkeep-browser"]
    anonymous.cookies.clear()
    waited: list[float] = []
    for number in range(6):
        if number % 2:
            anonymous.cookies.clear()
        log_in(anonymous, "lea")
        bench.slept.clear()
        assert give_code(anonymous, "123456")[0] == 401
        waited += bench.slept
    assert waited == [0, 0, 1, 2, 4, 8]
    anonymous.cookies.clear()
    anonymous.cookies.set("wardkeep-browser", known_to_lea)
    log_in(anonymous, "lea")
    bench.slept.clear()
    bench.at += 30 * SECOND
    assert give_code(anonymous, totp_now(SECRET, bench.at)) == (303, "/")
    assert bench.slept == [0]


def test_an_account_that_set_a_factor_up_by_itself_is_asked_for_it_too(
    anonymous: TestClient, bench: Bench
) -> None:
    enrolled(bench, "anna")
    assert log_in(anonymous, "anna").headers["location"] == "/factor"
    assert anonymous.get("/ward?code=4B").headers["location"].startswith("/factor")


def test_a_login_that_stops_half_way_is_over_after_ten_minutes(
    anonymous: TestClient, bench: Bench
) -> None:
    enrolled(bench, "lea")
    log_in(anonymous, "lea")
    bench.at += 11 * MINUTE
    assert anonymous.get("/factor").headers["location"].startswith("/login")


def test_whoever_takes_the_last_factor_away_sets_another_up_at_once(
    anonymous: TestClient, bench: Bench
) -> None:
    enrolled(bench, "lea")
    log_in(anonymous, "lea")
    give_code(anonymous, totp_now(SECRET, bench.at))
    token = token_of(anonymous.get("/factors").text)
    fields = {"token": token, "credential": "totp"}
    bench.at += SECOND
    answer = anonymous.post("/factors/remove", data=fields)
    assert answer.headers["location"] == "/factors"
    assert anonymous.get("/").headers["location"] == "/factors"
    assert not bench.accounts_book.accounts()["lea"].has_second_factor


def test_a_screen_that_somebody_left_open_gives_and_takes_no_factors(
    anonymous: TestClient, bench: Bench
) -> None:
    enrolled(bench, "lea")
    log_in(anonymous, "lea")
    give_code(anonymous, totp_now(SECRET, bench.at))
    token = token_of(anonymous.get("/factors").text)
    for _ in range(2):
        bench.at += 4 * MINUTE
        assert anonymous.get("/").status_code == 200
    bench.at += 3 * MINUTE
    assert anonymous.get("/").status_code == 200
    told = anonymous.get("/factors")
    assert told.status_code == 401
    assert 'name="password"' in told.text
    for path, field in (("totp", "code"), ("key", "answer"), ("remove", "credential")):
        fields = {"token": token, field: "totp"}
        assert anonymous.post(f"/factors/{path}", data=fields).status_code == 401
    assert bench.accounts_book.accounts()["lea"].totp == SECRET


@pytest.mark.parametrize("answer", ["", "{}", "[]", '{"id":"AA"}', "x" * 9000, '{"id":1}'])
def test_an_answer_that_no_key_gave_is_refused(
    anonymous: TestClient, bench: Bench, answer: str
) -> None:
    log_in(anonymous, "lea")
    token = token_of(anonymous.get("/factors").text)
    fields = {"token": token, "answer": answer, "label": "blue"}
    assert anonymous.post("/factors/key", data=fields).status_code == 400
    assert bench.accounts_book.accounts()["lea"].keys == ()


def test_half_a_session_has_no_right_at_all(anonymous: TestClient) -> None:
    log_in(anonymous, "lea")
    page = anonymous.get("/factors").text
    assert "/search" not in page
    assert "/streams" not in page
    assert Permission.SEE_PATIENTS.value not in page
    assert Role.LEAD.value not in anonymous.get("/about").text
