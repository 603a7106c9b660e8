"""A file's messages and batches as frames that can be sent: CR between segments, batches whole.

Files come with CR, LF or CRLF, mixed, with many messages, as batches, or as captured MLLP
streams. A line end that no segment name follows is text and stays; all else stays untouched.
"""

from __future__ import annotations

import re

from wardkeep.wire.mllp import FS, VT, Deframer, Frame, Stray, is_utf16

_LINE_END = re.compile(rb"[\r\n]+(?=[A-Z][A-Z0-9]{2}(?![A-Za-z0-9]))|[\r\n]+\Z")
_MARK = re.compile(rb"(?:\A|\r)(?=MSH|FHS|BHS|FTS|BTS)")
_BEGIN = re.compile(rb"(?:\A(?:\xef\xbb\xbf)?|[\r\n])[ \t]*(?=MSH|FHS|BHS)")
_ENDS = {b"FHS": b"FTS", b"BHS": b"BTS"}
_TRAILERS = (b"FTS", b"BTS")
_NAME = 3
_MARKS = {b"\xff\xfe", b"\xfe\xff"}


def bodies_of(content: bytes) -> list[bytes]:
    """Return the bodies to send for a file, in order; none if no line begins with a header."""
    if is_utf16(content):
        return _utf16(content)
    if VT in content and FS in content:
        return _framed(content)
    first = _BEGIN.search(content)
    if first is None:
        return []
    text = _LINE_END.sub(b"\r", content[first.end() :])
    return _split(text if text.endswith(b"\r") else text + b"\r")


def _framed(content: bytes) -> list[bytes]:
    deframer = Deframer(len(content))
    found: list[bytes] = []
    for piece in deframer.feed(content) + deframer.end():
        if isinstance(piece, Frame):
            found.append(piece.body)
        elif isinstance(piece, Stray):
            found += bodies_of(piece.content.replace(VT, b"").replace(FS, b""))
    return found


def _utf16(content: bytes) -> list[bytes]:
    mark = content[:2] if content[:2] in _MARKS else b""
    little = mark == b"\xff\xfe" or (not mark and content[1:2] == b"\0")
    codec = "utf-16-le" if little else "utf-16-be"
    text = content[len(mark) : len(content) // 2 * 2].decode(codec, "surrogatepass")
    return [
        mark + each.decode("utf-8", "surrogatepass").encode(codec, "surrogatepass")
        for each in bodies_of(text.encode("utf-8", "surrogatepass"))
    ]


def _split(text: bytes) -> list[bytes]:
    """Cut text with CR line ends before each header that stands in no batch."""
    found: list[bytes] = []
    begin, awaited = 0, b""
    for mark in _MARK.finditer(text):
        start, name = mark.end(), text[mark.end() : mark.end() + _NAME]
        if name in _TRAILERS:
            awaited = b"" if name == awaited else awaited
        elif not awaited or name == b"FHS" or _ENDS.get(name) == awaited:
            if start > begin:
                found.append(text[begin:start])
            begin, awaited = start, _ENDS.get(name, b"")
    found.append(text[begin:])
    return found
