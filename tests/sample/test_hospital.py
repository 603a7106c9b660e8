import hashlib
import random
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.model import PatientChart, Source
from wardkeep.chart.plain import plain
from wardkeep.kernel.times import DAY, HOUR
from wardkeep.sample.compare import differences
from wardkeep.sample.desk import Sent
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import DEMO, TINY, Size

Fold = Callable[[Iterable[Sent]], MemoryCharts]

START = 1_653_364_800_000_000  # 2022-05-24T04:00:00Z
SUMMER_TIME_ENDS = 1_667_091_600_000_000  # 2022-10-30T01:00:00Z: the doubled hour


def everything(hospital: Hospital, hours: float) -> Iterator[Sent]:
    yield from hospital.first_fill()
    yield from hospital.live(hospital.start + int(hours * HOUR))


def untrue(hospital: Hospital, charts: MemoryCharts) -> list[str]:
    found = []
    for record in hospital.records():
        chart = charts.patient(record)
        product = plain(chart) if chart else None
        found += [
            f"{record}{one.path}: {one.truth!r} is {one.product!r}"
            for one in differences(hospital.true_chart(record), product)
        ]
    return found


def interleaved(messages: list[Sent], chance: random.Random) -> Iterator[Sent]:
    """Keep the order of each feed and mix the feeds at random."""
    queues: dict[str, list[Sent]] = defaultdict(list)
    for sent in messages:
        queues[sent.feed].append(sent)
    turns = [sent.feed for sent in messages]
    chance.shuffle(turns)
    places = {feed: iter(queue) for feed, queue in queues.items()}
    for feed in turns:
        yield next(places[feed])


def things(chart: PatientChart) -> list[Source]:
    results = [result for series in chart.results for result in series.results]
    return [one.source for one in (*chart.doses, *results, *chart.reports)]


def digest(messages: Iterable[Sent]) -> str:
    found = hashlib.sha256()
    for sent in messages:
        found.update(b"%d %s %d " % (sent.at, sent.feed.encode(), sent.resend) + sent.body)
    return found.hexdigest()


def test_the_same_seed_writes_the_same_messages_byte_for_byte() -> None:
    first = digest(everything(Hospital(5, START, TINY), 6))
    assert first == digest(everything(Hospital(5, START, TINY), 6))
    assert first != digest(everything(Hospital(6, START, TINY), 6))
    assert first != digest(everything(Hospital(5, START + DAY, TINY), 6))


