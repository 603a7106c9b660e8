"""Who accepts which risk until when."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.errors import RiskError
from wardkeep.foresight.events import RiskAccepted, RiskEvent, decode, encode
from wardkeep.foresight.governance.risk import (
    LONGEST_DAYS,
    Risk,
    Said,
    accept,
    covering,
    fold,
    is_overdue,
    reviewed,
    withdraw,
)
from wardkeep.hospital.map.checks import Finding

TODAY = dt.date(2026, 11, 29)
SAID = Said(1_795_000_000_000_000, "os:an", "Vertrag bis Juni", "Dr. A. Lambert", TODAY)
FINDINGS = (
    Finding(check="no-backup", rank=1, item="server:a", why="none"),
    Finding(check="no-backup", rank=1, item="server:b", why="none"),
    Finding(check="orphan", rank=3, item="server:b", why="nothing needs it"),
)
ONE = Risk("no-backup", "server:a")


def accepted(risk: Risk = ONE, review: str = "2027-05-31") -> RiskAccepted:
    return accept(risk, SAID, review, FINDINGS)


def test_an_acceptance_tells_who_why_until_when_and_reads_back() -> None:
    event = accepted()
    assert (event.accepted_by, event.review) == ("Dr. A. Lambert", "2027-05-31")
    assert decode(encode(event)) == event


@pytest.mark.parametrize(
    ("risk", "review", "says"),
    [
        (Risk("", ""), "2027-05-31", "must be named"),
        (Risk("no-backups", ""), "2027-05-31", "there is no check 'no-backups'"),
        (Risk("single-point", ""), "2027-05-31", "no finding single-point"),
        (Risk("orphan", "server:a"), "2027-05-31", "no finding orphan of server:a"),
        (ONE, "May", "'May' is no day"),
        (ONE, "2026-11-29", "not between tomorrow and 2027-11-30"),
        (ONE, "2027-12-01", "not between tomorrow and 2027-11-30"),
    ],
)
def test_what_nobody_could_answer_for_is_refused(risk: Risk, review: str, says: str) -> None:
    with pytest.raises(RiskError, match=says):
        accepted(risk, review)


@pytest.mark.parametrize(
    ("said", "says"),
    [
        (SAID._replace(reason=" "), "a reason is needed"),
        (SAID._replace(name=""), "a name is needed"),
        (SAID._replace(reason="x" * 501), "more than 500"),
    ],
)
def test_an_acceptance_needs_a_reason_and_a_name(said: Said, says: str) -> None:
    with pytest.raises(RiskError, match=says):
        accept(ONE, said, "2027-05-31", FINDINGS)


def test_a_thing_may_be_accepted_with_all_that_is_found_of_it() -> None:
    standing = fold([accepted(Risk("", "server:b"))])
    assert [covering(standing, each) is not None for each in FINDINGS] == [False, True, True]


def test_the_narrowest_acceptance_of_a_finding_is_told() -> None:
    wide, narrow = accepted(Risk("no-backup", "")), accepted()
    standing = fold([narrow, wide])
    assert covering(standing, FINDINGS[0]) == narrow
    assert covering(standing, FINDINGS[1]) == wide
    assert covering(standing, FINDINGS[2]) is None


def test_an_acceptance_ends_when_it_is_withdrawn_and_begins_anew_when_renewed() -> None:
    first, again = accepted(), accepted(review="2027-10-01")
    gone = withdraw(ONE, SAID, fold([first]))
    assert decode(encode(gone)) == gone
    assert fold([first, gone]) == {}
    assert fold([first, gone, again]) == {ONE: again}
    with pytest.raises(RiskError, match="nobody accepts no-backup of server:a"):
        withdraw(ONE, SAID, {})


def test_past_its_day_a_review_is_overdue_and_listed_first() -> None:
    old, new = accepted(Risk("orphan", ""), "2026-12-01"), accepted()
    later = dt.date(2026, 12, 2)
    assert not is_overdue(old, dt.date(2026, 12, 1))
    found = reviewed(fold([new, old]), FINDINGS, later, ZoneInfo("Europe/Brussels"))
    assert [(each.check, each.overdue, each.findings) for each in found] == [
        ("orphan", True, 1),
        ("no-backup", False, 1),
    ]
    assert found[0].on == "2026-11-18"


@given(st.integers(1, LONGEST_DAYS))
def test_any_day_within_a_year_may_be_that_of_the_review(days: int) -> None:
    day = TODAY + dt.timedelta(days=days)
    assert accepted(review=day.isoformat()).review == day.isoformat()


@given(st.lists(st.tuples(st.booleans(), st.sampled_from(["a", "b"]))))
def test_folding_in_parts_is_folding_at_once(steps: list[tuple[bool, str]]) -> None:
    events: list[RiskEvent] = []
    for accepts, name in steps:
        risk = Risk("no-backup", f"server:{name}")
        standing = fold(events)
        if accepts:
            events.append(accepted(risk))
        elif risk in standing:
            events.append(withdraw(risk, SAID, standing))
    last: dict[str, bool] = {}
    for event in events:
        last[event.item] = isinstance(event, RiskAccepted)
    assert {risk.item for risk in fold(events)} == {item for item, yes in last.items() if yes}
