"""Funding calls, told by the day."""

from __future__ import annotations

import datetime as dt
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.app.governance import shipped_calls
from wardkeep.foresight.errors import FundingError
from wardkeep.foresight.governance.funding import (
    FundingCall,
    by_use,
    read_calls,
    refuse_not_yet_looked_up,
)

DAY = dt.date(2026, 11, 29)
CALL = """
[[calls]]
programme = "P"
call = "C"
source = "S"
as_of = 2026-11-29
"""


@pytest.mark.parametrize(
    ("opens", "closes", "state"),
    [
        ("", "", "NOT KNOWN"),
        ("2026-11-29", "", "NOT KNOWN"),
        ("", "2026-11-29", "NOT KNOWN"),
        ("", "2026-11-28", "closed"),
        ("2026-11-30", "", "not yet open"),
        ("2026-11-29", "2026-11-29", "open"),
        ("2026-01-01", "2026-11-28", "closed"),
    ],
)
def test_a_call_is_open_only_where_both_its_days_say_so(
    opens: str, closes: str, state: str
) -> None:
    text = CALL + "".join(
        f"{name} = {day}\n" for name, day in (("opens", opens), ("closes", closes)) if day
    )
    assert read_calls(text)[0].state(DAY) == state


def test_what_is_open_comes_first_then_what_opens_and_what_is_closed_last() -> None:
    def call(name: str, opens: dt.date | None, closes: dt.date | None) -> FundingCall:
        return FundingCall(
            programme="P", call=name, source="S", as_of=DAY, opens=opens, closes=closes
        )

    week = dt.timedelta(days=7)
    calls = (
        call("past", DAY - 2 * week, DAY - week),
        call("unknown", None, None),
        call("late", DAY, DAY + 2 * week),
        call("soon", DAY, DAY + week),
        call("next", DAY + week, DAY + 2 * week),
    )
    assert [each.call for each in by_use(calls, DAY)] == [
        "soon",
        "late",
        "next",
        "unknown",
        "past",
    ]


def test_the_calls_that_come_along_are_dated_and_sourced() -> None:
    found = read_calls(shipped_calls())
    assert {each.programme.partition(" (")[0] for each in found} >= {
        "Digital Europe",
        "Horizon Europe",
        "Third-party support",
    }
    assert all(each.source and each.asks and each.as_of <= DAY for each in found)
    health = next(each for each in found if "CYBERHEALTH" in each.call)
    assert (health.state(DAY), health.rate) == ("closed", "50 %")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("calls = 3", "Expected `array`"),
        ("[[calls", "Expected"),
        (CALL + 'rates = "x"', "unknown field `rates`"),
        (CALL + 'asks = [{ field = "x", number = "score" }]', "Invalid enum value 'score'"),
        (CALL + "opens = 2027-01-02\ncloses = 2027-01-01", "C: it closes before it opens"),
        (CALL * 101, "101 calls: at most 100"),
        ("#" * 200_001, "more than 200,000 characters"),
    ],
)
def test_a_file_that_is_none_says_why(text: str, says: str) -> None:
    with pytest.raises(FundingError, match=says):
        read_calls(text)


@given(st.text())
def test_no_text_breaks_the_reader(text: str) -> None:
    with suppress(FundingError):
        read_calls(text)


def test_a_call_that_was_looked_up_on_a_day_to_come_is_refused() -> None:
    calls = read_calls(CALL)
    refuse_not_yet_looked_up(calls, DAY)
    with pytest.raises(FundingError, match="C: as_of = 2026-11-29 is still to come"):
        refuse_not_yet_looked_up(calls, DAY - dt.timedelta(days=1))
