r"""A frame's bytes as messages: charset, separators, delimiters and batches resolved.

Rules kept here:
- Delimiters come from MSH-1 and MSH-2. Fields are handed out with the usual ones (`|^~\&`), so
  that nobody above has to know; what the sender wrote as data is escaped.
- Segments end with CR. Files with LF or CRLF are read too; in a frame that has CRs, an LF
  begins a segment only where a segment name follows it, else it is text of the field before.
- FHS, BHS, BTS and FTS wrap many messages; their counts are compared. ADD continues the segment
  before it. DSC says that more follows in another message, which is told and not joined.
- A line that no field separator follows after three letters is text of the line before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wardkeep.wire.hl7v2.charsets import DAMAGED, decode
from wardkeep.wire.hl7v2.errors import UnreadableMessageError
from wardkeep.wire.hl7v2.escapes import respell_hexadecimal
from wardkeep.wire.hl7v2.segment import Segment, components, part

_USUAL = "|^~\\&"
_ESCAPES = {"|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "\\": "\\E\\", "&": "\\T\\"}
_ENVELOPES = ("FHS", "BHS", "BTS", "FTS")
_UNUSUAL = frozenset(("MSH", "DSC", "ADD", *_ENVELOPES))
_OUTSIDE = "text outside any message"
_CONTINUED = "a message continued in another one (DSC): read without its rest"
_LOST_LETTERS = "letters that are broken: not the charset that the message says"
_TYPELESS = "no message type (MSH-9)"
_HEXADECIMAL_AS_READ = {"ascii", "utf-8", DAMAGED, "cp1252", "latin-1"}
"""Charsets in which `unescape` reads hexadecimal data without being told."""
SEGMENT_LIMIT, FIELD_LIMIT = 1_000_000, 4_000_000
"""Most line ends and field separators of one frame: a batch of 64 MB of real messages has half
of them; split into millions of pieces, 64 MB of hostile bytes would take gigabytes."""
_HARMLESS = 4 * 1024 * 1024
_NAME = 3
_SEGMENT_START = re.compile(r"[A-Z][A-Z0-9]{2}(?![A-Za-z0-9])")
_LINE_FEED = re.compile(rf"\n(?={_SEGMENT_START.pattern})")
"""A line feed at which a segment begins: senders that mix separators."""
_PADDING = "\n\x0b\x1c\x00\ufeff"
_BLANK = _PADDING + " \t"


class Message:
    """One HL7 v2 message: its segments, MSH first; `codec` is what it was read with."""

    __slots__ = ("codec", "header", "segments")

    def __init__(self, segments: list[Segment], codec: str) -> None:
        self.segments = segments
        self.header = segments[0]
        self.codec = codec

    @property
    def code(self) -> str:
        """MSH-9.1, the message type."""
        return self.type_and_trigger()[0]

    @property
    def trigger(self) -> str:
        """MSH-9.2, the trigger event; of "ADT_A01" written alone, what follows the line."""
        return self.type_and_trigger()[1]

    def type_and_trigger(self) -> tuple[str, str]:
        """Return MSH-9.1 and MSH-9.2."""
        found = components(self.header.raw(9))
        code, trigger = part(found, 1), part(found, 2)
        if not trigger:
            code, _, trigger = code.partition("_")
        return code, trigger

    def named(self, name: str) -> Iterator[Segment]:
        """Yield the segments of a name, in order."""
        return (segment for segment in self.segments if segment.name == name)

    def one(self, name: str) -> Segment | None:
        """Return the first segment of a name, or None."""
        for segment in self.segments:
            if segment.name == name:
                return segment
        return None


class Frame:
    """The messages of one frame or file, and what is odd about their envelope."""

    __slots__ = ("messages", "oddities")

    def __init__(self, messages: list[Message], oddities: list[str]) -> None:
        self.messages = messages
        self.oddities = oddities


def read_frame(body: bytes) -> Frame:
    """Return the messages in a frame or file; an empty batch has none.

    Raises UnreadableMessageError if there is no MSH, its delimiters cannot be told, or there
    are more than SEGMENT_LIMIT segments or FIELD_LIMIT fields.
    """
    if len(body) > _HARMLESS:
        _refuse_hostile(body)
    text, codec = decode(body)
    usual = text.startswith("MSH|^~\\&|") and "\n" not in text
    message = _plain_message(text, codec) if usual else None
    frame = Frame([message], []) if message else _read_lines(_lines(text), codec)
    if codec not in _HEXADECIMAL_AS_READ:
        _respell(frame, codec)
    if codec == DAMAGED:
        frame.oddities.append(_LOST_LETTERS)
    if not all(each.header.raw(9) for each in frame.messages):
        frame.oddities.append(_TYPELESS)
    return frame


def _refuse_hostile(body: bytes) -> None:
    if body.count(b"\r") + body.count(b"\n") > SEGMENT_LIMIT:
        raise UnreadableMessageError(f"more than {SEGMENT_LIMIT} segments in one frame")
    header = body.find(b"MSH")
    if header >= 0 and body.count(body[header + _NAME : header + _NAME + 1]) > FIELD_LIMIT:
        raise UnreadableMessageError(f"more than {FIELD_LIMIT} fields in one frame")


def _plain_message(text: str, codec: str) -> Message | None:
    """Read the usual case, one message, usual delimiters, CR alone; None if it is another."""
    first, *lines = text.split("\r")
    fields = first.split("|")
    fields.insert(1, "|")
    segments = [Segment("MSH", fields)]
    for line in lines:
        fields = line.split("|")
        name = fields[0]
        if len(name) == 3 and name not in _UNUSUAL:  # noqa: PLR2004  (a global is slower)
            segments.append(Segment(name, fields))
        elif name in _UNUSUAL or line.strip(_BLANK):
            return None
    return Message(segments, codec)


def _read_lines(lines: list[str], codec: str) -> Frame:
    drafts: list[_Draft] = []
    envelopes: list[str] = []
    open_draft: _Draft | None = None
    outside = False
    for line in lines:
        bare = line.lstrip(" \t")
        if bare.startswith("MSH") and _is_separator(bare[_NAME : _NAME + 1]):
            open_draft = _Draft(bare)
            drafts.append(open_draft)
        elif bare.startswith(_ENVELOPES) and not bare[_NAME : _NAME + 1].isalnum():
            envelopes.append(bare)
            open_draft = None
        elif open_draft is not None:
            open_draft.add(line, bare)
        else:
            outside = outside or bool(drafts)
    if not drafts and not envelopes:
        cut = any(line.startswith("MSH") for line in lines)
        raise UnreadableMessageError("MSH without delimiters" if cut else "no MSH segment")
    messages = [draft.message(codec) for draft in drafts]
    oddities = [_OUTSIDE] if outside else []
    oddities += _miscounted(envelopes, len(messages))
    oddities += [_CONTINUED for message in messages if _is_continued(message)]
    return Frame(messages, oddities)


class _Draft:
    """A message whose lines are still put together: a line that begins no segment is text.

    Lines are joined once, at the end: a hostile message of millions of them must not be copied
    for each.
    """

    def __init__(self, header: str) -> None:
        self._separator = header[_NAME]
        self._groups = [[header]]

    def add(self, line: str, bare: str) -> None:
        name = bare[:_NAME]
        named = len(name) == _NAME and name.isalnum()
        if not named or bare[_NAME : _NAME + 1] not in ("", self._separator):
            self._groups[-1] += "\n", line
        elif name == "ADD" and len(self._groups) > 1:
            self._groups[-1].append(bare[_NAME + 1 :])
        else:
            self._groups.append([bare])

    def message(self, codec: str) -> Message:
        segments = []
        for group in self._groups:
            fields = "".join(group).split(self._separator)
            segments.append(Segment(fields[0], fields))
        segments[0].fields.insert(1, self._separator)
        message = Message(segments, codec)
        _make_usual(message)
        return message


def _is_continued(message: Message) -> bool:
    return any(segment.name == "DSC" and segment.first(1) for segment in message.segments)


def _is_separator(char: str) -> bool:
    return bool(char) and not char.isalnum() and not char.isspace()


def _miscounted(envelopes: list[str], messages: int) -> list[str]:
    """Compare BTS-1 (messages of all batches) and FTS-1 (batches) with what was there."""
    batches = [line for line in envelopes if line.startswith("BTS")]
    told = [count for line in batches if (count := _count(line)) is not None]
    found = []
    if told and len(told) == len(batches) and sum(told) != messages:
        found.append("a batch that holds another number of messages than BTS-1 says")
    files = [_count(line) for line in envelopes if line.startswith("FTS")]
    if any(count not in (None, len(batches)) for count in files):
        found.append("a file that holds another number of batches than FTS-1 says")
    return found


def _count(line: str) -> int | None:
    number = line[_NAME + 1 :].split(line[_NAME : _NAME + 1] or "|", maxsplit=1)[0].strip()
    return int(number) if number.isdecimal() and number.isascii() else None


def _lines(text: str) -> list[str]:
    """Split at CR where any segment ends so, else at LF; a lone LF in a field is text then."""
    if "\r" in text.rstrip("\r\n") and _SEGMENT_START.match(
        text.partition("\r")[2].lstrip("\n\r")
    ):
        lines = text.replace("\r\n", "\r").split("\r")
        if any("\n" in line for line in lines):
            lines = [piece for line in lines for piece in _LINE_FEED.split(line)]
    else:
        lines = text.replace("\r", "\n").split("\n")
    return [kept for line in lines if (kept := line.strip(_PADDING)) and not kept.isspace()]


def _make_usual(message: Message) -> None:
    header = message.header.fields
    sent = (header[1] + header[2] + _USUAL[1 + len(header[2]) :])[: len(_USUAL)]
    if sent == _USUAL:
        return
    table = {ord(char): _ESCAPES[char] for char in _USUAL if char not in sent}
    table |= {ord(mine): usual for mine, usual in zip(sent[1:], _USUAL[1:], strict=True)}
    for segment in message.segments:
        fields = segment.fields
        begin = _NAME if segment is message.header else 1
        fields[begin:] = [field.translate(table) for field in fields[begin:]]


def _respell(frame: Frame, codec: str) -> None:
    for message in frame.messages:
        for segment in message.segments:
            segment.fields = [respell_hexadecimal(field, codec) for field in segment.fields]
