from __future__ import annotations

import pytest

from wardkeep.web.ward_pc import marked_number, ward_pc_cookie


def test_a_marked_browser_is_known_by_this_server_alone() -> None:
    cookie = ward_pc_cookie("n1", b"secret")
    assert marked_number(cookie, b"secret") == "n1"
    assert marked_number(cookie, b"another") == ""


@pytest.mark.parametrize("cookie", ["", ".", "n1", "n1.", "é.x", "x" * 200, "n1." + "0" * 32])
def test_a_cookie_that_was_made_up_marks_nothing(cookie: str) -> None:
    assert marked_number(cookie, b"secret") == ""
