from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import HOUR, SECOND
from wardkeep.sample.hl7 import ZONE, LocalTime, Writer, escape, segment
from wardkeep.wire.hl7v2.times import parse_moment

INSTANTS = st.integers(1_500_000_000, 1_900_000_000).map(lambda seconds: seconds * SECOND)
DOUBLED_HOUR = 1_667_091_600_000_000  # 2022-10-30T01:00:00Z
CLOCK = LocalTime()


@given(INSTANTS, st.booleans())
def test_a_time_that_is_written_is_read_as_the_same_instant(at: int, offset: bool) -> None:
    moment = CLOCK.moment(at, offset=offset)
    assert parse_moment(moment.text, ZoneInfo(ZONE)) == moment


def test_in_the_doubled_hour_of_october_every_sender_writes_an_offset() -> None:
    first = CLOCK.stamp(DOUBLED_HOUR - HOUR // 2, offset=False)
    second = CLOCK.stamp(DOUBLED_HOUR + HOUR // 2, offset=False)
    assert first == "20221030023000+0200"
    assert second == "20221030023000+0100"
    assert CLOCK.stamp(DOUBLED_HOUR + 2 * HOUR, offset=False) == "20221030040000"


@given(INSTANTS, st.integers(1, 30))
def test_days_later_keep_the_hour_on_the_clock(at: int, days: int) -> None:
    later = CLOCK.local(CLOCK.days_later(at, days))
    before = CLOCK.local(at)
    assert (later.date() - before.date()).days == days
    # In March's missing hour the clock has no such time: it stands an hour later.
    assert later.hour in {before.hour, before.hour + 1}


@given(st.text(max_size=60))
def test_no_text_can_break_out_of_its_field(text: str) -> None:
    shown = escape(text)
    assert not {"|", "^", "&", "~", "\r", "\n"} & set(shown)


def test_a_segment_ends_with_its_last_field_that_holds_something() -> None:
    assert segment("PV1", {1: "1", 3: "A^1", 7: "", 19: ""}) == "PV1|1||A^1"


def test_control_ids_count_up_for_each_feed_alone() -> None:
    writer = Writer(CLOCK)
    ids = [writer.write(feed, "ADT^A01", 0, [])[0] for feed in ("adt", "mar", "adt")]
    assert ids == ["A000000001", "S000000001", "A000000002"]


def test_the_laboratory_numbers_its_messages_and_asks_for_commit_answers() -> None:
    _, body = Writer(CLOCK).write("laboratory", "ORU^R01", 0, [])
    fields = body.split(b"|")
    assert fields[12] == b"1"
    assert fields[14:16] == [b"AL", b"NE"]
