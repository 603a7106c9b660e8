from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pack.handmade import NOW, hostile, many_drugs, trapped

from wardkeep.chart.compact import compact, restore
from wardkeep.chart.model import PatientChart
from wardkeep.chart.values import Source
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import SECOND, Moment, Precision
from wardkeep.wire.hl7v2.times import parse_moment


class Held(msgspec.Struct, frozen=True):
    when: Moment
    at: int = 0


def with_plain_sources(chart: PatientChart) -> PatientChart:
    """Return a chart with of each source what paper keeps: feed and time of the event."""

    def plain(value: object) -> object:
        if isinstance(value, Source):
            event = value.event // SECOND * SECOND
            return Source(value.feed, "", event, event, 0)
        if isinstance(value, tuple):
            return tuple(plain(each) for each in value)
        if isinstance(value, msgspec.Struct):
            names = value.__struct_fields__
            return type(value)(**{name: plain(getattr(value, name)) for name in names})
        return value

    found = plain(chart)
    assert isinstance(found, PatientChart)
    return found


@pytest.mark.parametrize("chart", [trapped(), hostile(), many_drugs()])
def test_a_chart_with_every_trap_comes_back_from_its_few_bytes(chart: PatientChart) -> None:
    packed = compact(chart, NOW)
    assert restore(PatientChart, packed, NOW) == with_plain_sources(chart)
    assert len(packed) < len(msgspec.msgpack.encode(chart)) / 2


def test_rules_of_a_site_come_back_with_their_tables() -> None:
    rules = Rules(standard_hours={"BID": ("08:00", "20:00"), "": ()})
    assert restore(Rules, compact(rules, NOW), NOW) == rules


@pytest.mark.parametrize(
    "text",
    ["2026", "202603", "20260307", "2026030704", "202603070412", "20260307041259",
     "20260307041259+0100", "20260307041259-0330", "202603070412+0545", ""],
)  # fmt: skip
def test_a_time_is_told_again_as_it_was_sent(text: str) -> None:
    moment = (
        parse_moment(text, ZoneInfo("Europe/Brussels"))
        if text
        else Moment(NOW, Precision.SECOND, "")
    )
    assert moment is not None
    assert restore(Held, compact(Held(moment), NOW), NOW).when == moment


@given(
    at=st.integers(-(10**15), 4 * 10**15),
    precision=st.sampled_from(list(Precision)),
    text=st.text(max_size=30) | st.from_regex(r"\A[0-9]{4,14}([+-][0-9]{4})?\Z"),
    number=st.integers(-(10**9), 10**9) | st.integers(10**8, 4 * 10**9).map(SECOND.__mul__),
)
def test_whatever_time_a_sender_invents_comes_back(
    at: int, precision: Precision, text: str, number: int
) -> None:
    held = Held(Moment(at, precision, text), number)
    assert restore(Held, compact(held, NOW), NOW) == held


@given(st.binary(max_size=300) | st.builds(msgspec.msgpack.encode, st.recursive(
    st.none() | st.booleans() | st.integers(-9, 99) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=5), max_leaves=20)))  # fmt: skip
def test_bytes_that_are_no_chart_are_refused(wrong: bytes) -> None:
    try:
        found = restore(PatientChart, wrong, NOW)
    except ValueError:
        return
    assert isinstance(found, PatientChart)


def test_a_field_of_a_newer_release_is_refused_not_guessed() -> None:
    feeds, sources, body = msgspec.msgpack.decode(compact(trapped(), NOW))
    body[0] |= 1 << 60
    with pytest.raises(ValueError, match="LookupError"):
        restore(PatientChart, msgspec.msgpack.encode([feeds, sources, body]), NOW)
