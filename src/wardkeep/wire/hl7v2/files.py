"""Messages out of files: any separators, several a file, batches, MLLP captures."""

from __future__ import annotations

import re

_START = re.compile(rb"(?:\A|(?<=[\r\n\x0b\x1c]))MSH(?=[^\w\s])")
_WRAPPING = re.compile(
    rb"(?:[\r\n\x0b\x1c]+(?:FHS|BHS|BTS|FTS)[^\r\n]*)*[\r\n\x0b\x1c\x00 ]*\Z"
)
_UTF16 = (b"\xff\xfe", b"\xfe\xff", b"M\x00S\x00H\x00", b"\x00M\x00S\x00H")


def messages_in(content: bytes) -> list[bytes]:
    """Return each message of a file as its bytes stand, without batch and MLLP wrapping.

    A message begins where a line begins with MSH; UTF-16 files hold one message. Returns
    nothing for a file in which no line begins so.
    """
    if content.startswith(_UTF16):
        return [content]
    content = content.removeprefix(b"\xef\xbb\xbf")
    starts = [found.start() for found in _START.finditer(content)]
    ends = [*starts[1:], len(content)][: len(starts)]
    pieces = (content[a:b] for a, b in zip(starts, ends, strict=True))
    return [_WRAPPING.sub(b"", piece) for piece in pieces]
