from __future__ import annotations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.chart.sending import BRUSSELS, chart, orders

from wardkeep.chart.model import MedicationOrder, OrderKind, Timing, TimingForm
from wardkeep.chart.timing import RawTiming, read_timing

START = "20260516080000"


def read(**fields: str) -> Timing:
    return read_timing((RawTiming(as_sent="AS SENT", **fields),), BRUSSELS)


def ordered(*segments: str, rxe1: str = "", orc7: str = "") -> MedicationOrder:
    orc = ["ORC", "NW", "1^CPOE"] + [""] * 6
    orc[7] = orc7
    body = orders(
        "RDE^O11", "20260516070000", "|".join(orc), f"RXE|{rxe1}|X^Drug^L|1||tab", *segments
    )
    (found,) = chart(("meds", body)).orders
    return found


@pytest.mark.parametrize(
    ("fields", "form"),
    [
        ({"pattern": "BID"}, "code"),
        ({"pattern": "Q8H", "start": START}, "interval"),
        ({"pattern": "QD", "times": "0600"}, "times"),
        ({"pattern": "ONCE", "start": START}, "once"),
        ({"pattern": "C"}, "continuous"),
        ({"pattern": "Q6H", "priority": "PRN"}, "as_needed"),
        ({"pattern": "PRN"}, "as_needed"),
        ({"pattern": "Q4H&PRN"}, "as_needed"),
        ({"pattern": "Q6H", "condition": "PRN pain"}, "as_needed"),
        ({"pattern": "BID", "words": "si besoin"}, "as_needed"),
        ({"pattern": "BID", "words": "adjust as needed"}, "code"),
        ({"pattern": "MA,DI"}, "unreadable"),
        ({"pattern": "", "occurrences": "1", "start": START}, "once"),
        ({"pattern": "", "priority": "S", "start": START}, "once"),
        ({"pattern": "", "start": START}, "unreadable"),
        ({"pattern": "BID", "occurrences": "5"}, "unreadable"),
        ({"pattern": "QW"}, "unreadable"),
        ({"pattern": "QW", "start": START}, "code"),
        ({"pattern": "according to INR"}, "unreadable"),
        ({"pattern": "BID", "start": "tomorrow"}, "unreadable"),
        ({"pattern": "BID", "duration": "a while"}, "unreadable"),
        ({"pattern": "BID", "duration": "INDEF"}, "code"),
    ],
)
def test_the_form_of_a_timing(fields: dict[str, str], form: str) -> None:
    assert read(**fields).form == form


def test_the_words_as_sent_are_kept_whatever_the_timing() -> None:
    assert read(pattern="BID", words="with meals").text == "BID with meals"
    assert read(pattern="selon INR", start=START).text == "selon INR"
    assert read(pattern="", start=START).text == "AS SENT"


@pytest.mark.parametrize(
    ("duration", "end"), [("3^D&day", "19"), ("D3", "19"), ("1^wk", "23"), ("48^h", "18")]
)
def test_a_duration_ends_the_order(duration: str, end: str) -> None:
    stop = read(pattern="BID", start=START, duration=duration).stop
    assert stop is not None
    assert stop.at == read(pattern="BID", start=f"202605{end}080000").start.at


def test_a_taper_has_phases_with_their_own_doses() -> None:
    timing = ordered(
        "TQ1|1|40^mg|QD|||3^D|20260516080000|||||S",
        "TQ1|2|20^mg|QD|||3^D||||||S",
        "TQ1|3|10^mg|QD|||3^D",
    ).timing.value
    assert timing.form is TimingForm.PHASES
    assert [phase.dose for phase in timing.phases] == ["40 mg", "20 mg", "10 mg"]
    assert [phase.start.at for phase in timing.phases[1:]] == [
        phase.stop.at for phase in timing.phases[:2]
    ]


def test_a_taper_whose_phases_cannot_be_placed_is_unreadable() -> None:
    assert ordered("TQ1|1|40^mg|QD", "TQ1|2|20^mg|QD").timing.value.form == "unreadable"


