import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.kernel.times import DAY, HOUR, MINUTE, SECOND
from wardkeep.pack.generations import SPANS, kept, last_before

START = 20_000 * DAY
GAPS = st.lists(
    st.one_of(
        st.integers(SECOND, 3 * MINUTE),
        st.integers(MINUTE, 5 * HOUR),
        st.integers(HOUR, 3 * DAY),
    ),
    min_size=1,
    max_size=120,
)


def shelved(gaps: list[int]) -> tuple[dict[int, int], dict[int, int], int]:
    """All packs that were ever made, those that stand after pruning at each, and now."""
    made: dict[int, int] = {}
    stand: dict[int, int] = {}
    now = START
    for generation, gap in enumerate(gaps, 1):
        now += gap
        made[generation] = stand[generation] = now
        stand = {number: stand[number] for number in kept(stand, now)}
    return made, stand, now


@given(GAPS)
def test_for_every_age_a_pack_from_before_it_stands_whatever_came_since(
    gaps: list[int],
) -> None:
    made, stand, now = shelved(gaps)
    for span, _ in SPANS:
        last = last_before(made, now - span)
        found = last_before(stand, now - span)
        assert (last is None) == (found is None)
        if last is not None and found is not None and now - made[last] < SPANS[-1][0]:
            # The last one before may itself be much older: its own age says how finely.
            step = next(step for until, step in SPANS if now - made[last] < until)
            assert made[last] - stand[found] < step


@given(GAPS)
def test_the_newest_three_stand(gaps: list[int]) -> None:
    made, stand, _ = shelved(gaps)
    assert set(sorted(made)[-3:]) <= stand.keys()


@given(GAPS)
def test_what_stands_is_never_many_and_pruning_twice_takes_nothing_more(
    gaps: list[int],
) -> None:
    _, stand, now = shelved(gaps)
    assert kept(stand, now) == stand.keys()
    assert len(stand) <= 3 + 7 + 7 + 9 + 7 + 9 + 9 + 1


def test_a_flood_of_forged_packs_leaves_the_freeze_point_from_before_it() -> None:
    quiet, flood = [HOUR] * 240, [30 * SECOND] * 960
    made, stand, now = shelved(quiet + flood)
    before = now - 8 * HOUR
    honest = {number for number in stand if number <= len(quiet)}
    assert len(honest) > 10
    found = last_before(stand, before)
    assert found in honest
    assert before - stand[found] <= HOUR
    assert len(made) == 1_200


def test_an_empty_shelf_keeps_nothing() -> None:
    assert kept({}, START) == set()


@pytest.mark.parametrize("ahead", [SECOND, DAY])
def test_packs_from_a_time_that_is_yet_to_come_are_not_taken_away(ahead: int) -> None:
    made = {number: START + ahead + number for number in range(1, 10)}
    assert kept(made, START) == set(made)
