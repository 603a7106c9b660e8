"""A message's bytes as segments: charset, delimiters and batches resolved, nothing interpreted."""

from __future__ import annotations

import re
from collections.abc import Iterator

from wardkeep.chart.reading.er7 import Segment, components, part

_USUAL = "|^~\\&"
_NAMES = {"|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "\\": "\\E\\", "&": "\\T\\"}
_ENVELOPES = ("FHS", "BHS", "BTS", "FTS")
_CHARSETS = {
    "": "", "ASCII": "", "UNICODE UTF-8": "utf-8", "UTF-8": "utf-8", "UNICODE": "utf-8",
    "8859/1": "cp1252", "ISO8859-1": "cp1252", "ISO-8859-1": "cp1252", "8859/15": "iso8859-15",
    "8859/2": "iso8859-2", "8859/9": "iso8859-9", "CP1252": "cp1252", "WINDOWS-1252": "cp1252",
    "UNICODE UTF-16": "utf-16",
}  # fmt: skip
_SEGMENT_START = re.compile(r"[A-Z][A-Z0-9]{2}(?:$|[^A-Za-z0-9])")


class UnreadableError(Exception):
    """The bytes are no HL7 v2 message; the reason holds no patient's data."""


class Message:
    """One HL7 v2 message: its segments in order, MSH first."""

    __slots__ = ("header", "segments")

    def __init__(self, segments: list[Segment]) -> None:
        self.segments = segments
        self.header = segments[0]

    @property
    def code(self) -> str:
        """MSH-9.1, the message type."""
        return part(components(self.header.raw(9)), 1)

    @property
    def trigger(self) -> str:
        """MSH-9.2, the trigger event; of "ADT_A01" written alone, what follows the line."""
        found = components(self.header.raw(9))
        trigger = part(found, 2)
        return trigger or (found[0].partition("_")[2] if found else "")

    def named(self, name: str) -> Iterator[Segment]:
        """Yield the segments of a name, in order."""
        return (segment for segment in self.segments if segment.name == name)

    def one(self, name: str) -> Segment | None:
        """Return the first segment of a name."""
        for segment in self.segments:
            if segment.name == name:
                return segment
        return None


def messages_of(body: bytes) -> list[Message]:
    """Return the messages in a frame or file, envelopes of batches left aside.

    Raises UnreadableError if there is no MSH or its delimiters cannot be told.
    """
    text = _decoded(body)
    lines = _lines(text)
    messages: list[Message] = []
    segments: list[Segment] | None = None
    for line in lines:
        if line.startswith("MSH"):
            segments = []
            messages.append(_begun(line, segments))
        elif segments is not None and not line.startswith(_ENVELOPES):
            separator = segments[0].fields[1]
            _add(segments, line, separator)
    if not messages:
        raise UnreadableError("no MSH segment")
    for message in messages:
        _make_usual(message)
    return messages


def _begun(line: str, segments: list[Segment]) -> Message:
    if len(line) < 8 or line[3].isalnum():
        raise UnreadableError("MSH without delimiters")
    separator = line[3]
    fields = line.split(separator)
    segments.append(Segment("MSH", ["MSH", separator, *fields[1:]]))
    return Message(segments)


def _add(segments: list[Segment], line: str, separator: str) -> None:
    if len(line) > 3 and line[3] != separator:
        previous = segments[-1].fields
        previous[-1] += "\n" + line
        return
    fields = line.split(separator)
    segments.append(Segment(fields[0], fields))


def _lines(text: str) -> list[str]:
    """Split at CR where any segment ends so, else at LF; a lone LF in OBX-5 is text then."""
    if "\r" in text and _SEGMENT_START.match(text.partition("\r")[2].lstrip("\n")):
        lines = text.replace("\r\n", "\r").split("\r")
        if any("\n" in line for line in lines):
            lines = [piece for line in lines for piece in _pieces(line)]
    else:
        lines = text.replace("\r", "").split("\n")
    return [stripped for line in lines if (stripped := line.strip("\n\x0b\x1c\x00\ufeff"))]


def _pieces(line: str) -> list[str]:
    """Split a line at LFs that begin a segment: senders that mix separators."""
    pieces: list[str] = []
    for piece in line.split("\n"):
        if not pieces or _SEGMENT_START.match(piece):
            pieces.append(piece)
        else:
            pieces[-1] += "\n" + piece
    return pieces


def _decoded(body: bytes) -> str:
    declared = _declared(body)
    if body[:2] in (b"\xff\xfe", b"\xfe\xff") or b"M\x00S\x00H\x00" in body[:16]:
        return body.decode("utf-16", "replace")
    for charset in (declared, "utf-8", "cp1252"):
        if charset:
            try:
                return body.decode(charset)
            except UnicodeDecodeError:
                continue
    return body.decode("latin-1")


def _declared(body: bytes) -> str:
    """Return the codec of MSH-18, read as bytes before anything is decoded."""
    start = body.find(b"MSH")
    if start < 0 or len(body) < start + 8:
        return ""
    header = re.split(rb"[\r\n]", body[start : start + 4096], maxsplit=1)[0]
    fields = header.split(header[3:4])
    if len(fields) < 18:
        return ""
    name = fields[17].split(header[5:6])[0].split(header[4:5])[0]
    return _CHARSETS.get(name.decode("ascii", "replace").strip().upper(), "")


def _make_usual(message: Message) -> None:
    header = message.header.fields
    sent = (header[1] + header[2] + "^~\\&"[len(header[2]) :])[:5]
    if sent == _USUAL or len(header[2]) < 1:
        return
    table = {ord(char): _NAMES[char] for char in _USUAL if char not in sent}
    table |= {ord(mine): usual for mine, usual in zip(sent[1:], _USUAL[1:], strict=True)}
    for segment in message.segments:
        fields = segment.fields
        begin = 3 if segment is message.header else 1
        fields[begin:] = [field.translate(table) for field in fields[begin:]]
