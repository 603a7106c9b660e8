from __future__ import annotations

import msgspec
import pytest
from tests.chart.sending import RULES, clock, micros, ordered

from wardkeep.chart.model import (
    Flag,
    FlagKind,
    MedicationOrder,
    OrderState,
    TimingForm,
    Value,
)
from wardkeep.chart.schedule import dose_at, due_between
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import DAY, HOUR


def due(order: MedicationOrder, begin: str, end: str, rules: Rules = RULES) -> list[str]:
    return clock(due_between(order, (), rules, micros(begin), micros(end)))


@pytest.mark.parametrize(
    ("timing", "expected"),
    [
        ("TQ1|1||BID", ["16 08:00", "16 20:00", "17 08:00"]),
        ("TQ1|1||QID&0600,1200,1800,2200",
         ["16 06:00", "16 12:00", "16 18:00", "16 22:00", "17 06:00"]),
        ("TQ1|1||Q8H||||20260510060000",
         ["16 06:00", "16 14:00", "16 22:00", "17 06:00"]),
        ("TQ1|1||Q72H||||20260510090000", ["16 09:00"]),
        ("TQ1|1||Q5H||||20260516000000", ["16 00:00", "16 05:00", "16 10:00", "16 15:00",
                                           "16 20:00", "17 01:00", "17 06:00", "17 11:00"]),
        ("TQ1|1||QOD||||20260514", ["16 08:00"]),
        ("TQ1|1||QOD||||20260515", ["17 08:00"]),
        ("TQ1|1||QJ6", ["16 08:00"]),
        ("TQ1|1||QW||||20260509", ["16 08:00"]),
        ("TQ1|1||ONCE||||20260516103000", ["16 10:30"]),
        ("TQ1|1||BID||||20260510|20260516120000", ["16 08:00"]),
        ("TQ1|1||BID||||20260516100000", ["16 20:00", "17 08:00"]),
        ("TQ1|1||QPM&2000||||20260516100000|20260516200000", ["16 20:00"]),
        ("TQ1|1||QPM&2000||||20260509200000|20260516200000", []),
        ("TQ1|1||BID|||1^D|20260515200000", ["16 08:00"]),
        ("TQ1|1||PRN", []), ("TQ1|1||C", []), ("TQ1|1||as INR", []),
        ("TQ1|1||Q8H||||20260510", []), ("TQ1|1||ONCE||||20260516", []),
    ],
)  # fmt: skip
def test_due_times_of_a_day_and_a_half(timing: str, expected: list[str]) -> None:
    assert due(ordered(timing), "20260516000000", "20260517120000") == expected


def test_a_taper_is_due_by_its_phases() -> None:
    order = ordered("TQ1|1|40^mg|BID|||1^D|20260516060000|||||S", "TQ1|2|20^mg|QD|||2^D")
    assert due(order, "20260516000000", "20260520000000") == [
        "16 08:00", "16 20:00", "17 08:00", "18 08:00",
    ]  # fmt: skip


def test_the_night_of_october_has_each_hour_once() -> None:
    hours = Rules(standard_hours={"BID": ("02:30", "14:30")})
    times = due_between(
        ordered("TQ1|1||BID"), (), hours, micros("20261025000000"), micros("20261026000000")
    )
    assert clock(times) == ["25 02:30", "25 14:30"]
    assert times[1] - times[0] == 13 * HOUR
    eight = ordered("TQ1|1||Q8H||||20260901060000")
    assert due(eight, "20261025000000", "20261026000000") == [
        "25 06:00",
        "25 14:00",
        "25 22:00",
    ]


def test_the_missing_hour_of_march_skips_no_dose() -> None:
    hours = Rules(standard_hours={"QD": ("02:30",)})
    found = due(ordered("TQ1|1||QD"), "20260329000000", "20260330000000", hours)
    assert found == ["29 03:30"]


def test_an_hourly_order_is_due_in_both_of_the_doubled_hours() -> None:
    hourly = ordered("TQ1|1||Q1H||||20261020000000")
    assert len(due(hourly, "20261025000000", "20261026000000")) == 25


@pytest.mark.parametrize(
    "state", [state for state in OrderState if state is not OrderState.ACTIVE]
)
def test_an_order_that_does_not_run_is_never_due(state: OrderState) -> None:
    order = ordered("TQ1|1||BID")
    ended = msgspec.structs.replace(order, state=Value(state, order.state.source))
    assert due(ended, "20260516000000", "20260517000000") == []


def test_a_site_that_turned_computing_off_has_no_due_times() -> None:
    off = Rules(compute_next_due=False)
    assert due(ordered("TQ1|1||BID"), "20260516000000", "20260517000000", off) == []


def test_many_years_of_an_order_cost_no_more_than_the_span_asked_for() -> None:
    order = ordered("TQ1|1||Q30M||||19900101000000")
    found = due_between(
        order, (), RULES, micros("20260516000000"), micros("20260516000000") + DAY
    )
    assert len(found) == 48


def test_an_order_of_an_earlier_stay_has_no_due_time() -> None:
    order = ordered("TQ1|1||BID")
    left = msgspec.structs.replace(order, flags=(Flag(FlagKind.EARLIER_STAY, "V1"),))
    assert due(left, "20260516000000", "20260517000000") == []


def test_each_due_time_of_a_changing_order_has_its_own_dose() -> None:
    taper = ordered("TQ1|1|40^mg|BID|||1^D|20260516060000|||||S", "TQ1|2|20^mg|QD|||2^D")
    insulin = ordered("TQ1|1|10^U|QD&0800||||||||A", "TQ1|2|6^U|QD&2000")
    for order, told in (
        (taper, [("16 08:00", "40 mg"), ("16 20:00", "40 mg"), ("17 08:00", "20 mg")]),
        (insulin, [("16 08:00", "10 U"), ("16 20:00", "6 U"), ("17 08:00", "10 U")]),
    ):
        times = due_between(
            order, (), RULES, micros("20260516000000"), micros("20260517120000")
        )
        found = [dose_at(order, (), RULES, at) for at in times]
        assert list(zip(clock(times), found, strict=True)) == told


def test_a_taper_with_a_code_whose_hours_nobody_knows_is_as_sent_as_a_whole() -> None:
    order = ordered("TQ1|1|40^mg|QD|||1^D|20260516060000|||||S", "TQ1|2|20^mg|5ID|||2^D")
    assert order.timing.value.form is TimingForm.UNREADABLE
    assert "[20 mg] 5ID" in order.timing.value.text
