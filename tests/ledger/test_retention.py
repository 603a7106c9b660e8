import pytest

from wardkeep.kernel.times import DAY
from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.ledger.errors import HoldError
from wardkeep.ledger.retention import (
    Retention,
    days_due,
    evolve,
    fold,
    from_event,
    lift_hold,
    months_due,
    order,
    place_hold,
    to_event,
)

SATURDAY = 1_652_499_000_000_000
"""2022-05-14T03:30Z."""
DAYS = ["2022-04-10", "2022-04-13", "2022-04-14", "2022-05-13"]
HEAD = Head("clinical", 7, b"\7" * 32)


def test_days_older_than_the_kept_ones_are_due_and_the_newest_never() -> None:
    assert days_due(DAYS, SATURDAY, 30) == ["2022-04-10", "2022-04-13"]
    assert days_due(DAYS, SATURDAY + 400 * DAY, 30) == DAYS[:-1]
    assert days_due(DAYS[:1], SATURDAY + 400 * DAY, 30) == []
    assert days_due([], SATURDAY, 30) == []


@pytest.mark.parametrize(
    ("kept", "due"),
    [
        (1, ["2021-03", "2021-12", "2022-03"]),
        (2, ["2021-03", "2021-12"]),
        (5, ["2021-03"]),
        (13, ["2021-03"]),
        (14, []),
    ],
)
def test_months_are_counted_over_the_turn_of_the_year(kept: int, due: list[str]) -> None:
    lying = ["2021-03", "2021-12", "2022-03", "2022-04", "2022-05"]
    assert months_due(lying, SATURDAY, kept) == due


def test_an_erasure_is_ordered_once_and_never_under_a_hold() -> None:
    state = Retention()
    ordered = order(state, ["2022-04-10"], HEAD, 1)
    assert ordered is not None
    assert (ordered.period, ordered.through) == ("2022-04-10", HEAD)
    assert order(evolve(state, ordered), ["2022-04-10"], HEAD, 2) is None
    assert order(state, [], HEAD, 2) is None
    held = evolve(state, place_hold(state, "ransom note", 2, "os:an"))
    assert order(held, ["2022-04-10"], HEAD, 3) is None
    lifted = evolve(held, lift_hold(held, "all clear", 3, "os:an"))
    assert order(lifted, ["2022-04-10"], HEAD, 4) is not None


@pytest.mark.parametrize("why", ["", "  ", "a\nb", "x" * 501])
def test_a_hold_needs_a_reason_that_can_be_read(why: str) -> None:
    with pytest.raises(HoldError):
        place_hold(Retention(), why, 1, "os:an")


def test_a_hold_is_placed_once_and_lifted_once() -> None:
    with pytest.raises(HoldError):
        lift_hold(Retention(), "why", 1, "os:an")
    held = fold([place_hold(Retention(), "why", 1, "os:an")])
    with pytest.raises(HoldError, match="why"):
        place_hold(held, "again", 2, "os:an")


def test_events_are_kept_in_the_operations_ledger_and_read_for_ever() -> None:
    ordered = order(Retention(), ["2022-04-10"], HEAD, 1)
    assert ordered is not None
    for event in (ordered, place_hold(Retention(), "why", 1, "os:an")):
        assert from_event(to_event(event)) == event
    body = b'{"type":"HoldLifted.v1","at":5,"by":"os:an","why":"over"}'
    read = from_event(OperationsEvent("ledger.retention", "HoldLifted", 1, 5, "os:an", body))
    assert read is not None
    assert read.at == 5
    assert from_event(OperationsEvent("pack", "X", 1, 5, "", b"")) is None
    assert from_event(OperationsEvent("ledger.retention", "X", 9, 5, "", b"{")) is None
