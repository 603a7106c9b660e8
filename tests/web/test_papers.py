from __future__ import annotations

from tests.web.handmade import NOW, Bench

from wardkeep.kernel.times import HOUR
from wardkeep.web.papers import Paper, papers


def test_paper_that_fails_or_is_overdue_is_trouble_and_none_yet_is_not() -> None:
    shelf = Bench()
    shelf.packs_made = {"4B": NOW - HOUR, "5A": NOW - 2 * HOUR, "6C": NOW}
    shelf.packs_failing = {"6C": NOW - 1, "gone": NOW}
    found = papers(shelf, ["4B", "5A", "6C", "ICU"], NOW)
    assert found["ICU"] == Paper(ward="ICU")
    assert [ward for ward, paper in found.items() if paper.troubled] == ["5A", "6C"]
    assert found["6C"].failing == NOW - 1
    assert found["5A"].overdue
