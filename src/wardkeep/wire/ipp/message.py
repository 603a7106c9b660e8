"""IPP messages, bytes to values and back (RFC 8010, 3).

A message is an operation or status, a number and groups of attributes; the document follows.
Rules kept here:
- Every length is checked against the bytes that are there, every count against a limit: what a
  printer answers is as hostile as any other text from outside.
- Collections are read past and handed on as their bytes: nothing here needs one.
- An answer that is cut short, or says more than the limits, raises IppAnswerError.
"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from enum import IntEnum

import msgspec

from wardkeep.wire.errors import IppAnswerError

LARGEST_ANSWER = 1024 * 1024
"""Bytes of an answer: thousands of jobs fit; a printer's own description has about 10 kB."""
_MOST_VALUES = 50_000
_HEAD = struct.Struct(">BBHI")
_LENGTH = struct.Struct(">H")
_INTEGER = struct.Struct(">i")
_LONGEST = 0xFFFF


class Group(IntEnum):
    """Tags that begin a group of attributes (RFC 8010, 3.5.1)."""

    OPERATION = 0x01
    JOB = 0x02
    END = 0x03
    PRINTER = 0x04
    UNSUPPORTED = 0x05


class Tag(IntEnum):
    """Tags of the values that are used here (RFC 8010, 3.5.2)."""

    INTEGER = 0x21
    BOOLEAN = 0x22
    ENUM = 0x23
    TEXT = 0x41
    NAME = 0x42
    KEYWORD = 0x44
    URI = 0x45
    CHARSET = 0x47
    LANGUAGE = 0x48
    MIME = 0x49


_FIRST_VALUE = 0x10
"""Tags below it begin groups; those from it on are values, out-of-band ones among them."""
_OUT_OF_BAND = range(0x10, 0x20)
_WITH_LANGUAGE = {0x35, 0x36}
_WORDS = range(0x40, 0x60)

Value = int | bool | str | bytes | None
"""What a value is read as: None where a printer says that it does not know."""


class Attribute(msgspec.Struct, frozen=True):
    """One attribute to send: its name, the tag of its values and the values."""

    name: str
    tag: Tag
    values: tuple[int | bool | str, ...]


class Answer(msgspec.Struct, frozen=True):
    """What a printer answered: its status and each group's attributes, in order.

    A group is its tag's number and the values by name.
    """

    status: int
    request: int
    groups: tuple[tuple[int, dict[str, tuple[Value, ...]]], ...]

    @property
    def succeeded(self) -> bool:
        """Whether the printer did what was asked (RFC 8011, B.1.1: below 0x0100)."""
        return self.status < 0x0100  # noqa: PLR2004  the RFC's own number

    def of(self, group: Group) -> list[dict[str, tuple[Value, ...]]]:
        """Return every group of a kind, as of one for each job."""
        return [values for tag, values in self.groups if tag == group]


def encode(
    operation: int,
    request: int,
    groups: Sequence[tuple[Group, Sequence[Attribute]]],
    document: bytes = b"",
) -> bytes:
    """Return a request of IPP/1.1, which every printer takes; raises ValueError if too long."""
    parts = [_HEAD.pack(1, 1, operation, request)]
    for group, attributes in groups:
        parts.append(bytes((group,)))
        parts += [_attribute(each) for each in attributes]
    return b"".join([*parts, bytes((Group.END,)), document])


def _attribute(attribute: Attribute) -> bytes:
    name, parts = attribute.name.encode("ascii"), []
    for value in attribute.values:
        content = _value(value)
        if len(name) > _LONGEST or len(content) > _LONGEST:
            raise ValueError(f"{attribute.name} is too long for IPP")
        parts.append(bytes((attribute.tag,)) + _LENGTH.pack(len(name)) + name)
        parts.append(_LENGTH.pack(len(content)) + content)
        name = b""  # RFC 8010, 3.1.5: further values of the same attribute have no name
    return b"".join(parts)


def _value(value: int | bool | str) -> bytes:  # noqa: FBT001  a boolean is a value here
    if isinstance(value, bool):
        return bytes((value,))
    return _INTEGER.pack(value) if isinstance(value, int) else value.encode()


def decode(answer: bytes) -> Answer:
    """Return what an answer says; raises IppAnswerError where it is no answer of IPP."""
    if len(answer) > LARGEST_ANSWER:
        raise IppAnswerError(f"an answer of {len(answer)} bytes is too long")
    reader = _Reader(answer)
    _, _, status, request = _HEAD.unpack(reader.take(_HEAD.size))
    groups: list[tuple[int, dict[str, tuple[Value, ...]]]] = []
    name = ""
    for _ in range(_MOST_VALUES):
        tag = reader.take(1)[0]
        if tag == Group.END:
            return Answer(status, request, tuple(groups))
        if tag < _FIRST_VALUE:
            groups.append((tag, {}))
            name = ""
            continue
        name = _read(reader, tag, name, groups)
    raise IppAnswerError("an answer with too many values")


def _read(
    reader: _Reader, tag: int, name: str, groups: list[tuple[int, dict[str, tuple[Value, ...]]]]
) -> str:
    """Take one value into the last group; return the name it has, its own or the last one."""
    own = reader.take(reader.length()).decode("ascii", "replace")
    content = reader.take(reader.length())
    if not groups:
        raise IppAnswerError("a value before any group")
    name = own or name
    known = groups[-1][1]
    # Members of a collection have no name of their own and would run into its attribute.
    if own or not isinstance(_last(known.get(name)), bytes):
        known[name] = (*known.get(name, ()), _decoded(tag, content))
    return name


def _last(values: tuple[Value, ...] | None) -> Value:
    return values[-1] if values else None


def _decoded(tag: int, content: bytes) -> Value:
    if tag in _OUT_OF_BAND:
        return None
    if tag in {Tag.INTEGER, Tag.ENUM} and len(content) == _INTEGER.size:
        return int(_INTEGER.unpack(content)[0])
    if tag == Tag.BOOLEAN and len(content) == 1:
        return content != b"\0"
    if tag in _WITH_LANGUAGE:
        return _without_language(content)
    return content.decode("utf-8", "replace") if tag in _WORDS else content


def _without_language(content: bytes) -> str:
    """Return the text of a value that names its language (RFC 8010, 3.9)."""
    reader = _Reader(content)
    reader.take(reader.length())
    return reader.take(reader.length()).decode("utf-8", "replace")


class _Reader:
    """Takes bytes off an answer; raises IppAnswerError where it ends too soon."""

    def __init__(self, content: bytes) -> None:
        self._content, self._at = content, 0

    def take(self, count: int) -> bytes:
        taken = self._content[self._at : self._at + count]
        if len(taken) < count:
            raise IppAnswerError("the answer ends too soon")
        self._at += count
        return taken

    def length(self) -> int:
        return int(_LENGTH.unpack(self.take(_LENGTH.size))[0])
