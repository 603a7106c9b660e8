from __future__ import annotations

import pytest
from litestar.testing import TestClient
from tests.web.conftest import Login, token_of
from tests.web.handmade import PASSWORD, Bench

from wardkeep.access.events import PinSet
from wardkeep.kernel.times import MINUTE

PIN = "481516"


@pytest.fixture
def client(login: Login, bench: Bench) -> TestClient:
    bench.accounts_book.events.append(
        PinSet(name="anna", pin_hash=f"plain:{PIN}", at=1, by="anna")
    )
    return login("anna")


def unlock(client: TestClient, **secret: str) -> tuple[int, str]:
    page = client.get("/locked?next=/ward?code=4B").text
    fields = {"token": token_of(page), "next": "/ward?code=4B", **secret}
    answer = client.post("/locked", data=fields)
    return answer.status_code, answer.headers.get("location", "")


def test_a_screen_left_alone_shows_no_patient_until_its_pin_is_typed(
    client: TestClient, bench: Bench
) -> None:
    shown = client.get("/ward?code=4B")
    assert shown.headers["refresh"] == "601; url=/locked?next=%2Fward%3Fcode%3D4B"
    bench.at += 10 * MINUTE
    covered = client.get("/ward?code=4B")
    assert covered.headers["location"] == "/locked?next=%2Fward%3Fcode%3D4B"
    page = client.get("/locked").text
    for name in ("Janssens", "Müller", "700001", "Cardiology", "/search"):
        assert name not in page
    assert unlock(client, pin="000001")[0] == 401
    assert client.get("/ward?code=4B").status_code == 303
    assert unlock(client, pin=PIN) == (303, "/ward?code=4B")
    assert client.get("/ward?code=4B").status_code == 200


def test_after_five_wrong_pins_only_the_password_unlocks(
    client: TestClient, bench: Bench
) -> None:
    bench.at += 11 * MINUTE
    for _ in range(5):
        assert unlock(client, pin="000001")[0] == 401
    assert unlock(client, pin=PIN)[0] == 401
    assert 'id="pin"' not in client.get("/locked").text
    assert unlock(client, password=PASSWORD) == (303, "/ward?code=4B")


def test_a_screen_is_locked_by_hand_at_once(client: TestClient) -> None:
    token = token_of(client.get("/account").text)
    assert client.post("/lock", data={"token": token}).headers["location"] == "/locked"
    assert client.get("/").status_code == 303
    assert client.get("/live").headers["location"].startswith("/locked")
    assert unlock(client, pin=PIN)[0] == 303
    assert client.get("/").status_code == 200


def test_a_locked_screen_can_be_logged_out_and_ends_by_itself(
    client: TestClient, bench: Bench
) -> None:
    bench.at += 12 * MINUTE
    token = token_of(client.get("/locked").text)
    kept = dict(client.cookies)
    assert client.post("/logout", data={"token": token}).headers["location"] == "/login"
    client.cookies.update(kept)
    assert client.get("/locked").headers["location"].startswith("/login")


def test_the_cover_is_no_page_for_a_screen_that_is_not_covered(client: TestClient) -> None:
    assert client.get("/locked?next=/streams").headers["location"] == "/streams"
    assert client.get("/locked?next=//evil.example").headers["location"] == "/"
