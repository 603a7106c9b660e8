from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.hl7v2.charsets import DAMAGED, declared_codec, decode


def header(charset: str) -> bytes:
    return f"MSH|^~\\&|A|B|C|D|2026||ADT^A02|1|P|2.5||||||{charset}\rPID|1||7||".encode()


@pytest.mark.parametrize(
    ("declared", "sent", "read_with"),
    [
        ("8859/1", "latin-1", "cp1252"),
        ("8859/1", "cp1252", "cp1252"),
        ("8859/15", "iso8859-15", "iso8859-15"),
        ("UNICODE UTF-8", "utf-8", "utf-8"),
        ("UTF-8", "utf-8", "utf-8"),
        ("UNICODE", "utf-8", "utf-8"),
        ("", "utf-8", "utf-8"),
        ("", "cp1252", "cp1252"),
        ("ASCII", "cp1252", "cp1252"),
        ("KLINGON", "utf-8", "utf-8"),
        ("UNICODE UTF-8", "cp1252", "cp1252"),
        ("8859/1~UNICODE UTF-8", "cp1252", "cp1252"),
    ],
)
def test_the_charset_is_told_by_the_header_or_found_out(
    declared: str, sent: str, read_with: str
) -> None:
    text, codec = decode(header(declared) + "Gwénaëlle".encode(sent))
    assert text.endswith("Gwénaëlle")
    assert codec == read_with


def test_a_header_in_ascii_letters_is_not_in_utf_16_whatever_it_says() -> None:
    text, codec = decode(header("UNICODE UTF-16") + "Zoé".encode())
    assert (text[-3:], codec) == ("Zoé", "utf-8")


def test_a_cut_letter_spoils_no_other_and_latin_text_is_not_taken_for_utf_8() -> None:
    text, codec = decode(header("UNICODE UTF-8") + "Gwénaëlle, 5 µg".encode()[:-2])
    assert (text[-10:], codec) == ("aëlle, 5 \ufffd", DAMAGED)
    text, codec = decode(header("UNICODE UTF-8") + "Gwénaëlle, 5 µg".encode("cp1252"))
    assert (text[-15:], codec) == ("Gwénaëlle, 5 µg", "cp1252")


def test_the_euro_sign_of_a_sender_that_says_latin_1_is_read() -> None:
    assert decode(header("8859/1") + b"\x80 \x92")[0].endswith("€ ’")


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_read_with_and_without_a_mark(codec: str) -> None:
    text = header("UNICODE UTF-16").decode() + "Zoé"
    assert decode(text.encode(codec))[0].lstrip("\ufeff") == text


def test_a_header_without_msh_18_declares_nothing() -> None:
    assert declared_codec(b"MSH|^~\\&|A") == ""
    assert declared_codec(b"no header") == ""
    assert declared_codec(header("8859/1").replace(b"|", b"#")) == "cp1252"


@given(st.binary(max_size=200))
def test_any_bytes_become_text(body: bytes) -> None:
    decode(body)
    decode(header("8859/1") + body)
