from hypothesis import given
from hypothesis import strategies as st
from tests.pack.handmade import NOW, PATCH, WEEKLY, dose, order

from wardkeep.chart.model import Timing, TimingForm
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import DAY, HOUR, MINUTE
from wardkeep.pack.due_times import due_times

RULES = Rules(timezone="Europe/Brussels")
MONDAY_8 = NOW + 2 * DAY + 3 * HOUR + 48 * MINUTE


def daily(hour: str) -> Timing:
    return Timing(form=TimingForm.TIMES, text="", times=(hour,))


def test_last_weeks_dose_does_not_hide_this_weeks_box() -> None:
    weekly = order("w", "methotrexate", timing=WEEKLY)
    sunday = MONDAY_8 - DAY
    due = due_times(
        weekly, (dose("w", MONDAY_8 - 7 * DAY),), RULES, sunday, sunday + DAY + HOUR
    )
    assert due.boxes == (MONDAY_8,)


def test_a_dose_given_late_covers_its_own_time_and_not_the_next_one_of_three_days() -> None:
    start = PATCH.start
    assert start is not None
    late, now = start.at + 13 * HOUR, start.at + 60 * HOUR
    patch = order("p", "fentanyl", timing=PATCH)
    due = due_times(patch, (dose("p", late),), RULES, now, now + DAY)
    assert due.boxes == (start.at + 72 * HOUR,)


def test_yesterdays_dose_does_not_answer_for_today() -> None:
    nightly = order("n", "x", timing=daily("02:00"))
    due = due_times(nightly, (dose("n", NOW - 26 * HOUR),), RULES, NOW, NOW + DAY)
    assert len(due.asked) == 1
    assert len(due.boxes) == 1


def test_a_dose_recorded_for_its_time_leaves_nothing_to_ask() -> None:
    nightly = order("n", "x", timing=daily("02:00"))
    due = due_times(nightly, (dose("n", NOW - 2 * HOUR),), RULES, NOW, NOW + DAY)
    assert due.asked == ()
    assert len(due.boxes) == 1


@given(st.lists(st.integers(0, 8 * 24), max_size=12), st.integers(0, 23))
def test_a_future_dose_is_hidden_only_by_a_dose_nearer_to_it_than_to_any_other(
    ago: list[int], hour: int
) -> None:
    every_day = order("d", "x", timing=daily(f"{hour:02}:00"))
    doses = tuple(dose("d", NOW - hours * HOUR) for hours in ago)
    due = due_times(every_day, doses, RULES, NOW, NOW + DAY)
    if not due.boxes:
        assert any(hours < 24 for hours in ago)
    assert all(at <= NOW for at in due.asked)
