from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.hl7v2.escapes import escape, unescape


@pytest.mark.parametrize(
    ("sent", "shown"),
    [
        ("a\\F\\b\\S\\c\\T\\d\\R\\e\\E\\f", "a|b^c&d~e\\f"),
        ("one\\.br\\two", "one\ntwo"),
        ("one\\.sp2\\two\\.in+4\\three", "one\ntwothree"),
        ("\\H\\loud\\N\\", "loud"),
        ("\\X0D\\", "\r"),
        ("\\XC3A9\\", "é"),
        ("\\XE9\\", "é"),
        ("\\XZZ\\", "\\XZZ\\"),
        ("\\Zfoo\\", "\\Zfoo\\"),
        ("\\unknown\\", "\\unknown\\"),
        ("C:\\path", "C:\\path"),
        ("", ""),
        ("\\", "\\"),
        ("5 \\T\\ 6 \\T\\ 7", "5 & 6 & 7"),
    ],
)
def test_escapes_are_read_and_unknown_ones_stay(sent: str, shown: str) -> None:
    assert unescape(sent) == shown


@given(st.text())
def test_escaped_text_comes_back(text: str) -> None:
    sent = escape(text)
    assert unescape(sent) == text
    assert not set("|^&~\r\n") & set(sent)