def test_a_tapering_field_with_repetitions_has_phases() -> None:
    field = "40&mg^QD^D3^20260516080000^20260519080000~20&mg^QD^D3^20260519080000"
    timing = ordered(rxe1=field).timing.value
    assert timing.form is TimingForm.PHASES
    assert [phase.dose for phase in timing.phases] == ["40 mg", "20 mg"]


def test_tq1_goes_before_rxe_1_and_rxe_1_before_orc_7() -> None:
    assert ordered("TQ1|1||TID", rxe1="^BID", orc7="^QD").timing.value.code == "TID"
    assert ordered(rxe1="^BID", orc7="^QD").timing.value.code == "BID"
    assert ordered(orc7="^QD").timing.value.code == "QD"


def test_a_code_without_standard_hours_is_printed_as_sent() -> None:
    found = ordered("TQ1|1||5ID")
    assert (found.timing.value.form, found.timing.value.text) == ("unreadable", "5ID")


@pytest.mark.parametrize(
    ("timing", "kind"),
    [("BID", OrderKind.REGULAR), ("C", OrderKind.INFUSION), ("ONCE", OrderKind.ONCE),
     ("PRN", OrderKind.AS_NEEDED)],
)  # fmt: skip
def test_the_timing_says_in_which_block_an_order_stands(timing: str, kind: OrderKind) -> None:
    assert ordered(f"TQ1|1||{timing}").kind is kind


def test_the_condition_of_an_order_as_needed_is_kept() -> None:
    found = ordered("TQ1|1||Q6H|||||||PRN|if pain")
    found = ordered("TQ1|1||Q6H||||||PRN|if pain")
    assert (found.kind, found.as_needed_reason) == (OrderKind.AS_NEEDED, "if pain")
    assert found.timing.value.every_minutes == 360


_PIECES = st.sampled_from(
    ["", "BID", "Q8H", "QW", "3^D", "20260516", "S", "PRN", "1", "x", "~", "0800"]
)


@given(st.lists(st.lists(_PIECES, min_size=11, max_size=11), min_size=1, max_size=3))
def test_any_timing_is_read_without_error_and_keeps_its_text(rows: list[list[str]]) -> None:
    timing = read_timing(tuple(RawTiming(*row, "AS SENT") for row in rows), BRUSSELS)
    assert timing.text


INSULIN = (
    RawTiming(pattern="QD", times="0800", start=START, quantity="10 U", conjunction="A"),
    RawTiming(pattern="QD", times="2000", start=START, quantity="6 U"),
)


def test_two_doses_of_the_same_days_are_phases_side_by_side_each_with_its_own_hour() -> None:
    timing = read_timing(INSULIN, BRUSSELS)
    assert timing.form is TimingForm.PHASES
    assert [(each.times, each.dose, each.text) for each in timing.phases] == [
        (("08:00",), "10 U", "QD 0800"),
        (("20:00",), "6 U", "QD 2000"),
    ]


@pytest.mark.parametrize(
    "changes",
    [{"times": "0800"}, {"quantity": ""}, {"start": "20260520"}, {"conjunction": "S"}],
)
def test_doses_of_one_hour_or_of_days_that_overlap_stand_as_sent(
    changes: dict[str, str],
) -> None:
    rows = (
        msgspec.structs.replace(INSULIN[0], conjunction=changes.pop("conjunction", "A")),
        msgspec.structs.replace(INSULIN[1], **changes),
    )
    timing = read_timing(rows, BRUSSELS)
    assert timing.form is TimingForm.UNREADABLE
    assert timing.text.startswith("[10 U] QD 0800 ; ")


def test_rows_whose_days_overlap_are_no_phases() -> None:
    first = RawTiming(pattern="QD", start="20260516", stop="20260520", quantity="40 mg")
    second = RawTiming(pattern="QD", start="20260518", quantity="20 mg")
    assert read_timing((first, second), BRUSSELS).form is TimingForm.UNREADABLE
    after = RawTiming(pattern="QD", start="20260520", quantity="20 mg")
    assert read_timing((first, after), BRUSSELS).form is TimingForm.PHASES
