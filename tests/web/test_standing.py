from __future__ import annotations

from tests.web.handmade import NOW, HandmadeCharts

from wardkeep.chart.ports import FAR_BEHIND, StreamStatus
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import MINUTE
from wardkeep.web.standing import standing_of


def test_as_of_is_the_newest_message_of_any_stream() -> None:
    standing = standing_of(HandmadeCharts().streams(NOW))
    assert standing.live
    assert standing.as_of == NOW - 2 * MINUTE
    assert [s.stream for s in standing.doubtful] == [
        Stream.DOSES_GIVEN,
        Stream.LABORATORY,
        Stream.IMAGING,
    ]


def test_nothing_is_live_while_every_stream_is_silent_or_not_fed() -> None:
    silent = [StreamStatus(stream=s, state=StreamState.SILENT, heard=5) for s in Stream]
    unfed = [StreamStatus(stream=s, state=StreamState.NOT_FED) for s in Stream]
    assert not standing_of(silent).live
    assert not standing_of(unfed).live
    assert standing_of(unfed).as_of is None
    assert standing_of([]).live is False


def test_charts_that_are_far_behind_are_not_live_however_fresh_their_streams() -> None:
    streams = HandmadeCharts().streams(NOW)
    assert standing_of(streams, FAR_BEHIND).live
    behind = standing_of(streams, FAR_BEHIND + 1)
    assert (behind.live, behind.waiting) == (False, FAR_BEHIND + 1)


def test_a_stream_is_fed_as_soon_as_one_feed_carries_it() -> None:
    standing = standing_of(HandmadeCharts().streams(NOW))
    assert standing.fed(Stream.LABORATORY)
    assert not standing.fed(Stream.IMAGING)
