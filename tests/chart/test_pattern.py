from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.chart.pattern import Pattern, read_pattern, read_times


@pytest.mark.parametrize(
    ("sent", "explicit", "meant"),
    [
        ("BID", "", Pattern(code="BID")),
        ("bid", "", Pattern(code="BID")),
        (
            "QID&0600,1200,1800,2200",
            "",
            Pattern(code="QID", times=("06:00", "12:00", "18:00", "22:00")),
        ),
        ("BID&twice a day&HL70335", "", Pattern(code="BID")),
        ("BID", "0800~2000", Pattern(code="BID", times=("08:00", "20:00"))),
        ("BID", "08:00~20:00", Pattern(code="BID", times=("08:00", "20:00"))),
        ("QD", "1900", Pattern(code="QD", times=("19:00",))),
        ("Q8H", "", Pattern(code="Q8H", minutes=480)),
        ("Q8H", "0600,1400,2200", Pattern(code="Q8H", times=("06:00", "14:00", "22:00"))),
        ("Q24H&0600", "", Pattern(code="Q24H", times=("06:00",))),
        ("Q72H", "", Pattern(code="Q72H", minutes=4320)),
        ("Q30M", "", Pattern(code="Q30M", minutes=30)),
        ("QOD", "", Pattern(code="QD", days=2)),
        ("Q2D", "", Pattern(code="QD", days=2)),
        ("QW", "", Pattern(code="QD", days=7)),
        ("Q1W", "", Pattern(code="QD", days=7)),
        ("Q3W", "", Pattern(code="QD", days=21)),
        ("QJ2", "", Pattern(code="QD", weekdays=(2,))),
        ("Q1J2", "0800", Pattern(code="QD", weekdays=(2,), times=("08:00",))),
        ("QJ135", "", Pattern(code="QD", weekdays=(1, 3, 5))),
        ("QD^DW^1^5", "", Pattern(code="QD", weekdays=(1, 2, 3, 4, 5))),
        ("^^^^8^h", "", Pattern(code="Q8H", minutes=480)),
        ("PRN", "", Pattern(empty=True, as_needed=True)),
        ("Q6H PRN", "", Pattern(code="Q6H", minutes=360, as_needed=True)),
        ("Q4H&PRN", "", Pattern(code="Q4H", minutes=240, as_needed=True)),
        ("Q4H~PRN", "", Pattern(code="Q4H", minutes=240, as_needed=True)),
        ("MO,WE,FR", "", Pattern(code="QD", weekdays=(1, 3, 5))),
        ("MOWEFR", "0900", Pattern(code="QD", weekdays=(1, 3, 5), times=("09:00",))),
        ("MO~TH", "", Pattern(code="QD", weekdays=(1, 4))),
        ("PRNQ6H", "", Pattern(code="Q6H", minutes=360, as_needed=True)),
        ("ONCE", "", Pattern(code="ONCE", once=True)),
        ("Once", "", Pattern(code="ONCE", once=True)),
        ("C", "", Pattern(code="C", continuous=True)),
        ("", "", Pattern(empty=True)),
        ("5ID", "", Pattern(code="5ID")),
    ],
)
def test_what_a_pattern_means(sent: str, explicit: str, meant: Pattern) -> None:
    assert read_pattern(sent, explicit) == meant


@pytest.mark.parametrize(
    ("sent", "explicit"),
    [
        ("selon INR à 18 h", ""),
        ("BID", "0800"),
        ("TID&0600,1200", ""),
        ("Q8H", "0600,1500,2200"),
        ("Q8H", "0600"),
        ("Q2J2", ""),
        ("BID^^^^^^^ACM", ""),
        ("P&Post (after)&HL70335^^^^180^min", ""),
        ("Q0H", ""),
        ("Q8", ""),
        ("BID~TID", ""),
        ("QD", "25:00"),
        ("QD", "half past"),
        ("QD^DOM^1", ""),
        ("BID^^^^^^^^^^gts", ""),
        ("QD^DW^8", ""),
        ("BID^^^^8^h", ""),
    ],
)
def test_what_is_not_wholly_understood_is_not_guessed(sent: str, explicit: str) -> None:
    assert read_pattern(sent, explicit) is None


@given(st.text(max_size=30), st.text(max_size=20))
def test_any_text_is_read_or_refused_and_never_breaks(sent: str, explicit: str) -> None:
    read_pattern(sent, explicit)


@given(st.text(max_size=20))
def test_times_are_clock_times_in_order(text: str) -> None:
    times = read_times(text)
    assert times is None or (
        list(times) == sorted(times) and all("00:00" <= t <= "23:59" for t in times)
    )


@pytest.mark.parametrize(
    ("sent", "days"),
    [
        ("QD^DW^1^5", (1, 2, 3, 4, 5)),
        ("QD^DW^6^2", (1, 2, 6, 7)),
        ("QD^DW^7^1", (1, 7)),
        ("BID^DW^3", (3,)),
    ],
)
def test_days_of_the_week_go_over_its_end(sent: str, days: tuple[int, ...]) -> None:
    read = read_pattern(sent, "")
    assert read is not None
    assert read.weekdays == days


@pytest.mark.parametrize(
    "sent",
    ["QD^DW^12", "QD^DW^0^3", "QD^DW^1^8", "QD^DW^^5", "QW^DW^1^5", "Q2D^DW^1^5", "Q4H^DW^1^5"],
)
def test_days_that_are_none_or_fit_no_daily_pattern_are_not_guessed(sent: str) -> None:
    assert read_pattern(sent, "") is None


def test_what_stands_where_the_institutions_hours_belong_is_not_passed_over() -> None:
    assert read_pattern("Q4H^^^^^^PRN", "") is None
    assert read_pattern("Q4H^^^^^^Y", "") == read_pattern("Q4H", "")
