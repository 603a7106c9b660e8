"""How the door hands FHIR requests to the writer, and what it hears: own frames, binary.

A request is 16 bytes of head (big-endian: number u64, length of the feed's name u16, of the
control u16, of the body u32), then feed, control and body. An answer is 25 bytes: number u64,
sequence u64, received i64, verdict u8. Numbers are the asking side's; answers may come in any
order. Pure: bytes in, values out; a frame may be cut anywhere.
"""

from __future__ import annotations

import struct
from enum import IntEnum

import msgspec

from wardkeep.wire.errors import HandoverBrokenError

_REQUEST = struct.Struct(">QHHI")
_ANSWER = struct.Struct(">QQqB")
# A feed's name has 64 letters at most (hospital.soundness), a control some 200.
_LONGEST_NAME, _LONGEST_CONTROL = 256, 1024


class Handed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One FHIR body on its way to the ledger; `control` as ledger.arrival.Arrival has it."""

    number: int
    feed: str
    control: bytes
    body: bytes


class Taken(IntEnum):
    """What became of a body; the first three are ledger.arrival.Verdict."""

    NEW = 0
    REPEATED = 1
    ID_REUSED = 2
    NOT_STORED = 255
    """The ledger took nothing: whoever sent it must keep it."""


class Receipt(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What the writer says of the request `number`; times in UTC microseconds."""

    number: int
    sequence: int
    received: int
    taken: Taken


def head_of(handed: Handed) -> bytes:
    """Return everything of a request's frame but its body, which follows as it is."""
    name = handed.feed.encode()
    lengths = len(name), len(handed.control), len(handed.body)
    return _REQUEST.pack(handed.number, *lengths) + name + handed.control


def receipt_frame(receipt: Receipt) -> bytes:
    """Return an answer's frame."""
    return _ANSWER.pack(receipt.number, receipt.sequence, receipt.received, receipt.taken)


class RequestReader:
    """Puts requests together from bytes as they come."""

    def __init__(self, longest_body: int) -> None:
        self._longest = longest_body
        self._held = bytearray()

    @property
    def held(self) -> int:
        """Bytes of the request that is not complete."""
        return len(self._held)

    def feed(self, data: bytes) -> list[Handed]:
        """Return the requests that `data` completes.

        Raises HandoverBrokenError where a length cannot be: nothing behind it can be read.
        """
        self._held += data
        found: list[Handed] = []
        begin = 0
        while (end := self._end(begin)) is not None:
            found.append(self._request(begin, end))
            begin = end
        del self._held[:begin]
        return found

    def _end(self, begin: int) -> int | None:
        """Return where the request that begins here ends, None while it is not whole."""
        if len(self._held) - begin < _REQUEST.size:
            return None
        _, name, control, body = _REQUEST.unpack_from(self._held, begin)
        if name > _LONGEST_NAME or control > _LONGEST_CONTROL or body > self._longest:
            raise HandoverBrokenError(f"lengths of {name}, {control} and {body} bytes")
        end = begin + _REQUEST.size + int(name + control + body)
        return end if end <= len(self._held) else None

    def _request(self, begin: int, end: int) -> Handed:
        number, name_length, control_length, _ = _REQUEST.unpack_from(self._held, begin)
        name = begin + _REQUEST.size
        control, body = name + name_length, name + name_length + control_length
        with memoryview(self._held) as held:
            try:
                feed = str(held[name:control], "utf-8")
            except UnicodeDecodeError as fault:
                raise HandoverBrokenError("a feed's name is not UTF-8") from fault
            return Handed(number, feed, bytes(held[control:body]), bytes(held[body:end]))


class ReceiptReader:
    """Puts answers together from bytes as they come."""

    def __init__(self) -> None:
        self._held = b""

    def feed(self, data: bytes) -> list[Receipt]:
        """Return the answers that `data` completes; raises HandoverBrokenError."""
        held = self._held + data
        whole = len(held) - len(held) % _ANSWER.size
        self._held = held[whole:]
        try:
            return [
                Receipt(number, sequence, received, Taken(taken))
                for number, sequence, received, taken in _ANSWER.iter_unpack(held[:whole])
            ]
        except ValueError as fault:
            raise HandoverBrokenError(f"an answer that is none: {fault}") from fault
