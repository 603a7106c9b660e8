from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import DAY, HOUR, SECOND
from wardkeep.sample import formulary
from wardkeep.sample.hl7 import LocalTime
from wardkeep.sample.schedule import next_due, steps_of

CLOCK = LocalTime()
START = 1_653_364_800_000_000
AFTER = st.integers(START // SECOND, START // SECOND + 400 * 86_400).map(lambda s: s * SECOND)


@given(AFTER)
def test_methotrexate_falls_due_on_mondays_at_eight(after: int) -> None:
    due = CLOCK.local(next_due(formulary.METHOTREXATE, START, after, CLOCK))
    assert (due.isoweekday(), due.hour, due.minute) == (1, 8, 0)


@given(AFTER)
def test_a_patch_falls_due_every_72_hours_from_the_first(after: int) -> None:
    due = next_due(formulary.FENTANYL, START, after, CLOCK)
    assert after < due <= after + 72 * HOUR
    assert (due - START) % (72 * HOUR) == 0


@given(AFTER, st.sampled_from(formulary.BASIC))
def test_whatever_is_prescribed_falls_due_within_eight_days(
    after: int, medicine: formulary.Medicine
) -> None:
    due = next_due(medicine, START, after, CLOCK)
    assert after < due <= after + 8 * DAY


def test_the_steps_of_a_tapering_course_follow_each_other() -> None:
    steps = steps_of(formulary.PREDNISOLONE, START, CLOCK)
    assert [amount for amount, _, _ in steps] == ["32", "16", "8"]
    assert [end for _, _, end in steps[:-1]] == [begin for _, begin, _ in steps[1:]]
    assert steps[-1][2] - START == 10 * DAY
