"""What a sender is answered: header fields read as bytes, and acknowledgements made of them.

Rules (HL7 v2.5.1 chapter 2, sections 2.9 and 2.10.3; v2.9 table 0155):

- MSH-15 and MSH-16 both empty or null is original mode: AA. Otherwise enhanced mode: CA where
  MSH-15 is AL or SU, and AA in addition where MSH-16 is AL or SU and the feed wants application
  answers. A value of MSH-15 that table 0155 does not know gets CA: better one answer too many
  than a sender that waits for ever.
- MSA-2 is MSH-10 byte for byte, in the sender's characters and delimiters; sender and receiver
  change places. Nothing is ever refused for its content: what cannot be read is answered too.
- An answer depends on its arguments alone, so that a duplicate gets the first answer again.
- A batch (FHS or BHS) is answered by a batch.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
from functools import lru_cache

import msgspec

from wardkeep.kernel.times import SECOND

HEADER_LIMIT = 64 * 1024
"""Bytes of a header that are looked at; an answer echoes no more."""
BATCH_LIMIT = 100_000
"""Messages of one batch that are answered one by one: a hostile batch must not fill memory."""
_SEPARATOR = b"|"
_ENCODING = b"^~\\&"
_FIELDS = 19
_LAST = 18
_CONTROL = 10
_BATCHES = (b"FHS", b"BHS")
_PLAIN = (b"AA",)
# A sender's messages differ in little else, and making this was half of an answer's cost. What
# a hostile sender invents must not fill the memory.
_SHORT, _KEPT = 1_024, 4_096
_made: dict[
    tuple[bytes, bytes, bytes, tuple[bytes, ...], bytes, tuple[bytes, ...]],
    tuple[bytes, bytes, bytes],
] = {}
_ACCEPT, _APPLY = 15, 16
_NOTHING = (b"",) * _FIELDS
_LONE = re.compile(rb"(?:\A|[\r\n])(?:\xef\xbb\xbf)?[ \t]*(?=MSH|FHS|BHS)")
_MESSAGES = re.compile(rb"(?:\A|[\r\n])[ \t]*(MSH[^\r\n]*)")
_RECEIPTS = re.compile(rb"[\r\n][ \t]*(MSA[^\r\n]*)")
_NOT_ASCII = bytes(range(0x80, 0x100))
_WANTED = (b"AL", b"SU")
_NOT_VALUED = (b"", b'""')
_NO_ACCEPT = (*_NOT_VALUED, b"NE", b"ER")
_MARKS = {b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}
_EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)


class Header(msgspec.Struct, frozen=True, gc=False):
    """The first segment of a message or batch.

    `kind` is MSH, FHS, BHS, or empty where the bytes have no header. `fields[n]` is field n;
    UTF-16 was brought to UTF-8 for it and `codec` says from what (else empty), `mark` its byte
    order mark where it had one. `batch` holds the MSH headers inside a batch.
    """

    kind: bytes
    separator: bytes
    encoding: bytes
    fields: tuple[bytes, ...]
    codec: str = ""
    mark: bytes = b""
    batch: tuple[Header, ...] = ()

    def field(self, number: int) -> bytes:
        """Return field `number` as sent, empty where there is none."""
        return self.fields[number] if number < len(self.fields) else b""

    def _sent(self, number: int) -> bytes:
        text = self.field(number)
        return text if not self.codec else _from_utf8(text, self.codec)

    def names(self) -> tuple[bytes, bytes, bytes]:
        """Return application, facility and control."""
        if self.kind == b"MSH" and not self.codec and len(self.fields) > _CONTROL:
            return self.fields[3], self.fields[4], self.fields[_CONTROL]
        return self.application, self.facility, self.control

    @property
    def application(self) -> bytes:
        """MSH-3 (FHS-3, BHS-3), byte for byte as sent."""
        return self._sent(3)

    @property
    def facility(self) -> bytes:
        """MSH-4 (FHS-4, BHS-4), byte for byte as sent."""
        return self._sent(4)

    @property
    def control(self) -> bytes:
        """MSH-10 (FHS-11, BHS-11), byte for byte as sent."""
        return self._sent(_CONTROL if self.kind == b"MSH" else 11)


def header_of(body: bytes) -> Header:
    """Return the header of a frame's body; any bytes have one, if only an empty one."""
    if body.startswith(b"MSH"):
        return _header(body, "")
    codec, mark = _codec(body), body[:2] if body[:2] in _MARKS else b""
    if codec:
        body = _to_utf8(body, codec)
    start = _LONE.search(body, 0, HEADER_LIMIT)
    if start is None:
        return Header(b"", _SEPARATOR, _ENCODING, (), codec, mark)
    body = body[start.end() :]
    header = _header(body, codec)
    batch = () if header.kind == b"MSH" else _messages(body, codec)
    return msgspec.structs.replace(header, mark=mark, batch=batch) if mark or batch else header


