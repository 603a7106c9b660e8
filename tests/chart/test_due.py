from __future__ import annotations

from collections.abc import Sequence

import msgspec
from hypothesis import given as tried_with
from hypothesis import strategies as st
from tests.chart.sending import RULES, chart, clock, micros, ordered, orders, ras
from tests.pack.handmade import NOW, PATCH, WEEKLY, dose
from tests.pack.handmade import order as order_of

from wardkeep.chart.due import LOOK_AHEAD, DueTimes, due_times
from wardkeep.chart.model import (
    Dose,
    DoseOutcome,
    MedicationOrder,
    Timing,
    TimingForm,
    Value,
)
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import DAY, HOUR, MINUTE


def test_the_site_can_turn_computing_off() -> None:
    off = Rules(compute_next_due=False)
    now = micros("20260516000000")
    assert due_times(ordered("TQ1|1||BID"), (), off, now, now + DAY) == DueTimes()


def next_due(order: MedicationOrder, doses: Sequence[Dose], now: int) -> tuple[int, ...]:
    """What is asked about, then the next time after now."""
    due = due_times(order, doses, RULES, now, now + LOOK_AHEAD[0])
    return (*due.asked, *(due.boxes[:1] or ((due.later,) if due.later else ())))


def following(order: MedicationOrder, now: str, *given: str) -> list[str]:
    sent = [("meds", ras(at, sub=str(number))) for number, at in enumerate(given)]
    doses = chart(*sent).doses if sent else ()
    return clock(next_due(order, doses, micros(now)))


def test_the_next_dose_after_the_one_given() -> None:
    order = ordered("TQ1|1||BID")
    assert following(order, "20260516093000", "20260515200500", "20260516081000") == [
        "16 20:00"
    ]
    given = ("20260515080000", "20260515200500", "20260516074000")
    assert following(order, "20260516074500", *given) == ["16 20:00"]


def test_a_dose_that_was_not_recorded_is_overdue() -> None:
    order = ordered("TQ1|1||BID")
    assert following(order, "20260516093000", "20260515200500") == ["16 08:00", "16 20:00"]


def test_an_order_of_which_no_dose_was_ever_recorded_is_asked_about_since_it_stands() -> None:
    old, new = ordered("TQ1|1||BID"), ordered("TQ1|1||BID||||20260516090000")
    assert following(old, "20260516093000") == ["15 20:00", "16 08:00", "16 20:00"]
    assert following(new, "20260516093000") == ["16 20:00"]


def test_a_patch_counts_from_the_last_one_where_its_start_is_only_a_day() -> None:
    order = ordered("TQ1|1||Q72H||||20260501")
    assert following(order, "20260517120000", "20260515091000") == ["18 09:10"]


def test_a_single_dose_that_was_given_is_not_due_again() -> None:
    order = ordered("TQ1|1||ONCE||||20260516103000")
    assert following(order, "20260516090000") == ["16 10:30"]
    assert following(order, "20260516104000", "20260516103500") == []


def test_a_weekly_dose_is_found_a_week_ahead() -> None:
    weekly = ordered("TQ1|1||QJ5")
    assert following(weekly, "20260516090000", "20260515080000") == ["22 08:00"]


def test_a_weekly_dose_that_nobody_charted_is_asked_about_for_the_whole_week() -> None:
    weekly = ordered("TQ1|1||QJ5")
    assert following(weekly, "20260520090000", "20260508080000") == ["15 08:00", "22 08:00"]
    assert following(weekly, "20260520090000", "20260515190000") == ["22 08:00"]


def test_yesterdays_dose_does_not_answer_for_todays_overdue_one() -> None:
    order = ordered("TQ1|1||QD&0200||||20260501020000")
    given = chart(
        (
            "meds",
            orders(
                "RDE^O11",
                "20260501070000",
                "ORC|NW|77^CPOE",
                "RXE||X^Drug^L|1||tab",
                "TQ1|1||QD&0200||||20260501020000",
            ),
        ),
        ("meds", ras("20260515021200", order="77^CPOE")),
    ).doses
    assert clock(next_due(order, given, micros("20260516041200"))) == [
        "16 02:00",
        "17 02:00",
    ]


PLAIN = Rules(timezone="Europe/Brussels")
MONDAY_8 = NOW + 2 * DAY + 3 * HOUR + 48 * MINUTE


def told_at(order: MedicationOrder, at: int) -> MedicationOrder:
    """The order with its timing told last then."""
    source = msgspec.structs.replace(order.timing.source, event=at)
    return msgspec.structs.replace(order, timing=Value(order.timing.value, source))


def daily(hour: str) -> Timing:
    return Timing(form=TimingForm.TIMES, text="", times=(hour,))


def test_last_weeks_dose_does_not_hide_this_weeks_box() -> None:
    weekly = order_of("w", "methotrexate", timing=WEEKLY)
    sunday = MONDAY_8 - DAY
    due = due_times(
        weekly, (dose("w", MONDAY_8 - 7 * DAY),), PLAIN, sunday, sunday + DAY + HOUR
    )
    assert due.boxes == (MONDAY_8,)


def test_a_dose_given_late_covers_its_own_time_and_not_the_next_one_of_three_days() -> None:
    start = PATCH.start
    assert start is not None
    late, now = start.at + 13 * HOUR, start.at + 60 * HOUR
    patch = order_of("p", "fentanyl", timing=PATCH)
    due = due_times(patch, (dose("p", late),), PLAIN, now, now + DAY)
    assert due.boxes == (start.at + 72 * HOUR,)


def test_yesterdays_dose_does_not_answer_for_today() -> None:
    nightly = order_of("n", "x", timing=daily("02:00"))
    due = due_times(nightly, (dose("n", NOW - 26 * HOUR),), PLAIN, NOW, NOW + DAY)
    assert len(due.asked) == 1
    assert len(due.boxes) == 1


