"""What screens, packs and verbs may ask of the charts: the port that a store implements."""

from __future__ import annotations

from typing import Protocol

import msgspec

from wardkeep.chart.found import FoundPatient
from wardkeep.chart.model import Flag, PatientChart
from wardkeep.hospital.streams import Stream, StreamState


class StreamStatus(msgspec.Struct, frozen=True, kw_only=True):
    """How fresh one stream is, over all feeds or for one ward.

    Times in UTC microseconds. `as_of` is the newest event told; `heard` when the newest message
    came. `known_to` is up to when the feed that is furthest behind has told, None where it has
    not: the state's age counts from it. `behind` is its name where another feed of the stream
    is fresh, else empty.
    `loaded`: up to when files that were loaded tell of it (a first fill); they are no feed.
    `old_news`: messages come from that feed, but what they tell is old.
    `limit_late`/`limit_silent` in minutes, learned or the site's; `gaps` counts missing MSH-13.
    """

    stream: Stream
    state: StreamState
    feeds: tuple[str, ...] = ()
    as_of: int | None = None
    heard: int | None = None
    known_to: int | None = None
    behind: str = ""
    loaded: int | None = None
    old_news: bool = False
    limit_late: int = 30
    limit_silent: int = 120
    learned: bool = False
    gaps: int = 0


def newest_told(status: StreamStatus) -> int | None:
    """Return up to when any feed has told of the stream: never later than it was heard."""
    times = [at for at in (status.heard, status.as_of) if at is not None]
    return min(times, default=None)


class FeedStatus(msgspec.Struct, frozen=True, kw_only=True):
    """One feed as a whole."""

    feed: str
    state: StreamState
    streams: tuple[Stream, ...] = ()
    heard: int | None = None
    messages: int = 0
    quarantined: int = 0
    id_reused: int = 0
    gaps: int = 0
    alone: bool = True
    """False when another feed fell silent at the same time: an alarm of its own."""


class WardSummary(msgspec.Struct, frozen=True, kw_only=True):
    """One ward on the overview. `changed` counts changes: packs and screens can tell."""

    ward: str
    name: str = ""
    site: str = ""
    patients: int = 0
    changed: int = 0
    charted_up_to: int | None = None
    """Newest dose recorded on the ward (UTC microseconds), None: none recorded or not fed."""
    charting_lag_minutes: int = 90
    lag_learned: bool = False
    doses_fed: bool = True
    flags: tuple[Flag, ...] = ()
    lacks: bool = False
    """The charts were begun without what erased days had said: patients may be missing."""


class Quarantined(msgspec.Struct, frozen=True, kw_only=True):
    """An entry that could not be read into the chart. `reason` holds no patient's data."""

    sequence: int
    feed: str
    received: int
    control: str
    reason: str
    message_type: str = ""
    replays: int = 0


class UnreadFeed(msgspec.Struct, frozen=True, kw_only=True):
    """How many messages of a feed could not be read, and when the first of them came."""

    feed: str
    count: int
    since: int


class UnreadMessage(msgspec.Struct, frozen=True, kw_only=True):
    """A message about a patient that could not be read; `record` is the number it names."""

    record: str
    received: int
    message_type: str = ""


class Unread(msgspec.Struct, frozen=True, kw_only=True):
    """What the quarantine keeps from a ward: by feed, and about whom it can be told."""

    feeds: tuple[UnreadFeed, ...] = ()
    about: tuple[UnreadMessage, ...] = ()


FAR_BEHIND = 10_000
"""Entries behind the ledger from which charts are not to be taken for the present: some two
seconds of folding. Half folded they miss patients, and stops of orders."""


class Charts(Protocol):
    """Read access to the charts; every method may be called from the web's threads."""

    def wards(self) -> list[WardSummary]:
        """Return every ward with a patient or a declaration, by site then code."""
        ...

    def summary(self, code: str) -> WardSummary | None:
        """Return one ward as `wards` has it, None where it does not."""
        ...

    def ward(self, code: str) -> list[PatientChart]:
        """Return the charts of those who lie on the ward, by room, bed, record; "" is none."""
        ...

    def patient(self, record: str) -> PatientChart | None:
        """Return the chart of a record number, or None; merged ones lead to the survivor.

        Flags that only the ward as a whole gives (names, shared beds) are in `ward` alone.
        """
        ...

    def find(self, text: str, limit: int = 50) -> list[FoundPatient]:
        """Search by name, birth date, number or bed, case and accents ignored."""
        ...

    def streams(self, now: int, ward: str | None = None) -> list[StreamStatus]:
        """Return all streams, in the order of `Stream`, as they stand at `now`."""
        ...

    def feeds(self, now: int) -> list[FeedStatus]:
        """Return all feeds as they stand at `now`."""
        ...

    def quarantine(self, limit: int = 1000) -> list[Quarantined]:
        """Return what could not be read, newest first."""
        ...

    def unread(self, ward: str, since: int) -> Unread:
        """Return what came since then and could not be read: all feeds, the ward's patients."""
        ...

    def raw(self, sequence: int) -> bytes | None:
        """Return the bytes of a message as they came, or None when they are no longer kept."""
        ...

    def spoken_of(self, sequence: int) -> tuple[str, ...]:
        """Return the record numbers that an entry names and those they were merged into.

        () where it names none that can be read, or is no longer kept.
        """
        ...

    def cursor(self) -> int:
        """Return the sequence of the last entry that is in the charts."""
        ...

    def waiting(self) -> int:
        """Return how many entries of the ledger are not in the charts yet.

        0 where the ledger cannot be read: that is told elsewhere.
        """
        ...

    def lacks(self) -> bool:
        """Say whether the charts were begun without what erased days had said.

        Then patients, orders and allergies may be missing, on every ward and on none.
        """
        ...

    def revision(self) -> int:
        """Return a number that grows with every change that a screen could show."""
        ...