def answer(
    header: Header, received: int, sequence: int, *, application_ack: bool = True
) -> list[bytes]:
    """Return the bodies to answer with, in order; none where the sender wants none.

    `received` (UTC microseconds) and `sequence` are the first arrival's, also for a duplicate.
    """
    if header.batch or header.kind in _BATCHES:
        return _batch_answer(header, received, sequence, application_ack=application_ack)
    control, answers = b"WK%d" % sequence, []
    for code in _codes(header, application_ack=application_ack):
        made = _acknowledgement(header, code, received, control)
        answers.append(_sealed(made, header) if header.codec else made)
    return answers


def answers_wanted(header: Header) -> int:
    """Return how many answers a message or batch asks for: none, one, or accept and apply."""
    if header.kind != b"MSH":
        return 1 if not header.batch or any(map(answers_wanted, header.batch)) else 0
    return len(_codes(header, application_ack=True))


def receipts(body: bytes) -> list[tuple[bytes, bytes]]:
    """Return code (MSA-1) and control id (MSA-2, as sent) of each receipt in an answer."""
    header = header_of(body)
    plain = _to_utf8(body, header.codec) if header.codec else body
    found: list[tuple[bytes, bytes]] = []
    for line in _RECEIPTS.findall(plain):
        fields = [*line.split(header.separator, 3), b"", b""]
        control = _from_utf8(fields[2], header.codec) if header.codec else fields[2]
        found.append((fields[1], control))
    return found


def _header(body: bytes, codec: str) -> Header:
    end = body.find(b"\r", 0, HEADER_LIMIT)
    # A cut must not leave half a letter of what was UTF-16.
    line = body[:end] if end >= 0 else body[:HEADER_LIMIT].rstrip(_NOT_ASCII if codec else b"")
    feed = line.find(b"\n")
    if feed >= 0:
        line = line[:feed]
    # A letter of what was UTF-16 may be of several bytes here.
    separator = line[3 : 3 + _length(line[3:4])] if codec else line[3:4]
    if not separator:
        return Header(line[:3], _SEPARATOR, _ENCODING, (), codec)
    # MSH-1 is the separator itself, so the first piece stands for it and numbers agree.
    fields = line.split(separator, _FIELDS)
    return Header(line[:3], separator, fields[1] or _ENCODING, (b"", *fields), codec)


def _length(lead: bytes) -> int:
    """Return the bytes of the UTF-8 letter that begins so (RFC 3629, section 3)."""
    return 1 + sum(lead >= first for first in (b"\xc0", b"\xe0", b"\xf0"))


def _messages(body: bytes, codec: str) -> tuple[Header, ...]:
    found = itertools.islice(_MESSAGES.finditer(body), BATCH_LIMIT)
    return tuple(_header(each[1], codec) for each in found)


def _codes(header: Header, *, application_ack: bool) -> tuple[bytes, ...]:
    fields = header.fields
    if len(fields) <= _ACCEPT:
        return _PLAIN
    accepting, applying = fields[_ACCEPT], header.field(_APPLY)
    if accepting in _NOT_VALUED and applying in _NOT_VALUED:
        return _PLAIN
    accept = () if accepting in _NO_ACCEPT else (b"CA",)
    applied = (b"AA",) if application_ack and applying in _WANTED else ()
    return accept + applied


