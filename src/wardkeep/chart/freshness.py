"""How fresh each feed and stream is, with limits learned from how each feed usually speaks.

Rules kept here:
- For each feed, stream and hour of the week the usual number of messages is learned. A stream
  is late when LATE_EXPECTED messages should have come since it was last heard and none did, and
  silent at SILENT_EXPECTED, within the site's floor and ceiling. Quiet nights are patient so,
  and busy mornings are not. Until two weeks are known the site's fixed limits hold.
- A stream is as old as the older of two: its newest message's arrival, and the newest event
  time told. A backlog that is sent again arrives now and tells of hours ago: it is not fresh.
- A feed as a whole is judged by arrival. Everything is kept in bounded memory.
- A stream that no feed carries is NOT_FED, never a blank. One never heard is SILENT.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from math import ceil
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.ports import FeedStatus, StreamStatus
from wardkeep.hospital.site import Feed, Rules, Site
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import MINUTE
from wardkeep.kernel.wall_clock import local

LATE_EXPECTED = 7
"""Of messages at random, a gap in which 7 were expected is one in 1,100 (e^-7)."""

SILENT_EXPECTED = 28
"""Four times as many, as the site's fixed limits stand to each other (2 h against 30 min)."""

LEARNED_WEEKS = 2
"""An hour is known after two weeks (own choice: one odd week must not teach)."""

_REMEMBERED_WEEKS = 8
"""Then counts are halved, so that habits of last season fade (own choice)."""

TOGETHER = 10 * MINUTE
"""Feeds last heard within ten minutes of each other fell silent together (own choice)."""

_LARGEST_GAP = 10_000
# A message may come after so many that were numbered later (own choice: a minute of the busiest
# feed of 300,000 messages a day, several times over); so many numbers are waited for.
_LARGEST_DELAY = 1_000
_AWAITED = 200
_WEEK = 7 * 24
_WORSE = {
    StreamState.NOT_FED: 0,
    StreamState.FRESH: 1,
    StreamState.LATE: 2,
    StreamState.SILENT: 3,
}
ANY = ""
"""The key of the memory of a feed as a whole beside its streams."""


class StreamMemory(msgspec.Struct, array_like=True):
    """When a stream was heard: arrival and newest event (UTC microseconds), and usual hours.

    `counts` holds messages by hour of the week over `weeks` weeks, the present one among them.
    """

    heard: int = 0
    as_of: int = 0
    counts: dict[int, int] = {}
    weeks: int = 0
    week: int = -1


class FeedMemory(msgspec.Struct, array_like=True):
    """All that freshness remembers of one feed, bounded by the hours of a week."""

    feed: str
    streams: dict[str, StreamMemory] = {}
    number: int | None = None
    gaps: int = 0
    messages: int = 0
    awaited: list[int] = []
    """The newest of the numbers that were left out and may yet come, rising."""


def heard(
    memory: FeedMemory,
    spoken: Iterable[tuple[Stream, str | None, int]],
    number: int | None,
    received: int,
    zone: ZoneInfo,
) -> FeedMemory:
    """Return the memory after one more message; the one handed in is used up.

    `spoken` and `number` are `heard` and `sequence_number` of its Reading, `received` its
    arrival.
    """
    memory.messages += 1
    if number is not None:
        _count(memory, number)
    hour = hour_of_week(received, zone)
    sent = 0
    for stream, _, at in spoken:
        sent = max(sent, at)
        _hear(memory, stream.value, received, at, hour)
    _hear(memory, ANY, received, sent, hour)
    return memory


def _count(memory: FeedMemory, number: int) -> None:
    """Count the numbers that were left out, and take back those that come after all.

    A sender with several connections overtakes itself. A counter that starts again leaves out
    none; one message that is sent again with a number of before starts no counter.
    """
    newest = memory.number
    if newest is None or number - newest > _LARGEST_GAP or _starts_again(newest, number):
        memory.number, memory.awaited = number, []
    elif number > newest:
        memory.gaps += number - newest - 1
        left_out = range(max(newest + 1, number - _AWAITED), number)
        memory.number, memory.awaited = number, [*memory.awaited, *left_out][-_AWAITED:]
    elif number in memory.awaited:
        memory.gaps -= 1
        memory.awaited = [each for each in memory.awaited if each != number]


def _starts_again(newest: int, number: int) -> bool:
    return number < newest and (number <= 1 or newest - number > _LARGEST_DELAY)


