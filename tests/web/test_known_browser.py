from __future__ import annotations

import pytest

from wardkeep.web.known_browser import known_browser, with_account

SECRET = b"a secret of this server"


def test_a_browser_is_known_to_those_who_logged_in_there_and_to_nobody_else() -> None:
    cookie = with_account("", "anna", SECRET, "B1")
    cookie = with_account(cookie, "lea", SECRET, "B2")
    assert known_browser(cookie, "anna", SECRET) == "B1"
    assert known_browser(cookie, "lea", SECRET) == "B1"
    assert known_browser(cookie, "ines", SECRET) == ""
    assert known_browser(cookie, "anna", b"another server") == ""
    assert "anna" not in cookie


def test_a_ward_pc_remembers_the_last_two_dozen_and_each_of_them_once() -> None:
    cookie = ""
    for number in range(60):
        cookie = with_account(cookie, f"nurse-{number}", SECRET, "B1")
        cookie = with_account(cookie, f"nurse-{number}", SECRET, "B1")
    known = [n for n in range(60) if known_browser(cookie, f"nurse-{n}", SECRET)]
    assert known == list(range(36, 60))


@pytest.mark.parametrize(
    "cookie", ["", ".", "B1", "B1.x", "é.x", "a" * 9000, "B 1." + "0" * 22, "B1." + "0" * 22]
)
def test_a_cookie_that_this_server_did_not_make_is_no_known_browser(cookie: str) -> None:
    assert known_browser(cookie, "anna", SECRET) == ""
    made = with_account(cookie, "anna", SECRET, "new")
    assert known_browser(made, "anna", SECRET)
