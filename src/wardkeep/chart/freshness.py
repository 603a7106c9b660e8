"""How fresh each feed and stream is, with limits learned from how each feed usually speaks.

Rules kept here:
- A limit belongs to a feed's stream and an hour of the week. It is LATE_FACTOR times the usual
  interval of that hour, and SILENT_FACTOR times that for silence, within the site's floor and
  ceiling; until an hour is learned, the site's fixed limits hold.
- Intervals are between arrivals: freshness is about hearing. Everything is kept in bounded memory.
- A stream that no feed carries is NOT_FED, never a blank. One that was never heard is SILENT.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.ports import FeedStatus, StreamStatus
from wardkeep.hospital.site import Feed, Rules, Site
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import MINUTE, SECOND
from wardkeep.kernel.wall_clock import local

LATE_FACTOR = 7
"""Gaps of a Poisson stream exceed seven times their mean once in 1,100 (e^-7): about one false
LATE a day at a message a minute."""

SILENT_FACTOR = 4
"""As the site's fixed limits: 2 h against 30 min."""

LEARNED_INTERVALS = 20
LEARNED_WEEKS = 2
"""An hour is learned after 20 intervals in two different weeks (own choice: one odd week must not
teach; 20 intervals give the mean to about a fifth)."""

_FORGET_AT = 400
TOGETHER = 10 * MINUTE
"""Feeds that were last heard within ten minutes of each other fell silent together (own choice)."""

_LARGEST_GAP = 10_000
_WORSE = {
    StreamState.NOT_FED: 0,
    StreamState.FRESH: 1,
    StreamState.LATE: 2,
    StreamState.SILENT: 3,
}
ANY = ""
"""The key of the memory of a feed as a whole beside its streams."""


class Hour(msgspec.Struct, array_like=True):
    """What was learned of one hour of the week: intervals, their sum in seconds, weeks seen."""

    intervals: int = 0
    seconds: int = 0
    weeks: int = 0
    last_week: int = -1


class StreamMemory(msgspec.Struct, array_like=True):
    """When a stream was heard: arrival and newest MSH-7 (UTC microseconds), and usual hours."""

    heard: int = 0
    as_of: int = 0
    hours: dict[int, Hour] = {}


class FeedMemory(msgspec.Struct, array_like=True):
    """All that freshness remembers of one feed; serialisable, bounded by 168 hours a stream."""

    feed: str
    streams: dict[str, StreamMemory] = {}
    number: int | None = None
    gaps: int = 0
    messages: int = 0


def heard(
    memory: FeedMemory,
    spoken: Iterable[tuple[Stream, str | None, int]],
    number: int | None,
    received: int,
    zone: ZoneInfo,
) -> FeedMemory:
    """Return the memory after one more message; the one handed in is used up.

    `spoken` and `number` are `heard` and `sequence_number` of its Reading, `received` its arrival.
    """
    memory.messages += 1
    if number is not None:
        memory.gaps += _missing(memory.number, number)
        memory.number = number
    sent = 0
    for stream, _, at in spoken:
        sent = max(sent, at)
        _hear(memory, stream.value, received, at, zone)
    _hear(memory, ANY, received, sent, zone)
    return memory


def _missing(before: int | None, number: int) -> int:
    """Return how many numbers were left out; a counter that starts again leaves out none."""
    if before is None or number <= before or number - before > _LARGEST_GAP:
        return 0
    return number - before - 1


def _hear(memory: FeedMemory, key: str, received: int, sent: int, zone: ZoneInfo) -> None:
    stream = memory.streams.get(key)
    if stream is None:
        memory.streams[key] = StreamMemory(received, sent)
        return
    if received > stream.heard:
        _learn(stream, received, zone)
        stream.heard = received
    stream.as_of = max(stream.as_of, sent)


def _learn(stream: StreamMemory, received: int, zone: ZoneInfo) -> None:
    hour, week = hour_of_week(stream.heard, zone)
    known = stream.hours.get(hour)
    if known is None:
        known = stream.hours[hour] = Hour()
    known.intervals += 1
    known.seconds += (received - stream.heard) // SECOND
    if known.last_week != week:
        known.weeks += 1
        known.last_week = week
    if known.intervals >= _FORGET_AT:
        known.intervals //= 2
        known.seconds //= 2


def hour_of_week(at: int, zone: ZoneInfo) -> tuple[int, int]:
    """Return the local hour of the week (0 is Monday midnight) and a number of the week."""
    day = local(at, zone)
    ordinal = day.toordinal() - 1
    return ordinal % 7 * 24 + day.hour, ordinal // 7


