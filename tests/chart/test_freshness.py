from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chart.sending import BRUSSELS, micros

from wardkeep.chart.freshness import (
    FeedMemory,
    feed_statuses,
    heard,
    hour_of_week,
    stream_statuses,
)
from wardkeep.chart.ports import StreamStatus
from wardkeep.hospital.site import Feed, Rules, Site
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import DAY, HOUR, MINUTE

MONDAY = micros("20260511080000")
ADT = Feed(name="adt", streams=(Stream.ADMISSIONS,))
LAB = Feed(
    name="lab",
    streams=(Stream.LABORATORY, Stream.DOSES_GIVEN),
    not_fed_wards={"doses_given": ("ICU",)},
)
SITE = Site(name="Sample", feeds=(ADT, LAB), rules=Rules())


def hear(feed: str, *times: int, stream: Stream = Stream.ADMISSIONS) -> FeedMemory:
    memory = FeedMemory(feed)
    for at in times:
        memory = heard(memory, [(stream, "A2", at)], None, at, BRUSSELS)
    return memory


def status(
    stream: Stream, memories: dict[str, FeedMemory], now: int, ward: str | None = None
) -> StreamStatus:
    return {found.stream: found for found in stream_statuses(memories, SITE, now, ward)}[stream]


def test_a_stream_is_fresh_then_late_then_silent_by_the_limits_of_the_site() -> None:
    memories = {"adt": hear("adt", MONDAY)}
    for after, state in ((29, "fresh"), (31, "late"), (119, "late"), (121, "silent")):
        assert status(Stream.ADMISSIONS, memories, MONDAY + after * MINUTE).state == state


def test_a_stream_that_no_feed_carries_is_not_fed() -> None:
    assert status(Stream.DIET, {}, MONDAY).state is StreamState.NOT_FED


def test_a_stream_that_was_never_heard_is_silent_and_has_no_time() -> None:
    found = status(Stream.ADMISSIONS, {}, MONDAY)
    assert (found.state, found.as_of, found.heard) == (StreamState.SILENT, None, None)


def test_what_was_loaded_is_told_with_its_time_and_makes_no_feed_fresh() -> None:
    memories = {"load": hear("load", MONDAY, MONDAY + HOUR)}
    found = status(Stream.ADMISSIONS, memories, MONDAY + 2 * HOUR)
    assert (found.state, found.heard) == (StreamState.SILENT, None)
    assert found.loaded == MONDAY + HOUR
    assert status(Stream.DIET, memories, MONDAY).loaded is None


def test_a_ward_whose_system_does_not_feed_is_told_apart() -> None:
    memories = {"lab": hear("lab", MONDAY, stream=Stream.DOSES_GIVEN)}
    assert status(Stream.DOSES_GIVEN, memories, MONDAY, "A2").state is StreamState.FRESH
    assert status(Stream.DOSES_GIVEN, memories, MONDAY, "ICU").state is StreamState.NOT_FED


def weeks_of_minutes(weeks: int = 3) -> FeedMemory:
    """Weeks in which Mondays from eight to nine had a message every minute."""
    return hear(
        "adt",
        *(
            MONDAY + week * 7 * DAY + minute * MINUTE
            for week in range(weeks)
            for minute in range(60)
        ),
    )


def test_limits_are_learned_by_hour_of_the_week_within_floor_and_ceiling() -> None:
    memory = weeks_of_minutes()
    memory.streams["admissions"].heard = heard_at = MONDAY + 14 * DAY + 20 * MINUTE
    found = status(Stream.ADMISSIONS, {"adt": memory}, heard_at)
    assert found.learned
    assert (found.limit_late, found.limit_silent) == (10, 28)
    late = status(Stream.ADMISSIONS, {"adt": memory}, heard_at + 11 * MINUTE)
    assert late.state is StreamState.LATE


def test_after_the_busy_hour_silence_is_usual() -> None:
    found = status(Stream.ADMISSIONS, {"adt": weeks_of_minutes()}, MONDAY + 14 * DAY + HOUR)
    assert (found.limit_late, found.limit_silent, found.learned) == (720, 720, True)


def test_one_week_does_not_teach() -> None:
    found = status(Stream.ADMISSIONS, {"adt": weeks_of_minutes(2)}, MONDAY + 7 * DAY)
    assert not found.learned


def test_old_habits_fade() -> None:
    memory = weeks_of_minutes(40)
    assert memory.streams["admissions"].weeks <= 8
    assert sum(memory.streams["admissions"].counts.values()) <= 8 * 60


@pytest.mark.parametrize(
    ("numbers", "missing"),
    [
        ((1, 3, 2, 4), 0),
        ((1, 2, 5, 4, 3, 6), 0),
        ((1, 2, 5, 4, 6), 1),
        ((5, 6, 7, 6, 8), 0),
        ((5, 6, 8, 8, 9), 1),
        ((5_000, 5_001, 20, 21, 23), 1),
        ((5, 6, 0, 1, 2), 0),
        ((1, 20_000, 20_001), 0),
    ],
)
def test_a_sender_that_overtakes_itself_or_sends_again_loses_nothing_by_it(
    numbers: tuple[int, ...], missing: int
) -> None:
    memory = FeedMemory("laboratory")
    for number in numbers:
        memory = heard(memory, [], number, MONDAY, BRUSSELS)
    assert memory.gaps == missing


