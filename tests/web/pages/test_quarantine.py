from __future__ import annotations

import pytest
from tests.web.conftest import Login, token_of
from tests.web.handmade import Bench

from wardkeep.web.errors import OperationFailedError
from wardkeep.web.pages.quarantine import number


def test_what_could_not_be_read_is_listed_with_its_reason(login: Login) -> None:
    page = login("ines").get("/quarantine").text
    assert "PID-3 is empty" in page
    assert "/message?sequence=7" in page


def test_reading_again_says_what_came_of_it(login: Login, bench: Bench) -> None:
    client = login("ines")
    token = token_of(client.get("/quarantine").text)
    again = client.post("/quarantine/replay", data={"sequence": "7", "token": token})
    assert (again.status_code, again.headers["location"]) == (303, "/quarantine?tried=7")
    assert "still cannot be read" in client.get("/quarantine?tried=7").text
    bench.charts.quarantine = list
    page = client.get("/quarantine?tried=7").text
    assert "no longer among those" in page
    assert "Every message could be read" in page


def test_a_server_that_does_not_answer_changes_nothing_and_says_so(
    login: Login, bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(_sequence: int, _by: str) -> None:
        raise OperationFailedError("no answer")

    monkeypatch.setattr(bench, "replay", silent)
    client = login("ines")
    token = token_of(client.get("/quarantine").text)
    answer = client.post("/quarantine/replay", data={"sequence": "7", "token": token})
    assert answer.status_code == 503
    assert "Nothing was changed" in answer.text


@pytest.mark.parametrize(
    ("text", "sequence"), [("7", 7), ("", 0), ("-1", 0), ("7x", 0), ("٣", 0), ("9" * 25, 0)]
)
def test_a_sequence_is_digits_or_nothing(text: str, sequence: int) -> None:
    assert number(text) == sequence
