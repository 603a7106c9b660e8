from __future__ import annotations

import pytest

from wardkeep.bedside.decide import LONGEST, Drawn, Settling, answer, settle
from wardkeep.bedside.errors import (
    CheckTooOldError,
    NotAnsweredError,
    NotDifferentError,
    NothingDoneError,
)
from wardkeep.bedside.events import Cause, DifferenceSettled, FactKind, Finding
from wardkeep.bedside.facts import Fact
from wardkeep.bedside.state import NO_CHECKS, Checks, fold
from wardkeep.kernel.times import MINUTE

NOW = 1_772_853_120_000_000
FACTS = (
    Fact(record="1", kind=FactKind.ALLERGIES, bed="12-1", feed="adt", entry=7),
    Fact(record="2", kind=FactKind.BED, bed="12-2", feed="adt", entry=8, recorded=False),
)
DRAWN = Drawn(check="c", ward="4B", by="anna", at=NOW, facts=FACTS)
ANSWERS = {0: Finding.DIFFERENT, 1: Finding.SAME}


def checked() -> Checks:
    return fold(answer(NO_CHECKS, DRAWN, ANSWERS, "anna", NOW + MINUTE))


def test_a_check_keeps_who_when_and_what_was_found_without_the_patient() -> None:
    (event,) = answer(NO_CHECKS, DRAWN, ANSWERS, "anna", NOW + MINUTE)
    assert (event.check, event.ward, event.by, event.drawn) == ("c", "4B", "anna", NOW)
    assert [(f.kind, f.finding, f.bed, f.entry, f.recorded) for f in event.found] == [
        (FactKind.ALLERGIES, Finding.DIFFERENT, "12-1", 7, True),
        (FactKind.BED, Finding.SAME, "12-2", 8, False),
    ]


def test_a_form_that_is_sent_again_counts_once_whatever_it_says_then() -> None:
    other = dict.fromkeys(range(2), Finding.SAME)
    assert answer(checked(), DRAWN, other, "anna", NOW + 2 * MINUTE) == []
    # However late, it is known and no error.
    assert answer(checked(), DRAWN, other, "anna", NOW + 2 * LONGEST) == []


@pytest.mark.parametrize("answers", [{}, {0: Finding.SAME}, {**ANSWERS, 2: Finding.SAME}])
def test_every_fact_has_an_answer_or_nothing_is_recorded(answers: dict[int, Finding]) -> None:
    with pytest.raises(NotAnsweredError):
        answer(NO_CHECKS, DRAWN, answers, "anna", NOW)


@pytest.mark.parametrize("at", [NOW + LONGEST + 1, NOW - 1])
def test_facts_drawn_long_ago_tell_nothing_of_now(at: int) -> None:
    with pytest.raises(CheckTooOldError):
        answer(NO_CHECKS, DRAWN, ANSWERS, "anna", at)
    assert answer(NO_CHECKS, DRAWN, ANSWERS, "anna", NOW + LONGEST)


def test_a_difference_waits_until_somebody_says_what_was_done() -> None:
    checks = checked()
    assert [(each.checked.check, each.place) for each in checks.waiting()] == [("c", 0)]
    said = Settling(
        check="c", place=0, cause=Cause.FEED, done=" told\n the  pharmacy ", feed="mar"
    )
    events = settle(checks, said, "ines", NOW + 9 * MINUTE)
    assert events == [
        DifferenceSettled(
            check="c",
            place=0,
            cause=Cause.FEED,
            done="told the pharmacy",
            feed="mar",
            at=NOW + 9 * MINUTE,
            by="ines",
        )
    ]
    after = fold(events, checks)
    assert after.waiting() == ()
    assert [each.settled for each in after.differences()] == events
    with pytest.raises(NotDifferentError):
        settle(after, said, "ines", NOW)


@pytest.mark.parametrize(("check", "place"), [("c", 1), ("c", 2), ("x", 0)])
def test_only_what_differed_can_be_settled(check: str, place: int) -> None:
    said = Settling(check=check, place=place, cause=Cause.UNKNOWN, done="x")
    with pytest.raises(NotDifferentError):
        settle(checked(), said, "ines", NOW)


def test_to_settle_says_what_was_done() -> None:
    with pytest.raises(NothingDoneError):
        settle(
            checked(),
            Settling(check="c", place=0, cause=Cause.SOURCE, done=" \n"),
            "ines",
            NOW,
        )