@given(st.permutations(range(2, 60)), st.sets(st.integers(2, 58), max_size=9))
def test_in_any_order_what_never_comes_is_counted_and_nothing_else(
    order: list[int], lost: set[int]
) -> None:
    memory = FeedMemory("laboratory", number=1)
    for number in [*(each for each in order if each not in lost), 60]:
        memory = heard(memory, [], number, MONDAY, BRUSSELS)
    assert memory.gaps == len(lost)


def test_memory_of_a_release_before_is_read_and_what_is_waited_for_stays_bounded() -> None:
    before = msgspec.msgpack.encode(["laboratory", {}, 7, 3, 12])
    memory = msgspec.msgpack.decode(before, type=FeedMemory)
    assert (memory.number, memory.gaps, memory.awaited) == (7, 3, [])
    memory = heard(memory, [], 9_000, MONDAY, BRUSSELS)
    assert memory.gaps == 3 + 8_992
    assert len(memory.awaited) == 200


def test_missing_numbers_are_counted_and_a_new_count_is_no_gap() -> None:
    memory = FeedMemory("adt")
    for number in (7, 8, 11, 12, 1, 2, None, 4):
        memory = heard(memory, [], number, MONDAY, BRUSSELS)
    assert memory.gaps == 3


def test_two_feeds_that_fell_silent_together_are_an_alarm_of_their_own() -> None:
    memories = {"adt": hear("adt", MONDAY), "lab": hear("lab", MONDAY + MINUTE)}
    fell = feed_statuses(memories, SITE, MONDAY + 5 * HOUR)
    assert [(one.state, one.alone) for one in fell] == [("silent", False)] * 2
    memories["lab"] = hear("lab", MONDAY + HOUR)
    apart = feed_statuses(memories, SITE, MONDAY + 5 * HOUR)
    assert [one.alone for one in apart] == [True, True]


def test_as_of_is_when_the_message_was_written_and_never_goes_back() -> None:
    memory = FeedMemory("adt")
    for sent, at in ((MONDAY, MONDAY + MINUTE), (MONDAY - HOUR, MONDAY + 2 * MINUTE)):
        memory = heard(memory, [(Stream.ADMISSIONS, None, sent)], None, at, BRUSSELS)
    found = status(Stream.ADMISSIONS, {"adt": memory}, MONDAY + 3 * MINUTE)
    assert (found.as_of, found.heard) == (MONDAY, MONDAY + 2 * MINUTE)


def test_hours_of_the_week_are_local() -> None:
    assert hour_of_week(MONDAY, BRUSSELS)[0] == 8
    assert hour_of_week(MONDAY - 9 * HOUR, BRUSSELS)[0] == 6 * 24 + 23


@given(st.lists(st.integers(MONDAY, MONDAY + 21 * DAY), max_size=60))
def test_what_is_remembered_comes_back_from_bytes_and_is_bounded(times: list[int]) -> None:
    memory = hear("adt", *times)
    data = msgspec.msgpack.encode(memory)
    assert msgspec.msgpack.decode(data, type=FeedMemory) == memory
    assert all(len(stream.counts) <= 168 for stream in memory.streams.values())


def test_a_backlog_sent_again_is_as_old_as_what_it_tells_until_it_has_caught_up() -> None:
    memory = FeedMemory("adt")
    for told, came, state in ((5 * HOUR, 0, "silent"), (HOUR, 0, "late"), (MINUTE, 0, "fresh")):
        spoken = [(Stream.ADMISSIONS, None, MONDAY - told)]
        memory = heard(memory, spoken, None, MONDAY + came, BRUSSELS)
        found = status(Stream.ADMISSIONS, {"adt": memory}, MONDAY)
        assert found.state == state
        assert found.known_to == MONDAY - told
        assert found.old_news is (state != "fresh")


def test_the_age_of_a_stream_is_that_of_the_feed_furthest_behind() -> None:
    both = msgspec.structs.replace(LAB, streams=(Stream.ADMISSIONS,), not_fed_wards={})
    site = msgspec.structs.replace(SITE, feeds=(ADT, both))
    memories = {"adt": hear("adt", MONDAY - 3 * HOUR), "lab": hear("lab", MONDAY - MINUTE)}
    found = stream_statuses(memories, site, MONDAY)[0]
    assert (found.state, found.known_to, found.behind) == ("silent", MONDAY - 3 * HOUR, "adt")
    assert found.heard == MONDAY - MINUTE
    del memories["adt"]
    assert stream_statuses(memories, site, MONDAY)[0].known_to is None