def test_living_in_small_steps_gives_the_same_messages_as_in_one() -> None:
    steps = Hospital(5, START, TINY)
    found = list(steps.first_fill())
    for minute in range(1, 181):
        found += steps.live(START + minute * HOUR // 60)
    assert digest(found) == digest(everything(Hospital(5, START, TINY), 3))


def test_messages_leave_in_the_order_of_time_and_repetitions_are_exact() -> None:
    messages = list(everything(Hospital(7, START, TINY), 24))
    times = [sent.at for sent in messages]
    assert times == sorted(times)
    bodies = {sent.body for sent in messages if not sent.resend}
    again = [sent for sent in messages if sent.resend]
    assert again
    assert all(sent.body in bodies for sent in again)


def test_some_messages_overtake_others_of_their_feed() -> None:
    written: dict[str, str] = {}
    overtaken = 0
    for sent in everything(Hospital(7, START, TINY), 24):
        stamp = sent.body.split(b"|")[6][:14].decode()
        overtaken += not sent.resend and stamp < written.get(sent.feed, "")
        written[sent.feed] = max(stamp, written.get(sent.feed, ""))
    assert overtaken > 3


def test_the_chart_of_everybody_is_the_truth(fold: Fold) -> None:
    hospital = Hospital(1, START, TINY)
    charts = fold(everything(hospital, 5))
    (broken,) = charts.quarantine()
    assert broken.reason == "no record number (PID-3)"
    assert untrue(hospital, charts) == []
    known = {chart.record for chart in charts.survivors()}
    assert known == set(hospital.records())


def test_doses_results_and_reports_name_the_message_that_told_them(fold: Fold) -> None:
    hospital = Hospital(2, START, TINY)
    charts = fold(everything(hospital, 3))
    named = 0
    for record in hospital.records():
        truth, chart = hospital.true_patient(record), charts.patient(record)
        assert chart is not None
        for true, told in zip(things(truth), things(chart), strict=True):
            named += 1
            assert (told.feed, told.message) == (true.feed, true.message)
            raw = charts.raw(told.sequence)
            assert raw is not None
            assert raw.split(b"|")[9].decode() == told.message
    assert named > 500


def test_the_chart_is_the_truth_through_the_doubled_hour_of_october(fold: Fold) -> None:
    hospital = Hospital(3, SUMMER_TIME_ENDS - HOUR, TINY)
    charts = fold(everything(hospital, 4))
    assert untrue(hospital, charts) == []


@settings(max_examples=4, deadline=None)
@given(seed=st.integers(0, 10_000), order=st.randoms(use_true_random=False))
def test_the_chart_is_the_truth_whatever_way_the_feeds_interleave(
    fold: Fold, seed: int, order: random.Random
) -> None:
    hospital = Hospital(seed, START, TINY)
    messages = list(everything(hospital, 1))
    charts = fold(interleaved(messages, order))
    assert untrue(hospital, charts) == []


def test_whoever_lies_in_a_bed_lies_there_alone() -> None:
    hospital = Hospital(
        2, START, Size(wards=6, patients=120, appointments=20, messages_a_day=0)
    )
    list(everything(hospital, 24))
    beds = [
        chart.current.location.value
        for chart in map(hospital.true_patient, hospital.records())
        if chart.current and chart.current.location
    ]
    assert len(beds) > 90
    assert len({(bed.ward, bed.room, bed.bed) for bed in beds}) == len(beds)


def test_accents_and_four_charsets_are_in_the_messages() -> None:
    messages = list(everything(Hospital(1, START, TINY), 2))
    headers = (sent.body.split(b"\r")[0].split(b"|") for sent in messages)
    charsets = {header[17] if len(header) > 17 else b"" for header in headers}
    assert charsets == {b"", b"8859/1", b"8859/15", b"UNICODE UTF-8"}
    assert any(b"\xe9" in sent.body for sent in messages if sent.feed == "adt")
    assert any(b"\xc3\xa9" in sent.body for sent in messages if sent.feed == "pharmacy")
    assert any(b"\xb5mol" in sent.body for sent in messages if sent.feed == "laboratory")


def test_the_whole_group_has_a_thousand_inpatients_and_6349_booked_visits() -> None:
    hospital = Hospital(1, START, Size(history_hours=1))
    booked = sum(b"|SIU^S12^" in sent.body for sent in hospital.first_fill())
    assert 6349 <= booked <= 6349 + 31 + 1  # the radiotherapy course and an INR control
    current = [
        chart.current
        for chart in map(hospital.true_patient, hospital.records())
        if chart.current is not None
    ]
    assert 970 <= len(current) <= 1030
    assert len({stay.location.value.ward for stay in current if stay.location}) == 40


def test_live_traffic_is_that_of_a_hospital_of_a_thousand_beds() -> None:
    hospital = Hospital(1, START, DEMO)
    fill = sum(1 for _ in hospital.first_fill())
    assert fill < 45_000
    count = sum(1 for _ in hospital.live(START + HOUR))
    assert 9_000 < count < 16_000  # 300,000 a day are 12,500 an hour


@pytest.mark.long
def test_the_chart_of_the_whole_group_is_the_truth(fold: Fold) -> None:
    hospital = Hospital(1, START)
    charts = fold(everything(hospital, 3))
    (broken,) = charts.quarantine()
    assert broken.reason == "no record number (PID-3)"
    assert untrue(hospital, charts) == []
