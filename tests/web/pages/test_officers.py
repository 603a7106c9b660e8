from __future__ import annotations

import pytest
from litestar.testing import TestClient
from tests.web.conftest import Login, log_in, token_of
from tests.web.handmade import Bench

from wardkeep.access.events import AccountDisabled, OpenedByTwo
from wardkeep.kernel.times import HOUR, MINUTE

THIRD = {"person": "Jan Peeters", "role": "nurse", "hours": "4"}


def ask(client: TestClient, **changed: str) -> tuple[int, str]:
    token = token_of(client.get("/officers").text)
    answer = client.post("/officers", data={"token": token, **THIRD, **changed})
    return answer.status_code, answer.headers.get("location", "")


def confirm(client: TestClient, pin: str = "481516") -> int:
    token = token_of(client.get("/officers").text)
    return client.post("/officers/confirm", data={"token": token, "pin": pin}).status_code


def test_two_officers_at_one_screen_open_a_session_for_a_third(
    login: Login, bench: Bench
) -> None:
    screen = login("lea")
    assert ask(screen) == (303, "/login?next=/officers")
    assert screen.get("/").status_code == 303
    assert log_in(screen, "ines", next="/officers").headers["location"] == "/officers"
    assert "Jan Peeters" in screen.get("/officers").text
    assert confirm(screen) == 303
    assert screen.get("/ward?code=4B").status_code == 200
    assert screen.get("/quarantine").status_code == 403
    assert bench.recorded[0].who == "Jan Peeters (lea, ines)"
    event = bench.accounts_book.events[-1]
    assert isinstance(event, OpenedByTwo)
    assert (event.by, event.second, event.until - event.at) == ("lea", "ines", 4 * HOUR)
    assert bench.noted[-1].why == "officers lea, ines, nurse"


def test_one_officer_alone_opens_nothing(login: Login, bench: Bench) -> None:
    screen = login("lea")
    ask(screen)
    log_in(screen, "lea")
    token = token_of(screen.get("/account").text)
    fields = {"token": token, "pin": "481516"}
    assert screen.post("/officers/confirm", data=fields).status_code == 400
    assert not any(isinstance(e, OpenedByTwo) for e in bench.accounts_book.events)


def test_whoever_two_officers_let_in_is_no_officer_and_goes_with_either_of_them(
    login: Login, bench: Bench
) -> None:
    screen = login("lea")
    ask(screen, role="it")
    log_in(screen, "ines", next="/officers")
    assert confirm(screen) == 303
    assert screen.get("/quarantine").status_code == 200
    assert screen.get("/officers").status_code == 403
    token = token_of(screen.get("/account").text)
    assert screen.post("/officers", data={"token": token, **THIRD}).status_code == 403
    bench.accounts_book.events.append(AccountDisabled(name="ines", at=bench.at, by="lea"))
    assert screen.get("/quarantine").headers["location"].startswith("/login")


def test_what_was_asked_is_confirmed_in_that_browser_and_soon(
    login: Login, bench: Bench
) -> None:
    screen, elsewhere = login("lea"), login("ines")
    ask(screen)
    token = token_of(elsewhere.get("/account").text)
    fields = {"token": token, "pin": "481516"}
    assert elsewhere.post("/officers/confirm", data=fields).status_code == 400
    bench.at += 11 * MINUTE
    log_in(screen, "ines")
    assert "Jan Peeters" not in screen.get("/officers").text


@pytest.mark.parametrize(
    "changed",
    [
        {"person": "J"},
        {"role": "boss"},
        {"hours": "0"},
        {"hours": "25"},
        {"hours": "٣"},
        {"hours": "9" * 5000},
    ],
)
def test_a_wish_that_names_nobody_no_role_or_no_end_is_refused(
    login: Login, changed: dict[str, str]
) -> None:
    assert ask(login("lea"), **changed)[0] == 400


def test_a_nurse_is_no_officer(login: Login) -> None:
    assert login("anna").get("/officers").status_code == 403
