"""How the door hands FHIR requests to the writer, and what it hears: own frames, binary.

A request is 18 bytes of head (big-endian: number u64, length of the feed's name u16, of the
control u16, of who sent it u16, of the body u32), then feed, control, who and body. An answer
is 25 bytes: number u64, sequence u64, received i64, verdict u8. Numbers are the asking side's;
answers may come in any order. Pure: bytes in, values out; a frame may be cut anywhere.
"""

from __future__ import annotations

import struct
from enum import IntEnum
from functools import lru_cache

import msgspec

from wardkeep.wire.errors import HandoverBrokenError

_REQUEST = struct.Struct(">QHHHI")
_ANSWER = struct.Struct(">QQqB")
# A feed's name has 64 letters at most (hospital.soundness), a control some 200.
_LONGEST_NAME, _LONGEST_CONTROL, _LONGEST_SHOWN = 256, 1024, 1024
# RFC 20, 4.1: the unit separator; no name of ours holds one.
_BETWEEN = "\x1f"
_LONGEST_PART = 80


class Handed(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One FHIR body on its way to the ledger; `control` as ledger.arrival.Arrival has it."""

    number: int
    feed: str
    control: bytes
    body: bytes
    shown: bytes = b""
    """Who sent it, as `shown_by` says; empty where nobody is to be remembered."""


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


@lru_cache(maxsize=1024)
def shown_by(address: str, token: str, kind: str) -> bytes:
    """Return what a request showed of its sender: address, name of its token, kind of body."""
    parts = (each.replace(_BETWEEN, " ")[:_LONGEST_PART] for each in (address, token, kind))
    return _BETWEEN.join(parts).encode("utf-8", "replace")


def who(shown: bytes) -> tuple[str, str, str]:
    """Return address, name of the token and kind of body; empty where they were not shown."""
    address, _, rest = shown.decode("utf-8", "replace").partition(_BETWEEN)
    token, _, kind = rest.partition(_BETWEEN)
    return address, token, kind


def head_of(handed: Handed) -> bytes:
    """Return everything of a request's frame but its body, which follows as it is."""
    name = handed.feed.encode()
    lengths = len(name), len(handed.control), len(handed.shown), len(handed.body)
    return _REQUEST.pack(handed.number, *lengths) + name + handed.control + handed.shown


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
        _, *lengths = _REQUEST.unpack_from(self._held, begin)
        limits = (_LONGEST_NAME, _LONGEST_CONTROL, _LONGEST_SHOWN, self._longest)
        if any(length > limit for length, limit in zip(lengths, limits, strict=True)):
            raise HandoverBrokenError(f"lengths of {lengths} bytes")
        end = begin + _REQUEST.size + sum(lengths)
        return end if end <= len(self._held) else None

    def _request(self, begin: int, end: int) -> Handed:
        number, name_length, control_length, shown_length, _ = _REQUEST.unpack_from(
            self._held, begin
        )
        name = begin + _REQUEST.size
        control = name + name_length
        shown = control + control_length
        body = shown + shown_length
        with memoryview(self._held) as held:
            try:
                feed = str(held[name:control], "utf-8")
            except UnicodeDecodeError as fault:
                raise HandoverBrokenError("a feed's name is not UTF-8") from fault
            named, said = bytes(held[control:shown]), bytes(held[shown:body])
            return Handed(number, feed, named, bytes(held[body:end]), said)


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
