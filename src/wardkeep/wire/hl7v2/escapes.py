"""Escape sequences of HL7 v2 (v2.5.1 section 2.7), for the usual delimiters."""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\([^\\\r]{0,200})\\")
_NAMED = {"F": "|", "S": "^", "T": "&", "R": "~", "E": "\\", "P": "#"}
_HEXADECIMAL = re.compile(r"\\X((?:[0-9A-Fa-f]{2}){1,100})\\")
_LINE_BREAK = re.compile(r"\.(?:br|ce|sp)\s*[+-]?\d*", re.IGNORECASE)
_WITHOUT_TEXT = re.compile(r"H|N|\.(?:in|ti|fi|nf|sk)\s*[+-]?\d*", re.IGNORECASE)
_TO_ESCAPE = str.maketrans(
    {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "&": "\\T\\", "~": "\\R\\",
     "\r": "\\X0D\\", "\n": "\\X0A\\"}
)  # fmt: skip


def unescape(text: str) -> str:
    """Return text without escapes: formatting becomes line breaks, unknown ones stay.

    Hexadecimal data is read as strict UTF-8, else as cp1252, like a message without a charset.
    """
    return _ESCAPE.sub(_plain, text) if "\\" in text else text


def escape(text: str) -> str:
    """Return text so that it can stand in a field; `unescape` gives it back."""
    return text.translate(_TO_ESCAPE)


def respell_hexadecimal(text: str, codec: str) -> str:
    """Return text whose hexadecimal data, written in `codec`, is in UTF-8 for `unescape`."""
    if "\\X" not in text:
        return text
    # Without a mark of its own an escape in UTF-16 is big-endian, as numbers are written.
    codec = "utf-16-be" if codec.startswith("utf-16") else codec

    def respelt(match: re.Match[str]) -> str:
        try:
            data = bytes.fromhex(match[1]).decode(codec)
        except UnicodeDecodeError:
            return match[0]
        return f"\\X{data.encode().hex().upper()}\\"

    return _HEXADECIMAL.sub(respelt, text)


def _plain(match: re.Match[str]) -> str:
    inner = match[1]
    if inner in _NAMED:
        return _NAMED[inner]
    if inner[:1] == "X" and len(inner) > 1:
        return _hexadecimal(inner[1:], match[0])
    if _LINE_BREAK.fullmatch(inner):
        return "\n"
    return "" if _WITHOUT_TEXT.fullmatch(inner) else match[0]


def _hexadecimal(digits: str, whole: str) -> str:
    try:
        data = bytes.fromhex(digits)
    except ValueError:
        return whole
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")
