from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.bedside.events import (
    BedsideChecked,
    BedsideEvent,
    Cause,
    DifferenceSettled,
    FactKind,
    Finding,
    Found,
)
from wardkeep.bedside.state import KEPT, NO_CHECKS, fold
from wardkeep.kernel.times import DAY

NOW = 1_772_853_120_000_000


def check(number: str, at: int, *findings: Finding, ward: str = "4B") -> BedsideChecked:
    found = tuple(Found(kind=FactKind.BED, finding=finding) for finding in findings)
    return BedsideChecked(check=number, ward=ward, drawn=at, found=found, at=at, by="anna")


def settled(number: str, place: int, at: int) -> DifferenceSettled:
    return DifferenceSettled(
        check=number, place=place, cause=Cause.SOURCE, done="told", at=at, by="ines"
    )


def test_of_two_forms_with_one_number_the_first_counts() -> None:
    first, second = check("a", NOW, Finding.SAME), check("a", NOW + 1, Finding.DIFFERENT)
    assert fold([first, second]).checked == {"a": first}


def test_old_checks_are_left_out_and_old_differences_that_wait_are_not() -> None:
    old = [check("a", NOW, Finding.SAME), check("b", NOW, Finding.DIFFERENT)]
    later = check("c", NOW + KEPT + DAY, Finding.SAME)
    checks = fold([later], fold(old))
    assert set(checks.checked) == {"b", "c"}
    done = fold([settled("b", 0, NOW + KEPT + DAY)], checks)
    assert set(done.checked) == {"c"}
    assert done.settled == {}


def test_what_was_settled_last_stands_first() -> None:
    differs = (Finding.DIFFERENT, Finding.DIFFERENT)
    checks = fold(
        [check("a", NOW, *differs), settled("a", 1, NOW + 1), settled("a", 0, NOW + 2)]
    )
    assert [(each.place, each.settled) for each in checks.done()] == [
        (0, settled("a", 0, NOW + 2)),
        (1, settled("a", 1, NOW + 1)),
    ]
    assert fold([settled("x", 0, NOW)]).done() == []


_EVENTS = st.lists(
    st.one_of(
        st.builds(
            check,
            st.sampled_from("abc"),
            st.integers(NOW, NOW + 90 * DAY),
            st.sampled_from(Finding),
            st.sampled_from(Finding),
        ),
        st.builds(settled, st.sampled_from("abc"), st.integers(0, 2), st.just(NOW)),
    ),
    max_size=12,
)


@given(_EVENTS)
def test_folding_a_ledger_again_gives_the_same_state(events: list[BedsideEvent]) -> None:
    once = fold(events)
    assert fold(events) == once
    assert fold([], once) == once
    known = {(each.checked.check, each.place) for each in once.differences()}
    assert {(each.checked.check, each.place) for each in once.waiting()} <= known


def test_nothing_was_checked_in_an_empty_ledger() -> None:
    assert fold([]) == NO_CHECKS
    assert NO_CHECKS.waiting() == ()
