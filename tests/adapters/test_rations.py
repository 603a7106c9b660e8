from __future__ import annotations

from collections.abc import Sequence

from wardkeep.adapters.rations import DISK, QUOTA, Rations, Taken
from wardkeep.hospital.site import Feed
from wardkeep.hospital.streams import Stream
from wardkeep.kernel.times import DAY
from wardkeep.ledger.arrival import Appended, Arrival, Kind, Verdict

NOW = 20_000 * DAY
ADT = Feed(name="adt", streams=(Stream.ADMISSIONS,))
LAB = Feed(name="lab", streams=(Stream.LABORATORY,), daily_quota_bytes=1_000)


class Ledger:
    def __init__(self) -> None:
        self.verdict = Verdict.NEW

    def append(self, arrivals: Sequence[Arrival]) -> list[Appended]:
        return [Appended(n, NOW, self.verdict) for n, _ in enumerate(arrivals, 1)]


def arrival(feed: str, size: int) -> Arrival:
    return Arrival(feed, NOW, Kind.HL7, b"", b"", b"1", bytes(size))


def test_a_feed_waits_from_its_quota_until_midnight_and_others_do_not() -> None:
    rations = Rations((ADT, LAB), Ledger(), 1_000, Taken(NOW // DAY))
    rations.look(10**9, NOW)
    rations.append([arrival("adt", 9_999), arrival("lab", 799)])
    assert [each.is_near for each in rations.standing()] == [False, False]
    rations.append([arrival("lab", 1)])
    assert rations.standing()[1].is_near
    rations.append([arrival("lab", 200), arrival("load", 10**6)])
    assert (rations.refuses("lab"), rations.refuses("adt"), rations.changed) == (
        QUOTA,
        "",
        True,
    )
    rations.heeded()
    rations.look(10**9, NOW + DAY - 1)
    assert (rations.refuses("lab"), rations.changed) == (QUOTA, False)
    rations.look(10**9, NOW + DAY)
    assert (rations.refuses("lab"), rations.changed) == ("", True)


def test_what_the_ledger_had_already_counts_against_nothing() -> None:
    ledger = Ledger()
    ledger.verdict = Verdict.REPEATED
    rations = Rations((LAB,), ledger, 0, Taken(NOW // DAY))
    rations.append([arrival("lab", 5_000)])
    assert rations.refuses("lab") == ""


def test_the_reserve_is_for_vital_feeds_and_its_last_tenth_for_none() -> None:
    rations = Rations((ADT, LAB), Ledger(), 1_000, Taken(NOW // DAY))
    for free, adt, lab in ((1_000, "", ""), (999, "", DISK), (100, "", DISK), (99, DISK, DISK)):
        rations.look(free, NOW)
        assert (rations.refuses("adt"), rations.refuses("lab")) == (adt, lab), free
    rations.look(1_000, NOW)
    assert rations.refuses("adt") == ""


def test_a_restart_goes_on_from_what_was_taken() -> None:
    rations = Rations((LAB,), Ledger(), 0, Taken(NOW // DAY, {"lab": 900, "gone": 5}))
    rations.append([arrival("lab", 100)])
    assert rations.refuses("lab") == QUOTA
    assert rations.taken() == Taken(NOW // DAY, {"lab": 1_000})


def test_who_may_use_the_reserve_is_told_by_its_streams_or_by_the_site() -> None:
    assert Feed(name="all").is_vital
    assert not LAB.is_vital
    assert Feed(name="lab", streams=(Stream.LABORATORY,), uses_reserve="yes").is_vital
    assert not Feed(name="adt", uses_reserve="no").is_vital
