"""A chart in as few bytes as one or two printed codes hold, and back.

Values of the chart's types as positional lists (msgpack): a structure is its fields that are
not at their default, behind a number whose bits say which; an enumeration is its place in the
order of its class; a time is the seconds from a base (a whole number of 10^14 or more is one
in UTC microseconds: nothing else in a chart is so large). Which type stands where the classes
say: bytes are read by a release whose classes only grew at their end (a test pins their order).
Of a source the feed and the time of the event are kept: the ledger that its number points into
is lost where this is read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from enum import Enum
from functools import cache
from typing import Any, TypeVar, cast

import msgspec
from msgspec import inspect

from wardkeep.chart.values import Source
from wardkeep.kernel.times import MINUTE, SECOND, Moment, Precision
from wardkeep.kernel.wall_clock import local

T = TypeVar("T")
# What a value is on its way: whole numbers, texts, and lists of such.
_Plain = Any

_PRECISIONS = tuple(Precision)
# A time without a zone (MSH-7 of many senders) is told apart by this much on its offset.
_ZONELESS = 10_000
_MOST_OFFSET, _A_DAY = 15 * 60, 24 * 60
_A_TIME = 10**14
_TO_THE_MINUTE = (12, 14)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_WRITTEN = re.compile(
    r"(?P<digits>[0-9]{4,14})(?:(?P<sign>[+-])(?P<h>[0-9]{2})(?P<m>[0-9]{2}))?"
)
_Told = tuple[str, int]


def compact(value: msgspec.Struct, base: int) -> bytes:
    """Return a structure of the chart's types as bytes; `base` in UTC microseconds."""
    writing = _Writing(base // SECOND)
    body = writing.plain(value)
    feeds = sorted({feed for feed, _ in writing.sources})
    sources = [[feeds.index(feed), at] for feed, at in writing.sources]
    return msgspec.msgpack.encode([feeds, sources, body])


def restore(kind: type[T], packed: bytes, base: int) -> T:
    """Return what `compact` made of a `kind` with this base.

    Raises ValueError where these bytes are no such thing.
    """
    try:
        feeds, sources, body = msgspec.msgpack.decode(packed)
        known = [(feeds[feed], at) for feed, at in sources]
        built = _Reading(base // SECOND, known).built(
            _type_of(kind),  # type: ignore[arg-type]  # a class has a hash
            body,
        )
    except (
        msgspec.MsgspecError,
        LookupError,
        TypeError,
        OverflowError,
        RecursionError,
    ) as fault:
        raise ValueError(f"no compact {kind.__name__}: {type(fault).__name__}") from fault
    return cast("T", built)


@cache
def _type_of(kind: type) -> inspect.Type:
    return inspect.type_info(kind)


@cache
def _fields(kind: type[msgspec.Struct]) -> tuple[tuple[str, Any], ...]:
    """Return the fields of a class with their defaults (NODEFAULT where there is none)."""
    return tuple(
        (
            each.name,
            each.default
            if each.default_factory is msgspec.NODEFAULT
            else each.default_factory(),
        )
        for each in msgspec.structs.fields(kind)
    )


class _Writing:
    def __init__(self, base: int) -> None:
        self._base = base
        self.sources: dict[_Told, int] = {}

    def plain(self, value: object) -> _Plain:
        write = _writer_of(type(value))  # type: ignore[arg-type]  # a class has a hash
        return value if write is None else write(self, value)

    def source(self, value: Source) -> _Plain:
        told = (value.feed, value.event // SECOND - self._base)
        return self.sources.setdefault(told, len(self.sources))

    def moment(self, value: Moment) -> _Plain:
        return _moment_as_list(value, self._base)

    def several(self, value: tuple[object, ...]) -> _Plain:
        return [self.plain(each) for each in value]

    def table(self, value: dict[object, object]) -> _Plain:
        return [[self.plain(key), self.plain(each)] for key, each in value.items()]

    def member(self, value: Enum) -> _Plain:
        return list(type(value)).index(value)

    def number(self, value: int) -> _Plain:
        return [value // SECOND - self._base] if value >= _A_TIME else value

    def structure(self, value: msgspec.Struct) -> list[_Plain]:
        present, parts = 0, []
        for place, (name, default) in enumerate(_fields(type(value))):
            part = getattr(value, name)
            if part != default or default is msgspec.NODEFAULT:
                present |= 1 << place
                parts.append(self.plain(part))
        return [present, *parts]


_WRITERS: tuple[tuple[type, Any], ...] = (
    (Source, _Writing.source),
    (Moment, _Writing.moment),
    (msgspec.Struct, _Writing.structure),
    (tuple, _Writing.several),
    (dict, _Writing.table),
    (Enum, _Writing.member),
    (int, _Writing.number),
)


@cache
def _writer_of(kind: type) -> Callable[[_Writing, Any], _Plain] | None:
    return next((write for each, write in _WRITERS if issubclass(kind, each)), None)


class _Reading:
    def __init__(self, base: int, sources: Sequence[_Told]) -> None:
        self._base, self._sources = base, sources

    def built(self, kind: inspect.Type, plain: _Plain) -> object:
        read: Callable[[Any, _Plain], object] | None = _READERS.get(type(kind))
        if read is None:
            raise TypeError(f"{type(kind).__name__} stands nowhere in a chart")
        return read(self, kind, plain)  # type: ignore[call-arg]  # an unbound method of this class

    def structure(self, kind: inspect.StructType, plain: _Plain) -> object:
        if kind.cls is Source:
            feed, at = self._sources[plain]
            event = (at + self._base) * SECOND
            return Source(feed, "", event, event, 0)
        if kind.cls is Moment:
            return _moment_of_list(plain, self._base)
        present, *parts = plain
        if present >> len(kind.fields):
            raise LookupError("a field that this release does not know")
        found = [each for place, each in enumerate(kind.fields) if present >> place & 1]
        values = {
            each.name: self.built(each.type, part)
            for each, part in zip(found, parts, strict=True)
        }
        return kind.cls(**values)

    def several(self, kind: inspect.VarTupleType, plain: _Plain) -> object:
        return tuple(self.built(kind.item_type, each) for each in plain)

    def table(self, kind: inspect.DictType, plain: _Plain) -> object:
        return {
            self.built(kind.key_type, key): self.built(kind.value_type, each)
            for key, each in plain
        }

    def one_of(self, kind: inspect.UnionType, plain: _Plain) -> object:
        if plain is None:
            return None
        (other,) = (each for each in kind.types if not isinstance(each, inspect.NoneType))
        return self.built(other, plain)

    def member(self, kind: inspect.EnumType, plain: _Plain) -> object:
        if not isinstance(plain, int) or plain < 0:
            raise LookupError("no place in an enumeration")
        return list(kind.cls)[plain]

    def text(self, _: inspect.StrType | inspect.LiteralType, plain: _Plain) -> object:
        return _exactly(str, plain)

    def number(self, _: inspect.IntType, plain: _Plain) -> object:
        if isinstance(plain, list):
            (seconds,) = plain
            return (_exactly(int, seconds) + self._base) * SECOND
        return _exactly(int, plain)

    def truth(self, _: inspect.BoolType, plain: _Plain) -> object:
        return _exactly(bool, plain)


_READERS: dict[type, Any] = {
    inspect.StructType: _Reading.structure,
    inspect.VarTupleType: _Reading.several,
    inspect.DictType: _Reading.table,
    inspect.UnionType: _Reading.one_of,
    inspect.EnumType: _Reading.member,
    inspect.StrType: _Reading.text,
    inspect.LiteralType: _Reading.text,
    inspect.IntType: _Reading.number,
    inspect.BoolType: _Reading.truth,
}


def _exactly(kind: type[T], plain: _Plain) -> T:
    if type(plain) is not kind:
        raise TypeError(f"{type(plain).__name__} where {kind.__name__} belongs")
    return plain


def _moment_as_list(moment: Moment, base: int) -> list[_Plain]:
    """Return seconds from the base, precision, and how to write it again, else its text."""
    seconds, rest = divmod(moment.at, SECOND)
    precision = _PRECISIONS.index(moment.precision)
    written = None if rest else _offset_of(moment)
    if written is None:
        return [moment.at, precision, moment.text]
    digits, offset = written
    return [seconds - base, precision, digits, offset]


def _moment_of_list(plain: _Plain, base: int) -> Moment:
    if len(plain) == len(("at", "precision", "text")):
        at, precision, text = plain
        at, text = _exactly(int, at), _exactly(str, text)
    else:
        seconds, precision, digits, offset = plain
        at = (seconds + base) * SECOND
        text = _text_of(at, digits, offset)
    return Moment(at, _PRECISIONS[precision], text)


def _offset_of(moment: Moment) -> tuple[int, int] | None:
    """Return how many digits a moment's HL7 text (DTM) has, and its minutes east of UTC.

    None where its text is not made of that alone: then it is kept as it is.
    """
    found = _WRITTEN.fullmatch(moment.text)
    if found is None:
        return (0, 0) if not moment.text else None
    digits = len(found["digits"])
    for offset in _offsets(found, moment.at):
        if _text_of(moment.at, digits, offset) == moment.text:
            return digits, offset
    return None


def _offsets(found: re.Match[str], at: int) -> Sequence[int]:
    if found["sign"]:
        minutes = int(found["h"]) * 60 + int(found["m"])
        if minutes >= _A_DAY:
            return ()
        return (-minutes if found["sign"] == "-" else minutes,)
    # Whatever the site's zone was: the offset under which the digits come out again. Of a time
    # told to the minute it is the only one; of a day many would do.
    if len(found["digits"]) in _TO_THE_MINUTE:
        minutes = _clock_of(found["digits"]) - at // MINUTE
        return (_ZONELESS + minutes,) if abs(minutes) <= _MOST_OFFSET else ()
    quarters = range(-_MOST_OFFSET, _MOST_OFFSET + 1, 15)
    return [_ZONELESS + each for each in sorted(quarters, key=abs)]


def _clock_of(digits: str) -> int:
    """Return the minute that digits of a date and a time tell, as if they were UTC."""
    year, month, day, hour, minute = (
        int(digits[:4]),
        *(int(digits[place : place + 2]) for place in (4, 6, 8, 10)),
    )
    try:
        told = datetime(year, month, day, hour, minute, tzinfo=UTC)
    except ValueError:
        return 0
    return (told - _EPOCH) // timedelta(minutes=1)


def _text_of(at: int, digits: int, offset: int) -> str:
    if not digits:
        return ""
    zoneless = abs(offset) > _ZONELESS // 2
    minutes = offset - _ZONELESS if zoneless else offset
    if abs(minutes) >= _A_DAY:
        raise OverflowError("no offset of a zone")
    clock = local(at + minutes * MINUTE, UTC)
    text = f"{clock:%Y%m%d%H%M%S}".rjust(14, "0")[:digits]
    if zoneless:
        return text
    sign, (hours, rest) = "-" if minutes < 0 else "+", divmod(abs(minutes), 60)
    return f"{text}{sign}{hours:02}{rest:02}"