def _hear(
    memory: FeedMemory, key: str, received: int, sent: int, hour: tuple[int, int]
) -> None:
    stream = memory.streams.get(key)
    if stream is None:
        stream = memory.streams[key] = StreamMemory()
    stream.heard = max(stream.heard, received)
    stream.as_of = max(stream.as_of, sent)
    if hour[1] > stream.week:
        stream.weeks += 1 if stream.week < 0 else hour[1] - stream.week
        stream.week = hour[1]
        while stream.weeks > _REMEMBERED_WEEKS:
            stream.weeks //= 2
            stream.counts = {at: count // 2 for at, count in stream.counts.items() if count > 1}
    stream.counts[hour[0]] = stream.counts.get(hour[0], 0) + 1


def hour_of_week(at: int, zone: ZoneInfo) -> tuple[int, int]:
    """Return the local hour of the week (0 is Monday midnight) and a number of the week."""
    day = local(at, zone)
    ordinal = day.toordinal() - 1
    return ordinal % 7 * 24 + day.hour, ordinal // 7


def limits(stream: StreamMemory | None, rules: Rules, zone: ZoneInfo) -> tuple[int, int, bool]:
    """Return after how many silent minutes a stream is late and silent, and if that is learned.

    What is not learned are the site's fixed limits.
    """
    if stream is None or stream.weeks <= LEARNED_WEEKS:
        return rules.late_after_minutes, rules.silent_after_minutes, False
    floor, ceiling = rules.limit_floor_minutes, rules.limit_ceiling_minutes
    late = _minutes_to_expect(LATE_EXPECTED, stream, ceiling, zone)
    silent = _minutes_to_expect(SILENT_EXPECTED, stream, ceiling, zone)
    late = max(floor, late)
    return late, max(late, silent), True


def _minutes_to_expect(
    messages: int, stream: StreamMemory, ceiling: int, zone: ZoneInfo
) -> int:
    """Return how many minutes after it was last heard that many messages should have come."""
    hour, left = _begins(stream.heard, zone)
    expected, minutes = 0.0, 0
    while minutes < ceiling:
        rate = stream.counts.get(hour % _WEEK, 0) / stream.weeks / 60
        if rate and expected + rate * left >= messages:
            return min(ceiling, minutes + ceil((messages - expected) / rate))
        expected += rate * left
        minutes += left
        hour, left = hour + 1, 60
    return ceiling


# Each page asks for some thirty streams twice, and few were heard since the page before.
@lru_cache(maxsize=1024)
def _begins(heard: int, zone: ZoneInfo) -> tuple[int, int]:
    """Return the hour of the week in which something was heard, and what is left of it."""
    return hour_of_week(heard, zone)[0], 60 - local(heard, zone).minute


def state_of(last_heard: int | None, now: int, late: int, silent: int) -> StreamState:
    """Return the state of what was last heard then (UTC microseconds), limits in minutes."""
    if not last_heard or now - last_heard > silent * MINUTE:
        return StreamState.SILENT
    return StreamState.LATE if now - last_heard > late * MINUTE else StreamState.FRESH


def stream_status(
    stream: Stream, memories: Mapping[str, FeedMemory], site: Site, now: int, ward: str | None
) -> StreamStatus:
    """Return how fresh a stream is over the feeds that carry it, to a ward where one is named.

    With several feeds the worst one counts: each may be the only one that knows a patient.
    """
    zone = ZoneInfo(site.rules.timezone)
    carriers = [feed for feed in site.feeds if carries(feed, stream, ward)]
    loaded = _loaded(stream, memories, site)
    if not carriers:
        return StreamStatus(stream=stream, state=StreamState.NOT_FED, loaded=loaded)
    found = [_carried(stream, memories.get(feed.name), site, now, zone) for feed in carriers]
    slowest, worst = max(
        zip(carriers, found, strict=True),
        key=lambda each: (_WORSE[each[1].state], -(each[1].known_to or 0)),
    )
    partly = worst.state is not StreamState.FRESH and any(
        status.state is StreamState.FRESH for status in found
    )
    return StreamStatus(
        stream=stream,
        state=worst.state,
        feeds=tuple(feed.name for feed in carriers),
        as_of=max((status.as_of for status in found if status.as_of), default=None),
        heard=max((status.heard for status in found if status.heard), default=None),
        known_to=worst.known_to,
        behind=slowest.name if partly else "",
        loaded=loaded,
        old_news=worst.old_news,
        limit_late=worst.limit_late,
        limit_silent=worst.limit_silent,
        learned=worst.learned,
        gaps=sum(memory.gaps for feed in carriers if (memory := memories.get(feed.name))),
    )


def _loaded(stream: Stream, memories: Mapping[str, FeedMemory], site: Site) -> int | None:
    """Return up to when what came on no feed of the site tells of the stream."""
    feeds = {feed.name for feed in site.feeds}
    told = [
        known.as_of
        for name, memory in memories.items()
        if name not in feeds and (known := memory.streams.get(stream.value)) and known.as_of
    ]
    return max(told, default=None)


def carries(feed: Feed, stream: Stream, ward: str | None) -> bool:
    """Say whether a feed carries a stream, to a ward where one is named."""
    if stream not in feed.streams:
        return False
    return ward is None or ward not in feed.not_fed_wards.get(stream.value, ())


def _carried(
    stream: Stream, memory: FeedMemory | None, site: Site, now: int, zone: ZoneInfo
) -> StreamStatus:
    known = memory.streams.get(stream.value) if memory else None
    late, silent, learned = limits(known, site.rules, zone)
    heard = (known.heard or None) if known else None
    as_of = (known.as_of or None) if known else None
    known_to = heard if heard is None or as_of is None else min(heard, as_of)
    state = state_of(known_to, now, late, silent)
    by_arrival = state_of(heard, now, late, silent)
    return StreamStatus(
        stream=stream,
        state=state,
        as_of=as_of,
        heard=heard,
        known_to=known_to,
        old_news=by_arrival is StreamState.FRESH and state is not StreamState.FRESH,
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
    late, silent, _ = limits(known, site.rules, zone)
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