def _acknowledgement(header: Header, code: bytes, received: int, control: bytes) -> bytes:
    if not header.fields:
        return b"MSH|^~\\&|||||%b||ACK|%b%b|P|2.5\rMSA|%b|\r" % (
            _stamp(received // SECOND),
            control,
            code[:1],
            code,
        )
    fields = header.fields
    if len(fields) <= _LAST:
        fields = (*fields, *_NOTHING[len(fields) :])
    key = (header.separator, header.encoding, code, fields[3:7], fields[9], fields[11:19])
    before, between, after = _made.get(key) or _make(*key)
    stamp = _stamp(received // SECOND)
    return b"%b%b%b%b%b%b\r" % (before, stamp, between, control, after, fields[10])


def _make(
    separator: bytes,
    encoding: bytes,
    code: bytes,
    parties: tuple[bytes, ...],
    kind: bytes,
    rest: tuple[bytes, ...],
) -> tuple[bytes, bytes, bytes]:
    """Return an answer's bytes before its time, its own control id and the one it answers.

    `parties` are MSH-3 to 6, `rest` MSH-11 to 18.
    """
    application, facility, to_application, to_facility = parties
    addresses = (to_application, to_facility, application, facility)
    before = separator.join((b"MSH", encoding, *addresses, b""))
    between = separator.join((b"", b"", _kind(kind, encoding[:1]), b""))
    version = (code[:1] + separator + rest[0], rest[1], b"", b"", b"", b"", b"", rest[7])
    after = b"%b\r%b" % (
        separator.join(version).rstrip(separator),
        separator.join((b"MSA", code, b"")),
    )
    if len(before) + len(between) + len(after) <= _SHORT:
        if len(_made) >= _KEPT:
            _made.clear()
        _made[separator, encoding, code, parties, kind, rest] = before, between, after
    return before, between, after


def _kind(sent: bytes, component: bytes) -> bytes:
    """Return MSH-9: ACK with the trigger event of the message answered, where it has one."""
    trigger = sent.split(component, 2)[1:2]
    return component.join((b"ACK", *trigger, b"ACK")) if any(trigger) else b"ACK"


def _batch_answer(
    header: Header, received: int, sequence: int, *, application_ack: bool
) -> list[bytes]:
    answers = [
        _acknowledgement(each, code, received, b"WK%d.%d" % (sequence, number))
        for number, each in enumerate(header.batch, 1)
        for code in _codes(each, application_ack=application_ack)
    ]
    if header.batch and not answers:
        return []
    separator = header.separator
    opening = _batch_opening(header, received, b"WK%d" % sequence)
    count = b"%d" % len(answers)
    lines = [b"BHS" + opening, *answers, separator.join((b"BTS", count)) + b"\r"]
    if header.kind == b"FHS":
        lines = [b"FHS" + opening, *lines, separator.join((b"FTS", b"1")) + b"\r"]
    return [_sealed(b"".join(lines), header)]


def _batch_opening(header: Header, received: int, control: bytes) -> bytes:
    field = header.field
    return (
        header.separator.join(
            (
                b"",
                header.encoding,
                field(5),
                field(6),
                field(3),
                field(4),
                _stamp(received // SECOND),
                b"",
                b"",
                b"",
                control,
                field(11),
            )
        )
        + b"\r"
    )


def _sealed(text: bytes, header: Header) -> bytes:
    return text if not header.codec else header.mark + _from_utf8(text, header.codec)


@lru_cache(maxsize=64)
def _stamp(second: int) -> bytes:
    """Return UTC seconds as an HL7 time with its offset."""
    moment = _EPOCH + dt.timedelta(seconds=second)
    return moment.strftime("%Y%m%d%H%M%S+0000").encode()


def _codec(body: bytes) -> str:
    if (marked := _MARKS.get(body[:2])) is not None:
        return marked
    if body[1:2] == b"\0":
        return "utf-16-le"
    return "utf-16-be" if body[:1] == b"\0" else ""


def _to_utf8(body: bytes, codec: str) -> bytes:
    whole = body[: len(body) // 2 * 2]
    return whole.decode(codec, "surrogatepass").encode("utf-8", "surrogatepass")


def _from_utf8(text: bytes, codec: str) -> bytes:
    # Answers are cut at bytes: half a letter in them is a sender's odd delimiter, no reason to
    # leave it without its answer.
    try:
        letters = text.decode("utf-8", "surrogatepass")
    except UnicodeDecodeError:
        letters = text.decode("utf-8", "replace")
    return letters.encode(codec, "surrogatepass")
