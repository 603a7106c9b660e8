"""Which charset a message is in: told in MSH-18, and MSH is read as bytes to learn it.

Rules kept here:
- A declared charset (HL7 table 0211 and what senders write for it) is tried first. `8859/1` is
  read as cp1252, which differs from it in 0x80 to 0x9F alone, where Latin-1 has no letters and
  senders mean cp1252.
- Blank means ASCII by the standard. Then, and where the declared one does not fit, strict UTF-8
  is tried and then cp1252; the choice is recorded.
- One letter that a sender cut in two must not turn every other letter of a UTF-8 message into
  two wrong ones: with more whole letters than broken ones it is UTF-8, DAMAGED, and the broken
  ones are U+FFFD.
- UTF-16 is known by its bytes alone: a header that is read as ASCII is not in UTF-16.
- The stored bytes are never re-encoded; this is for reading only.
"""

from __future__ import annotations

from functools import lru_cache

_CODECS = {
    "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UTF8": "utf-8", "UNICODE": "utf-8",
    "8859/1": "cp1252", "ISO8859-1": "cp1252", "ISO-8859-1": "cp1252", "ISO_8859-1": "cp1252",
    "LATIN-1": "cp1252", "LATIN1": "cp1252", "CP1252": "cp1252", "WINDOWS-1252": "cp1252",
    "8859/15": "iso8859-15", "ISO8859-15": "iso8859-15", "ISO-8859-15": "iso8859-15",
    "8859/2": "iso8859-2", "8859/3": "iso8859-3", "8859/4": "iso8859-4", "8859/5": "iso8859-5",
    "8859/6": "iso8859-6", "8859/7": "iso8859-7", "8859/8": "iso8859-8", "8859/9": "iso8859-9",
}  # fmt: skip
DAMAGED = "utf-8, damaged"
_HEADER_LIMIT = 4096
"""No MSH is longer; a body without line ends must not be split whole to find MSH-18."""

_CHARSET_FIELD = 17
_WINDOWS_ONLY = bytes(range(0x80, 0xA0))
_NOT_ASCII = bytes(range(0x80, 0x100))
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")


def decode(body: bytes) -> tuple[str, str]:
    """Return the text of a frame and the codec that it was read with."""
    if body.isascii() and b"\x00" not in body[:16]:
        return body.decode("ascii"), "ascii"
    if not body.startswith(b"MSH|") and (codec := _utf16(body)):
        return body.decode(codec, "replace"), codec
    for codec in (declared_codec(body), "utf-8", "cp1252"):
        if codec:
            try:
                return _text(body, codec), codec
            except UnicodeDecodeError:
                if codec == "utf-8" and (text := _mostly_utf8(body)):
                    return text, DAMAGED
    return body.decode("latin-1"), "latin-1"


def _mostly_utf8(body: bytes) -> str:
    text = body.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    letters = len(text) - broken - len(body.translate(None, _NOT_ASCII))
    return text if letters > broken else ""


def _text(body: bytes, codec: str) -> str:
    # Latin-1 reads the same nine times faster where none of the bytes stands that differ.
    if codec == "cp1252" and len(body.translate(None, _WINDOWS_ONLY)) == len(body):
        return body.decode("latin-1")
    return body.decode(codec)


def _utf16(body: bytes) -> str:
    if body[:2] in _UTF16_MARKS:
        return "utf-16"
    if body[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if body[:1] == b"\0" else ""


def declared_codec(body: bytes) -> str:
    """Return the codec of the first value of MSH-18, "" where none is declared or known."""
    start = body.find(b"MSH")
    if start < 0:
        return ""
    header = body[start : start + _HEADER_LIMIT].split(b"\r", 1)[0].split(b"\n", 1)[0]
    fields = header.split(header[3:4]) if len(header) > len(b"MSH|^~") else []
    if len(fields) <= _CHARSET_FIELD:
        return ""
    return _codec_of(fields[_CHARSET_FIELD], header[4:6])


@lru_cache(maxsize=256)
def _codec_of(declared: bytes, delimiters: bytes) -> str:
    first = declared.split(delimiters[1:2])[0].split(delimiters[:1])[0]
    return _CODECS.get(first.decode("ascii", "replace").strip().upper(), "")
