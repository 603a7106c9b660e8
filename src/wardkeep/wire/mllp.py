"""The framing of HL7 messages on a stream: VT, body, FS, CR (HL7 MLLP release 1 and 2).

Bytes go in as they come, in packets of any size; finished frames and stray bytes come out.
Rules kept here:

- FS ends a frame at once; the CR that should follow is swallowed when it comes, and not
  waited for, because some senders leave it out.
- Bytes outside any frame are stray; nothing but CR and LF between frames is ignored.
- VT inside a frame belongs to its body (word processors leave it in text).
- A body in UTF-16 holds the bytes 1C and 0B as halves of letters (U+201C is 1C 20): there FS
  counts only with its CR. The two together are no letters of the region, also where a sender
  put half a letter before them.
- Every byte is looked at once and copied a fixed number of times, however small the packets.
"""

from __future__ import annotations

import msgspec

VT = b"\x0b"
FS = b"\x1c"
_CR = 0x0D
_END = b"\x1c\r"
_MARK = 2
_LINE_ENDS = b"\r\n"
STRAY_LIMIT = 64 * 1024
"""Stray bytes are handed on in pieces of at most this size."""


class Frame(msgspec.Struct, frozen=True, gc=False):
    """What stood between VT and FS, untouched."""

    body: bytes


class Stray(msgspec.Struct, frozen=True):
    """Bytes that stood outside any frame, or of a frame that never ended; at most 64 kB."""

    content: bytes


class Overlong(msgspec.Struct, frozen=True):
    """A frame passed its limit of bytes; nothing further is read from this stream.

    The piece before it is the beginning of that frame, as stray.
    """

    limit: int


Piece = Frame | Stray | Overlong


def frame(body: bytes) -> bytes:
    """Return `body` between VT and FS CR."""
    return b"\x0b%b\x1c\r" % body


def is_utf16(start: bytes | bytearray) -> bool:
    """Say whether a body that begins so is UTF-16, by its mark or by a letter's empty half."""
    first = bytes(start[:2])
    if len(first) < _MARK or first[:1] == FS:
        return False
    return first in {b"\xff\xfe", b"\xfe\xff"} or 0 in first


class Deframer:
    """Splits one stream into frames. `limit`: bytes a body may have."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._inside = False
        self._after_end = False
        self._overlong = False
        self._body = bytearray()
        self._searched = 0
        self._stray = bytearray()

    @property
    def unfinished(self) -> int:
        """Bytes held of a frame that has not ended."""
        return len(self._body)

    @property
    def inside(self) -> bool:
        """Whether a frame has begun and not ended."""
        return self._inside

    def feed(self, packet: bytes) -> list[Piece]:
        """Take the next bytes of the stream; return what they finish, in order."""
        if self.is_whole(packet):
            return [Frame(packet[1:-2])]
        pieces: list[Piece] = []
        at = 0
        while at < len(packet) and not self._overlong:
            step = self._within if self._inside else self._between
            at = step(packet, at, pieces)
        return pieces

    def end(self) -> list[Piece]:
        """Take the end of the stream; return what was left outside or unfinished as stray."""
        pieces: list[Piece] = []
        if self._inside:
            self._stray += VT + self._body[: STRAY_LIMIT - 1]
            self._inside = False
            self._body = bytearray()
        self._give_up_stray(pieces)
        return pieces

    def is_whole(self, packet: bytes) -> bool:
        """Say whether the next packet is just one message; it is then taken as fed.

        Nearly all are, and need no search; the body is what stands between VT and FS CR.
        """
        whole = (
            packet.startswith(b"\x0bMSH")
            and not (self._inside or self._stray or self._overlong)
            and packet.find(FS) == len(packet) - 2
            and packet.endswith(_END)
            and len(packet) <= self._limit
        )
        if whole:
            self._after_end = False
        return whole

    def _between(self, packet: bytes, at: int, pieces: list[Piece]) -> int:
        if self._after_end:
            self._after_end = False
            if packet[at] == _CR:
                return at + 1
        start = packet.find(VT, at)
        stop = len(packet) if start < 0 else start
        if stop > at:
            self._keep_stray(packet[at:stop], pieces)
        if start < 0:
            return stop
        self._give_up_stray(pieces)
        self._inside = True
        return start + 1

    def _within(self, packet: bytes, at: int, pieces: list[Piece]) -> int:
        if self._body or is_utf16(packet[at : at + 2]) or at + 1 == len(packet):
            return self._within_held(packet, at, pieces)
        end = packet.find(FS, at)
        if end < 0:
            return self._within_held(packet, at, pieces)
        if end - at > self._limit:
            return self._refuse(packet[at : at + STRAY_LIMIT], pieces, end)
        pieces.append(Frame(packet[at:end]))
        return self._finish(end + 1)

    def _within_held(self, packet: bytes, at: int, pieces: list[Piece]) -> int:
        held = len(self._body)
        self._body += packet[at:] if at else packet
        end, after = self._find_end()
        # A last FS of UTF-16 may be the first half of the end and is not counted yet.
        size = end if end >= 0 else len(self._body) - self._body.endswith(FS)
        if size > self._limit:
            return self._refuse(bytes(self._body[:STRAY_LIMIT]), pieces, len(packet))
        if end < 0:
            return len(packet)
        pieces.append(Frame(bytes(memoryview(self._body)[:end])))
        self._body = bytearray()
        return self._finish(at + after - held)

    def _finish(self, at: int) -> int:
        self._inside, self._after_end, self._searched = False, True, 0
        return at

    def _refuse(self, begun: bytes, pieces: list[Piece], at: int) -> int:
        pieces.append(Stray(VT + begun[: min(self._limit, STRAY_LIMIT - 1)]))
        pieces.append(Overlong(self._limit))
        self._overlong, self._inside = True, False
        self._body = bytearray()
        return at

    def _find_end(self) -> tuple[int, int]:
        """Return where the body ends and where reading goes on, or (-1, 0)."""
        if is_utf16(self._body):
            return self._find_end_of_utf16()
        end = self._body.find(FS, self._searched)
        self._searched = len(self._body)
        return (end, end + 1) if end >= 0 else (-1, 0)

    def _find_end_of_utf16(self) -> tuple[int, int]:
        end = self._body.find(_END, self._searched)
        self._searched = max(len(self._body) - 1, 0)
        return (end, end + 1) if end >= 0 else (-1, 0)

    def _keep_stray(self, content: bytes, pieces: list[Piece]) -> None:
        self._stray += content
        while len(self._stray) >= STRAY_LIMIT:
            self._give_up_stray(pieces)

    def _give_up_stray(self, pieces: list[Piece]) -> None:
        content = bytes(self._stray[:STRAY_LIMIT])
        if content.strip(_LINE_ENDS):
            pieces.append(Stray(content))
        del self._stray[:STRAY_LIMIT]
