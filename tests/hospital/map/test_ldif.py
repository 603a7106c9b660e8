from __future__ import annotations

import base64
import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map import ldif
from wardkeep.hospital.map.ldif import Entry, read_entries
from wardkeep.hospital.map.reading import Leftovers, UnreadableSourceError

WANTED = frozenset({"cn", "objectsid"})


def read(text: str) -> list[Entry]:
    return list(read_entries(text, WANTED, Leftovers()))


def test_folded_lines_comments_and_base64_are_undone() -> None:
    text = (
        "# made by hand,\n  and folded\nversion: 1\n\ndn: cn=a,\n dc=x\n# in between\n"
        "CN;lang-fr:: w4k=\r\ncn: b\n c\nsn: never asked for\n\n\ndn:: Y249w4k=\n\n"
        "# search result\nsearch: 2\nresult: 0 Success\n"
    )
    assert read(text) == [
        Entry(5, "cn=a,dc=x", {"cn": ("É", "bc")}),
        Entry(14, "cn=É", {}),
    ]


def test_a_security_identifier_is_written_as_windows_does() -> None:
    sid = bytes([1, 5]) + (5).to_bytes(6, "big")
    sid += b"".join(part.to_bytes(4, "little") for part in (21, 100, 200, 300, 512))
    (entry,) = read(f"dn: a\nobjectSid:: {base64.b64encode(sid).decode()}\n")
    assert entry.one("objectsid") == "S-1-5-21-100-200-300-512"


def test_changes_and_what_stands_elsewhere_are_told_and_not_followed() -> None:
    left = Leftovers()
    text = "dn: a\nchangetype: delete\n\ndn: b\ncn:< file:///etc/shadow\n"
    assert list(read_entries(text, WANTED, left)) == [Entry(4, "b", {})]
    assert [each.count for each in left.told()] == [1, 1]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("dn: a\nno attribute\n", "line 2: this is no attribute"),
        ("cn: a\n", "line 1: an entry begins with its dn"),
        ("dn: a\ncn:: ?\n", "line 2: cn is not base64"),
        ("dn: a\ncn:: /w==\n", "line 2: cn is not base64 of a text"),
        ("dn: a\nobjectSid:: AQU=\n", "line 2: objectsid .* no SID"),
    ],
)
def test_a_line_that_is_no_ldif_is_refused_with_its_number(text: str, says: str) -> None:
    with pytest.raises(UnreadableSourceError, match=says):
        read(text)


def test_what_goes_beyond_the_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ldif, "LONGEST_LINE", 5)
    with pytest.raises(UnreadableSourceError, match="line 1: more than 5 letters"):
        read("dn: a\n bcd\n efg\n")
    monkeypatch.setattr(ldif, "MOST_ENTRIES", 1)
    with pytest.raises(UnreadableSourceError, match="more than 1 entries"):
        read("dn: a\n\ndn: b\n")


@given(st.text())
def test_every_value_comes_back_from_base64(value: str) -> None:
    coded = base64.b64encode(value.encode()).decode()
    (entry,) = read(f"dn: a\ncn:: {coded[:20]}\n {coded[20:]}\n")
    assert entry.said["cn"] == (value,)


@given(st.text(alphabet="dn:a =#<\n\r ;é"))
def test_every_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(UnreadableSourceError):
        read(text)
