from __future__ import annotations

from tests.web.conftest import Login
from tests.web.handmade import Bench


def test_a_search_finds_by_name_and_is_a_look_at_whom_it_shows(
    login: Login, bench: Bench
) -> None:
    page = login("anna").get("/search?q=müller").text
    assert page.count('class="row"') == 8
    assert len(bench.recorded) == 8
    assert {look.page for look in bench.recorded} == {"search"}


def test_too_little_text_and_nobody_found_are_told_apart(login: Login, bench: Bench) -> None:
    client = login("anna")
    assert "at least two characters" in client.get("/search?q=x").text
    assert "Nobody known fits" in client.get("/search?q=xyzzy").text
    assert bench.recorded == []


def test_what_was_searched_for_comes_back_escaped(login: Login) -> None:
    page = login("anna").get("/search", params={"q": '"><script>alert(1)</script>'}).text
    assert "<script>alert" not in page
