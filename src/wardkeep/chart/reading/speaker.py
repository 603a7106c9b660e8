"""Who speaks in a message and when: makes the changes of one message with their stamps."""

from __future__ import annotations

from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.change import Change, Fields, FieldValue, Section, Stamp, moment_row
from wardkeep.chart.directory import Lookup, nothing_known
from wardkeep.hospital.site import Feed, Rules
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import DAY, Moment
from wardkeep.wire.hl7v2.escapes import unescape
from wardkeep.wire.hl7v2.segment import NULL
from wardkeep.wire.hl7v2.times import parse_moment

FUTURE = DAY
"""A time further ahead of its arrival than this is a wrong clock and is not believed: else one
message from the year 2099 would outrank all that follow (own choice; zones differ by 26 h)."""


_MILLISECOND = 1_000
_PLACES = 14
"""Bits for the place in a message (16,384 statements of a resource); the milliseconds of a
hundred pieces of knowledge fill the other 49 of what a stamp may hold."""


class ReadingContext(msgspec.Struct, frozen=True):
    """What must be known to read an entry: rules of the site, its feed, the site's zone.

    `lookup` tells where references lead that leave the entry (FHIR).
    """

    rules: Rules
    feed: Feed
    zone: ZoneInfo
    lookup: Lookup = nothing_known


Heard = tuple[Stream, str | None, int]
"""A stream, the ward if one is named, and the newest event time told of it."""


class Speaker:
    """One message while it is read: says changes, notes faults and streams."""

    __slots__ = (
        "_part", "_stamp", "changes", "context", "era", "faults", "heard", "received",
        "record", "sent", "visit", "ward",
    )  # fmt: skip

    def __init__(self, context: ReadingContext, stamp: Stamp, received: int) -> None:
        self.context = context
        self.record = ""
        self.era = ""
        self.visit = ""
        self.ward = ""
        self.sent = stamp.sent
        self.received = received
        self.changes: list[Change] = []
        self.faults: list[str] = []
        self.heard: dict[Stream, int] = {}
        self._stamp = stamp
        self._part = 0

    def happens(self, event: int) -> None:
        """Set the event time (UTC microseconds) of what is said from here on."""
        old = self._stamp
        self._stamp = Stamp(
            event, old.rank, old.sent, old.message, old.digest, 0, old.feed, old.sequence
        )

    def say(self, section: Section, key: str, fields: Fields, event: int | None = None) -> None:
        """Say something of the record; nothing is said where no field holds anything."""
        if fields and self.record:
            self.say_of(self.record, self.era, section, key, fields, event)

    def say_of(
        self,
        record: str,
        era: str,
        section: Section,
        key: str,
        fields: Fields,
        event: int | None = None,
    ) -> None:
        """Say something of any record."""
        old = self._stamp
        self._part += 1
        stamp = Stamp(
            old.event if event is None else event,
            old.rank,
            old.sent,
            old.message,
            old.digest,
            self._part,
            old.feed,
            old.sequence,
        )
        self.changes.append(Change(record, section, key, stamp, fields, era))

    def learned(self, at: int) -> None:
        """Let what is said from here on count as said with knowledge told at `at` (UTC micros).

        Said again with newer knowledge, or with more, it is believed before what was said so.
        """
        self._part += max(1, at // _MILLISECOND) << _PLACES

    @property
    def event(self) -> int:
        """The event time that changes carry now."""
        return self._stamp.event

    @property
    def feed(self) -> str:
        """The feed that the message came on."""
        return self._stamp.feed

    def fault(self, reason: str) -> None:
        """Note that a part could not be read; the reason holds no patient's data."""
        self.faults.append(reason)

    def hears(self, stream: Stream, at: int | None = None) -> None:
        """Note that the message carries the stream, if the feed is said to carry it.

        `at` is when what it tells happened (the event time where it is not given): a backlog
        that is written anew tells old things under a new MSH-7.
        """
        if stream in self.context.feed.streams:
            told = min(self.sent, self.event if at is None else at)
            self.heard[stream] = max(told, self.heard.get(stream, told))

    def moment(self, text: str) -> Moment | None:
        """Return a time of the message, in the site's zone where it has no offset."""
        return parse_moment(text, self.context.zone) if text else None

    def time(self, *texts: str) -> int | None:
        """Return the first of the texts that is a time and not of a wrong clock."""
        for text in texts:
            moment = parse_moment(text, self.context.zone) if text else None
            if moment is not None and moment.at <= self.received + FUTURE:
                return moment.at
        return None

    def put_moment(self, fields: Fields, name: str, text: str) -> None:
        """Put a time into fields: nothing if empty, a deletion for `""`."""
        if text == NULL:
            fields[name] = None
        elif text and (row := _row(text, self.context.zone)):
            fields[name] = row


@lru_cache(maxsize=65536)
def _row(text: str, zone: ZoneInfo) -> list[str | int | list[str | int]] | None:
    """Return a time as a field's row; rows are shared, nobody changes one."""
    moment = parse_moment(text, zone)
    return None if moment is None else [*moment_row(moment)]


def put(fields: Fields, name: str, raw: str) -> None:
    """Put a raw text into fields: nothing if empty, a deletion for `""`, else unescaped."""
    if raw:
        fields[name] = None if raw == NULL else unescape(raw)


def put_value(fields: Fields, name: str, raw: str, value: FieldValue) -> None:
    """Put an interpreted value where the raw field is not empty; `""` deletes."""
    if raw == NULL:
        fields[name] = None
    elif raw and value:
        fields[name] = value
