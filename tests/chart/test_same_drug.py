from __future__ import annotations

import pytest
from tests.chart.sending import adt, chart, pid, rde

from wardkeep.chart.model import FlagKind

DRUG = "C07AB07^Bisoprolol 2.5 mg^ATC|1||tab^tablet|TAB"


def at(hour: int) -> str:
    return f"20260516{hour:02d}0000"


def flagged(first: str, second: str) -> bool:
    """Whether one feed's two orders of the same drug are marked as one order told twice."""
    orders = chart(
        ("meds", rde("NW", at(8), first, drug=DRUG)),
        ("meds", rde("NW", at(9), second, drug=DRUG, order="78^CPOE")),
    ).orders
    marked = [
        any(flag.kind is FlagKind.POSSIBLE_DUPLICATE for flag in order.flags)
        for order in orders
    ]
    assert len(marked) == 2
    assert marked[0] == marked[1]
    return marked[0]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("TQ1|1||BID", "TQ1|1||BID"),
        ("TQ1|1||BID", "TQ1|1||QD&0800"),
        ("TQ1|1||Q8H||||20260516080000", "TQ1|1||QD&0800"),
        ("TQ1|1||as INR", "TQ1|1||QD&0800"),
        ("TQ1|1||QJ1", "TQ1|1||QD"),
        ("TQ1|1||QOD||||20260514", "TQ1|1||QOD||||20260516"),
        ("TQ1|1||QD||||20260510|20260516080000", "TQ1|1||QD||||20260515"),
    ],
)
def test_the_same_drug_twice_at_one_hour_is_marked(first: str, second: str) -> None:
    assert flagged(first, second)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("TQ1|1||QD&0800", "TQ1|1||QD&2000"),
        ("TQ1|1||BID", "TQ1|1||PRN"),
        ("TQ1|1||BID", "TQ1|1||ONCE||||20260516103000"),
        ("TQ1|1||QJ1", "TQ1|1||QJ2"),
        ("TQ1|1||QOD||||20260514", "TQ1|1||QOD||||20260515"),
        ("TQ1|1||QD||||20260510|20260515080000", "TQ1|1||QD||||20260515080000"),
    ],
)
def test_what_is_usually_ordered_in_two_lines_is_not_marked(first: str, second: str) -> None:
    assert not flagged(first, second)


def test_the_same_drug_that_a_merge_brings_together_is_marked() -> None:
    one, other = (
        rde("NW", at(8), "TQ1|1||BID", drug=DRUG),
        rde("NW", at(9), "TQ1|1||BID", drug=DRUG, order="78^CPOE"),
    )
    merge = adt("A40", at(10), pid("1001"), "MRG|1002^^^GHQV^MR")
    found = chart(
        ("meds", one), ("meds", other.replace(b"1001^^^GHQV", b"1002^^^GHQV")), ("adt", merge)
    ).orders
    assert [flag.kind for order in found for flag in order.flags] == [
        FlagKind.POSSIBLE_DUPLICATE
    ] * 2