def test_a_dose_recorded_for_its_time_leaves_nothing_to_ask() -> None:
    nightly = order_of("n", "x", timing=daily("02:00"))
    due = due_times(nightly, (dose("n", NOW - 2 * HOUR),), PLAIN, NOW, NOW + DAY)
    assert due.asked == ()
    assert len(due.boxes) == 1


@tried_with(st.lists(st.integers(0, 8 * 24), max_size=12), st.integers(0, 23))
def test_a_future_dose_is_hidden_only_by_a_dose_nearer_to_it_than_to_any_other(
    ago: list[int], hour: int
) -> None:
    every_day = order_of("d", "x", timing=daily(f"{hour:02}:00"))
    doses = tuple(dose("d", NOW - hours * HOUR) for hours in ago)
    due = due_times(every_day, doses, PLAIN, NOW, NOW + DAY)
    if not due.boxes:
        assert any(hours < 24 for hours in ago)
    assert all(at <= NOW for at in due.asked)


def test_a_dose_whose_outcome_could_not_be_read_is_asked_about_and_answers_for_nothing() -> (
    None
):
    nightly = order_of("n", "x", timing=daily("02:00"))
    unclear = dose("n", NOW - 2 * HOUR, outcome=DoseOutcome.UNCLEAR, outcome_text="A")
    due = due_times(nightly, (unclear,), PLAIN, NOW, NOW + DAY)
    assert due.asked == (NOW - 2 * HOUR,)


def test_a_dose_of_unread_outcome_given_early_leaves_its_box_open() -> None:
    soon = order_of("n", "x", timing=daily("05:00"))
    unclear = dose("n", NOW - 10 * MINUTE, outcome=DoseOutcome.UNCLEAR)
    due = due_times(soon, (unclear,), PLAIN, NOW, NOW + DAY)
    assert due.asked[-1] == NOW - 10 * MINUTE
    assert due.boxes == (NOW + 48 * MINUTE,)


def test_a_missed_dose_is_asked_about_though_a_later_one_was_given() -> None:
    often = order_of(
        "o", "x", timing=Timing(form=TimingForm.TIMES, text="", times=("02:45", "04:00"))
    )
    for given, asked in (((10,), ["07 02:45"]), ((10, 85), []), ((), ["07 02:45", "07 04:00"])):
        doses = tuple(dose("o", NOW - minutes * MINUTE) for minutes in given)
        due = due_times(often, doses, PLAIN, NOW, NOW + DAY)
        assert [each for each in clock(due.asked) if each.startswith("07")] == asked


def test_hours_from_before_a_change_of_the_timing_are_not_asked_about_behind_a_dose() -> None:
    often = order_of(
        "o", "x", timing=Timing(form=TimingForm.TIMES, text="", times=("02:45", "04:00"))
    )
    for changed, asked in ((NOW - HOUR, []), (NOW - 2 * HOUR, ["07 02:45"])):
        due = due_times(
            told_at(often, changed), (dose("o", NOW - 10 * MINUTE),), PLAIN, NOW, NOW + DAY
        )
        assert [each for each in clock(due.asked) if each.startswith("07")] == asked


TWICE = Timing(form=TimingForm.TIMES, text="", times=("08:00", "20:00"))
"""NOW is 04:12: 08:00 is in 3 h 48 min."""


def of_twice(ago: int, *given: int) -> list[str]:
    """What is asked (?) and due of a drug of 08:00 and 20:00, seen `ago` hours before NOW."""
    now = NOW - ago * HOUR
    doses = tuple(dose("t", NOW - hours * HOUR) for hours in given)
    twice = told_at(order_of("t", "x", timing=TWICE), NOW - 5 * DAY)
    due = due_times(twice, doses, PLAIN, now, now + 12 * HOUR)
    return [f"?{at}" for at in clock(due.asked)] + clock(due.boxes)


def test_a_morning_dose_given_late_does_not_take_the_evenings_box() -> None:
    # 14:12 yesterday is nearer to 20:00 than to 08:00; the evening before was given.
    assert of_twice(13, 14, 32) == ["06 20:00"]


def test_an_evening_dose_given_early_leaves_no_second_box() -> None:
    # 18:12 yesterday: 20:00 is near, the morning's dose was charted.
    assert of_twice(9, 10, 20, 32) == []


def test_a_dose_just_before_its_time_does_not_answer_for_the_one_that_was_missed() -> None:
    # 19:12 yesterday is the evening's dose; the morning's was never charted.
    assert of_twice(9, 9, 32) == ["?06 08:00"]
    assert of_twice(9, 32) == ["?06 08:00", "06 20:00"]


def test_a_weekly_drug_given_three_days_early_has_no_second_box_in_its_week() -> None:
    weekly = order_of("w", "methotrexate", timing=WEEKLY)
    friday, last = MONDAY_8 - 3 * DAY, MONDAY_8 - 7 * DAY
    for given in ((friday,), (last, friday)):
        doses = tuple(dose("w", at) for at in given)
        sunday = MONDAY_8 - DAY
        assert due_times(weekly, doses, PLAIN, sunday, sunday + DAY + HOUR).boxes == ()


def test_a_stat_dose_without_a_time_is_asked_about_since_it_was_ordered() -> None:
    stat = ordered("TQ1|1||||||||S")
    assert stat.timing.value.form is TimingForm.ONCE
    assert following(stat, "20260501080000") == ["01 07:00"]
    given = chart(
        ("meds", ras("20260501071000", order="77^CPOE")),
    ).doses
    assert next_due(stat, given, micros("20260501080000")) == ()
