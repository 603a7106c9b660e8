from __future__ import annotations

import pytest
from litestar.testing import TestClient
from tests.web.conftest import Login, token_of
from tests.web.handmade import Bench

from wardkeep.access.events import GlassBroken
from wardkeep.kernel.times import MINUTE

REASON = "patient collapsed at the desk, no nurse in sight"


def broken(client: TestClient, **changed: str) -> int:
    token = token_of(client.get("/glass").text)
    fields = {"token": token, "person": "Ines Maes", "reason": REASON, "next": "/streams"}
    return client.post("/glass", data={**fields, **changed}).status_code


def test_whoever_is_refused_a_patient_is_told_of_the_glass_and_sees_the_patient_behind_it(
    login: Login, bench: Bench
) -> None:
    client = login("ines")
    refused = client.get("/patient?record=700001")
    assert refused.status_code == 403
    assert "/glass?next=%2Fpatient%3Frecord%3D700001" in refused.text
    assert broken(client) == 303
    assert "GLASS BROKEN" in client.get("/patient?record=700001").text
    (look,) = bench.recorded
    assert (look.who, look.record, look.why) == ("ines", "700001", "break-glass")
    note = bench.noted[-1]
    assert (note.page, note.why) == ("break-glass", f"Ines Maes: {REASON}")
    assert bench.alarmed == [("break-glass", "ines", "Ines Maes")]
    event = bench.accounts_book.events[-1]
    assert isinstance(event, GlassBroken)
    assert (event.by, event.reason, event.until - event.at) == ("ines", REASON, 30 * MINUTE)


def test_it_closes_again_after_its_minutes_and_opens_no_other_session(
    login: Login, bench: Bench
) -> None:
    client, other = login("ines"), login("ines")
    broken(client)
    assert other.get("/ward?code=4B").status_code == 403
    for _ in range(3):
        bench.at += 9 * MINUTE
        assert client.get("/ward?code=4B").status_code == 200
    bench.at += 4 * MINUTE
    assert client.get("/ward?code=4B").status_code == 403


@pytest.mark.parametrize(
    "changed",
    [{"person": ""}, {"reason": "asdf"}, {"reason": "x" * 301}, {"person": "a\x07bc"}],
)
def test_without_name_and_reason_it_stays_whole(
    login: Login, bench: Bench, changed: dict[str, str]
) -> None:
    client = login("ines")
    assert broken(client, **changed) == 400
    assert client.get("/ward?code=4B").status_code == 403
    assert bench.alarmed == []


def test_the_auditor_has_no_glass_to_break(login: Login) -> None:
    client = login("otto")
    assert client.get("/glass").status_code == 403
    assert "/glass" not in client.get("/ward?code=4B").text


def test_care_goes_first_where_the_ledger_takes_nothing_and_what_was_done_waits(
    login: Login, bench: Bench
) -> None:
    client = login("ines")
    bench.accounts_book.fails = True
    bench.alarms_fail = True
    assert broken(client) == 303
    assert client.get("/ward?code=4B").status_code == 200
    web = client.app.state.web
    assert [type(event) for event in web.unwritten] == [GlassBroken]
    assert len(web.untold) == 1
