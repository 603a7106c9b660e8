"""Numbers that a promotion left out are a loss only where somebody may have given them out."""

from __future__ import annotations

import pytest

from wardkeep.copies.events import CopiesEvent, FollowerRemoved, LedgersTakenOver
from wardkeep.copies.state import never_given
from wardkeep.ledger.loss import UNSEEN


def taking(seen: int, *, held: int | None = None, as_of: int = 7) -> LedgersTakenOver:
    return LedgersTakenOver(
        why="burnt",
        before="box1:8444",
        held={"clinical": seen if held is None else held, "operations": 9},
        seen={"clinical": seen, "operations": 9},
        as_of=as_of,
        forced=False,
        at=10,
        by="it",
    )


REMOVED = FollowerRemoved(name="box-2", at=1, by="it")


@pytest.mark.parametrize(
    ("events", "upto"),
    [
        ([], 0),
        ([REMOVED], 0),
        ([REMOVED, taking(0)], UNSEEN),
        ([taking(0), taking(UNSEEN)], 2 * UNSEEN),
        # The first entry came after the promotion: behind it numbers may have been given out.
        ([taking(0), taking(UNSEEN + 1)], UNSEEN),
        ([taking(5)], 0),
        ([taking(5, held=0)], 0),
        ([taking(0, as_of=0)], 0),
    ],
    ids=[
        "never promoted",
        "another event",
        "an empty box",
        "an empty box behind an empty box",
        "a box with an entry behind an empty one",
        "a box with entries",
        "an empty box whose first had entries",
        "a box that never heard what its first had",
    ],
)
def test_only_what_a_box_knows_to_be_empty_was_never_given(
    events: list[CopiesEvent], upto: int
) -> None:
    assert never_given(events, "clinical") == upto


def test_a_ledger_of_which_nothing_was_said_is_not_known_to_be_empty() -> None:
    assert never_given([taking(0)], "packs") == 0