def limits(
    stream: StreamMemory | None, rules: Rules, now: int, zone: ZoneInfo
) -> tuple[int, int, bool]:
    """Return the limits for late and silent in minutes, and whether they are learned.

    Of the hour in which the feed was last heard and the present one, the more patient counts.
    """
    late, silent = rules.late_after_minutes, rules.silent_after_minutes
    if stream is None:
        return late, silent, False
    found = [
        usual
        for at in (stream.heard, now)
        if (usual := _usual_minutes(stream, at, zone)) is not None
    ]
    if not found:
        return late, silent, False
    floor, ceiling = rules.limit_floor_minutes, rules.limit_ceiling_minutes
    late = max(floor, min(ceiling, round(LATE_FACTOR * max(found))))
    return late, max(late, min(ceiling, SILENT_FACTOR * late)), True


def _usual_minutes(stream: StreamMemory, at: int, zone: ZoneInfo) -> float | None:
    known = stream.hours.get(hour_of_week(at, zone)[0])
    if known is None or known.intervals < LEARNED_INTERVALS or known.weeks < LEARNED_WEEKS:
        return None
    return known.seconds / known.intervals / 60


def state_of(last_heard: int | None, now: int, late: int, silent: int) -> StreamState:
    """Return the state of what was last heard then (UTC microseconds), limits in minutes."""
    if not last_heard or now - last_heard > silent * MINUTE:
        return StreamState.SILENT
    return StreamState.LATE if now - last_heard > late * MINUTE else StreamState.FRESH


def stream_status(
    stream: Stream, memories: Mapping[str, FeedMemory], site: Site, now: int, ward: str | None
) -> StreamStatus:
    """Return how fresh a stream is over the feeds that carry it (to the ward, where one is named).

    With several feeds the worst one counts: each may be the only one that knows a patient.
    """
    zone = ZoneInfo(site.rules.timezone)
    carriers = [feed for feed in site.feeds if carries(feed, stream, ward)]
    if not carriers:
        return StreamStatus(stream=stream, state=StreamState.NOT_FED)
    found = [_carried(stream, memories.get(feed.name), site, now, zone) for feed in carriers]
    worst = max(found, key=lambda status: _WORSE[status.state])
    return StreamStatus(
        stream=stream,
        state=worst.state,
        feeds=tuple(feed.name for feed in carriers),
        as_of=max((status.as_of for status in found if status.as_of), default=None),
        heard=max((status.heard for status in found if status.heard), default=None),
        limit_late=worst.limit_late,
        limit_silent=worst.limit_silent,
        learned=worst.learned,
        gaps=sum(memory.gaps for feed in carriers if (memory := memories.get(feed.name))),
    )


def carries(feed: Feed, stream: Stream, ward: str | None) -> bool:
    """Say whether a feed carries a stream, to a ward where one is named."""
    if stream not in feed.streams:
        return False
    return ward is None or ward not in feed.not_fed_wards.get(stream.value, ())


def _carried(
    stream: Stream, memory: FeedMemory | None, site: Site, now: int, zone: ZoneInfo
) -> StreamStatus:
    known = memory.streams.get(stream.value) if memory else None
    late, silent, learned = limits(known, site.rules, now, zone)
    return StreamStatus(
        stream=stream,
        state=state_of(known.heard if known else None, now, late, silent),
        as_of=(known.as_of or None) if known else None,
        heard=known.heard if known else None,
        limit_late=late,
        limit_silent=silent,
        learned=learned,
    )


def stream_statuses(
    memories: Mapping[str, FeedMemory], site: Site, now: int, ward: str | None = None
) -> list[StreamStatus]:
    """Return all streams in the order of `Stream`."""
    return [stream_status(stream, memories, site, now, ward) for stream in Stream]


def feed_statuses(memories: Mapping[str, FeedMemory], site: Site, now: int) -> list[FeedStatus]:
    """Return all feeds of the site; those that fell silent together say so.

    Counts of quarantine and re-used identifiers are the store's to fill in.
    """
    zone = ZoneInfo(site.rules.timezone)
    found = [
        _feed_status(feed, memories.get(feed.name), site, now, zone) for feed in site.feeds
    ]
    return [
        msgspec.structs.replace(status, alone=not _fell_together(status, found))
        for status in found
    ]


def _feed_status(
    feed: Feed, memory: FeedMemory | None, site: Site, now: int, zone: ZoneInfo
) -> FeedStatus:
    known = memory.streams.get(ANY) if memory else None
    late, silent, _ = limits(known, site.rules, now, zone)
    return FeedStatus(
        feed=feed.name,
        state=state_of(known.heard if known else None, now, late, silent),
        streams=feed.streams,
        heard=known.heard if known else None,
        messages=memory.messages if memory else 0,
        gaps=memory.gaps if memory else 0,
    )


def _fell_together(status: FeedStatus, statuses: Sequence[FeedStatus]) -> bool:
    if status.state is not StreamState.SILENT or status.heard is None:
        return False
    return any(
        other.feed != status.feed
        and other.state is StreamState.SILENT
        and other.heard is not None
        and abs(other.heard - status.heard) <= TOGETHER
        for other in statuses
    )
