from __future__ import annotations

import pytest
from litestar.testing import TestClient
from tests.web.conftest import log_in, token_of
from tests.web.handmade import NOW, Bench

from wardkeep.access.events import AccountAdded, CodesPrinted, CodesRevoked, Role
from wardkeep.access.one_time_code import digest_of, one_time_code
from wardkeep.kernel.times import HOUR

CODE = one_time_code(77)
SEALED = [one_time_code(number) for number in (1, 2, 3)]


@pytest.fixture
def bench() -> Bench:
    bench = Bench()
    bench.accounts_book.events += [
        AccountAdded(
            name="nora",
            full_name="Nora Van den Berg",
            roles=(Role.NURSE,),
            badge="4711",
            activation=digest_of(CODE),
            at=1,
            by="os:root",
        ),
        CodesPrinted(
            sheet="7K2M",
            role=Role.NURSE,
            hours=12,
            digests=tuple(map(digest_of, SEALED)),
            at=1,
            by="os:root",
        ),
    ]
    return bench


def typed(client: TestClient, code: str, name: str, pin: str = "481516") -> tuple[int, str]:
    token = token_of(client.get("/code").text)
    fields = {"token": token, "code": code, "name": name, "pin": pin}
    answer = client.post("/code", data=fields)
    return answer.status_code, answer.headers.get("location", "") or answer.text


def test_a_first_code_lets_its_owner_choose_a_password_and_opens_once(
    anonymous: TestClient, bench: Bench
) -> None:
    assert log_in(anonymous, "nora", "").status_code == 401
    status, page = typed(anonymous, CODE.lower().replace("-", " "), "Nora", "")
    assert status == 200
    chosen = {"token": token_of(page), "code": CODE, "name": "nora", "pin": "481516"}
    short = {**chosen, "new": "short", "again": "short"}
    assert anonymous.post("/code/password", data=short).status_code == 400
    fits = {**chosen, "new": "quiet maple orbit", "again": "quiet maple orbit"}
    assert anonymous.post("/code/password", data=fits).status_code == 303
    assert anonymous.get("/ward?code=4B").status_code == 200
    nora = bench.accounts_book.accounts()["nora"]
    assert (nora.password_hash, nora.pin_hash) == ("plain:quiet maple orbit", "plain:481516")
    anonymous.cookies.clear()
    assert typed(anonymous, CODE, "nora")[0] == 401


def test_a_code_of_somebody_else_opens_no_account(anonymous: TestClient) -> None:
    status, page = typed(anonymous, CODE, "anna")
    assert status == 401
    assert "as it stands on the slip" in page


def test_a_first_code_takes_the_full_name_as_the_slip_has_it(anonymous: TestClient) -> None:
    status, page = typed(anonymous, CODE, "nora  van den berg", "")
    assert status == 200
    assert "Choose your password" in page
    assert "PIN has 6 to 12 digits" in page


def test_the_rule_for_a_pin_stands_beside_its_field(anonymous: TestClient) -> None:
    assert "PIN has 6 to 12 digits" in anonymous.get("/code").text
    status, page = typed(anonymous, SEALED[0], "Jan Peeters", "")
    assert status == 400
    assert "A sealed code needs a PIN as well." in page


def test_a_sealed_code_opens_one_session_of_its_role_under_the_name_typed(
    anonymous: TestClient, bench: Bench
) -> None:
    assert typed(anonymous, SEALED[1], "Jan  Peeters") == (303, "/")
    assert anonymous.get("/ward?code=4B").status_code == 200
    assert anonymous.get("/quarantine").status_code == 403
    assert bench.recorded[0].who == "Jan Peeters (7K2M-02)"
    assert bench.alarmed == [("sealed-code-used", "7K2M-02", "nurse: Jan Peeters")]
    assert bench.noted[-1].why == "sealed code 7K2M-02, nurse"
    anonymous.cookies.clear()
    assert typed(anonymous, SEALED[1], "Jan Peeters")[0] == 401


def test_a_session_of_a_sealed_code_ends_after_its_hours_and_when_it_is_revoked(
    anonymous: TestClient, bench: Bench
) -> None:
    typed(anonymous, SEALED[0], "Jan Peeters")
    for _ in range(12 * 5 - 1):
        bench.at += HOUR // 5
        token = token_of(anonymous.get("/locked").text)
        anonymous.post("/locked", data={"token": token, "pin": "481516"})
    assert anonymous.get("/").status_code == 200
    bench.at += HOUR // 5
    assert anonymous.get("/").headers["location"] == "/login"
    typed(anonymous, SEALED[2], "Jan Peeters")
    assert anonymous.get("/").status_code == 200
    bench.accounts_book.events.append(
        CodesRevoked(sheet="7K2M", numbers=(3,), at=NOW, by="os:root")
    )
    assert anonymous.get("/").headers["location"] == "/login"


def test_a_revoked_code_a_name_that_is_none_and_a_slip_of_the_finger_open_nothing(
    anonymous: TestClient, bench: Bench
) -> None:
    wrong = SEALED[0].replace(SEALED[0][0], "Z" if SEALED[0][0] != "Z" else "Y", 1)
    assert typed(anonymous, wrong, "Jan Peeters")[0] == 401
    assert typed(anonymous, SEALED[0], "J")[0] == 401
    assert typed(anonymous, SEALED[0], "Jan Peeters", "123456")[0] == 400
    assert typed(anonymous, one_time_code(99), "Jan Peeters")[0] == 401
    bench.accounts_book.events.append(
        CodesRevoked(sheet="7K2M", numbers=(1,), at=NOW, by="os:root")
    )
    assert typed(anonymous, SEALED[0], "Jan Peeters")[0] == 401
    assert bench.alarmed == []


def test_a_code_whose_use_could_not_be_written_opens_nothing_and_stays_good(
    anonymous: TestClient, bench: Bench
) -> None:
    bench.accounts_book.fails = True
    assert typed(anonymous, SEALED[0], "Jan Peeters")[0] == 503
    bench.accounts_book.fails = False
    assert typed(anonymous, SEALED[0], "Jan Peeters") == (303, "/")


def test_an_alarm_that_nobody_took_waits_and_is_told_again(
    anonymous: TestClient, bench: Bench
) -> None:
    bench.alarms_fail = True
    assert typed(anonymous, SEALED[0], "Jan Peeters") == (303, "/")
    assert anonymous.app.state.web.untold == [
        ("sealed-code-used", "7K2M-01", "nurse: Jan Peeters")
    ]
