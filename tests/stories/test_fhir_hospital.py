"""The simulated group speaking FHIR: whichever systems do, in whatever order it comes."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

import pytest

from wardkeep.chart.memory import MemoryCharts
from wardkeep.chart.plain import plain
from wardkeep.hospital.streams import Stream, StreamState
from wardkeep.kernel.times import HOUR, MINUTE
from wardkeep.ledger.arrival import Entry, Kind
from wardkeep.sample.compare import differences, spelled_alike
from wardkeep.sample.desk import Sent
from wardkeep.sample.hospital import Hospital
from wardkeep.sample.house import TINY, Size
from wardkeep.sample.site import FEEDS, demo_site

START = 1_653_364_800_000_000  # 2022-05-24T04:00:00Z
SITE = demo_site({feed: 2600 + place for place, feed in enumerate(FEEDS)}, 8443)
GROUP = Size(
    patients=400, appointments=300, messages_a_day=4_000, history_hours=2, look_back_days=0
)
"""All forty wards, every second bed: every medicine and timing that the group knows."""


def folded(messages: Iterable[Sent]) -> MemoryCharts:
    charts = MemoryCharts(SITE)
    for sequence, sent in enumerate(messages, start=1):
        kind = Kind.FHIR if sent.fhir else Kind.HL7
        charts.add(Entry(sequence, sent.feed, sent.at, kind, b"", b"", b"", sent.body, False))
    return charts


def untrue(hospital: Hospital, charts: MemoryCharts) -> list[str]:
    found = []
    for record in hospital.records():
        chart = charts.patient(record)
        product = spelled_alike(plain(chart)) if chart else None
        truth = spelled_alike(hospital.true_chart(record))
        found += [
            f"{record}{one.path}: {one.truth!r} is {one.product!r}"
            for one in differences(truth, product)
        ]
    return found


def night(
    seed: int, size: Size, spoken: frozenset[str], hours: float
) -> tuple[Hospital, list[Sent]]:
    hospital = Hospital(seed, START, size, spoken)
    return hospital, [*hospital.first_fill(), *hospital.live(START + int(hours * HOUR))]


def test_a_hospital_all_in_fhir_is_charted_as_it_is_in_any_order() -> None:
    hospital, sent = night(5, TINY, frozenset(FEEDS), 4)
    assert all(each.fhir for each in sent)
    assert untrue(hospital, folded(sent)) == []
    Random(5).shuffle(sent)
    charts = folded(sent)
    assert untrue(hospital, charts) == []
    # What broke off on its way is all that was never read.
    assert [held.reason for held in charts.quarantine()] == ["not JSON"]


@pytest.mark.parametrize(
    "spoken",
    [
        {"adt"},
        {"mar", "laboratory"},
        {"pharmacy", "oncology", "appointments", "imaging"},
        {"adt", "pharmacy", "appointments"},
    ],
    ids=lambda spoken: "-".join(sorted(spoken)),
)
def test_systems_of_both_standards_make_one_chart(spoken: set[str]) -> None:
    hospital, sent = night(7, TINY, frozenset(spoken), 3)
    assert {each.feed for each in sent if each.fhir} == spoken
    Random(11).shuffle(sent)
    assert untrue(hospital, folded(sent)) == []


def test_the_streams_of_a_hospital_are_as_fresh_in_fhir_as_in_hl7() -> None:
    states = []
    for spoken in (frozenset(FEEDS), frozenset[str]()):
        _, sent = night(5, TINY, spoken, 3)
        streams = folded(sent).streams(START + 3 * HOUR + MINUTE)
        states.append({each.stream: (each.state, each.heard) for each in streams})
    assert states[0] == states[1]
    assert states[0][Stream.ADMISSIONS][0] is StreamState.FRESH


@pytest.mark.long
@pytest.mark.parametrize("spoken", [FEEDS, FEEDS[::2]], ids=["all", "every second"])
def test_the_whole_group_is_charted_as_it_is(spoken: tuple[str, ...]) -> None:
    hospital, sent = night(1, GROUP, frozenset(spoken), 1)
    Random(1).shuffle(sent)
    assert untrue(hospital, folded(sent)) == []
