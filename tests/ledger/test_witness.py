from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.ledger.witness import GapLeft, HeadsWitnessed, from_event, to_event


def test_witnessed_heads_come_back_from_the_operations_ledger() -> None:
    seen = HeadsWitnessed(7, (Head("clinical", 3, b"h" * 32), Head("access", 0, bytes(32))))
    assert from_event(to_event(seen)) == seen


def test_events_of_other_parts_witness_nothing() -> None:
    assert from_event(OperationsEvent("access", "AccountAdded", 1, 7, "it", b"{}")) is None


def test_a_gap_left_by_the_box_that_went_on_comes_back() -> None:
    left = GapLeft(7, Head("clinical", 3, b"h" * 32), 100_003)
    assert from_event(to_event(left)) == left
