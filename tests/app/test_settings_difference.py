from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.app.settings_difference import Difference, differences, masked
from wardkeep.hospital.backup import Backup
from wardkeep.hospital.site import Copies, Feed, Site, Ward

SITE = Site(name="Val", feeds=(Feed(name="adt"), Feed(name="mar", port=2576)))


def test_what_is_the_same_is_not_told() -> None:
    assert differences(SITE, msgspec.structs.replace(SITE)) == []


def test_an_entry_is_known_by_its_name_wherever_it_stands() -> None:
    turned = msgspec.structs.replace(SITE, feeds=SITE.feeds[::-1])
    assert differences(SITE, turned) == []
    moved = msgspec.structs.replace(SITE.feeds[1], port=2580)
    other = msgspec.structs.replace(SITE, feeds=(SITE.feeds[0], moved))
    assert differences(SITE, other) == [Difference("feeds.mar.port", "2576", "2580")]


def test_an_entry_or_a_table_that_is_new_or_gone_is_told_key_by_key() -> None:
    other = msgspec.structs.replace(SITE, wards=(Ward(code="4B", name="Heart"),))
    told = differences(SITE, other)
    assert Difference("wards.4B.name", "", "Heart") in told
    assert Difference("wards.4B.name", "Heart", "") in differences(other, SITE)
    copied = differences(SITE, msgspec.structs.replace(SITE, copies=Copies()))
    assert Difference("copies.port", "", "8444") in copied


def test_a_password_in_an_address_is_shown_on_neither_side() -> None:
    one, other = (
        msgspec.structs.replace(SITE, backup=Backup(repository=f"rest:https://u:{key}@box/r"))
        for key in ("s3cret", "geheim")
    )
    told = differences(one, other)
    assert [each.path for each in told] == ["backup.repository"]
    assert "s3cret" not in repr(told)
    assert "geheim" not in repr(told)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("https://u:p@h/x", "https://***@h/x"),
        ("ipps://h/print", "ipps://h/print"),
        ("sftp:u@h:/x", "sftp:u@h:/x"),
        ("a b https://u@h c", "a b https://***@h c"),
    ],
)
def test_user_and_password_of_an_address_are_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


@given(st.text(min_size=1))
def test_no_password_comes_through_whatever_it_is(password: str) -> None:
    assert masked(f"https://user:{password}@host/path") == "https://***@host/path"
