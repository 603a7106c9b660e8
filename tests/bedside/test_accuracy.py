from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.bedside.accuracy import Accuracy, accuracy
from wardkeep.bedside.events import BedsideChecked, FactKind, Finding, Found
from wardkeep.bedside.state import PERIOD, fold
from wardkeep.kernel.times import DAY

NOW = 1_772_853_120_000_000


def check(number: str, at: int, ward: str, *findings: Finding) -> BedsideChecked:
    found = tuple(Found(kind=FactKind.BED, finding=finding) for finding in findings)
    return BedsideChecked(check=number, ward=ward, drawn=at, found=found, at=at, by="anna")


@pytest.mark.parametrize(
    ("same", "different", "interval"),
    [
        # Newcombe, Statistics in Medicine 17 (1998), table I, method 3: 81 of 263 and 15 of 148
        # and 0 of 20 and 1 of 29, here in whole percent, rounded outwards.
        (81, 182, (25, 37)),
        (15, 133, (6, 17)),
        (0, 20, (0, 17)),
        (1, 28, (0, 18)),
        (3, 0, (43, 100)),
        (0, 0, None),
    ],
)
def test_three_of_three_is_not_called_all(
    same: int, different: int, interval: tuple[int, int] | None
) -> None:
    told = Accuracy(since=0, same=same, different=different, unchecked=9)
    assert told.interval == interval


@given(st.integers(0, 5000), st.integers(0, 5000))
def test_the_interval_holds_the_share_that_was_seen(same: int, different: int) -> None:
    told = Accuracy(since=0, same=same, different=different)
    if told.interval is None:
        assert same + different == 0
        return
    low, high = told.interval
    assert 0 <= low <= 100 * same / (same + different) <= high <= 100
    assert (high == 100) or different
    assert (low == 0) or same


def test_each_ward_counts_what_was_seen_and_what_could_not_be_checked_apart() -> None:
    same, different, unchecked = Finding.SAME, Finding.DIFFERENT, Finding.UNCHECKED
    checks = fold(
        [
            check("0", NOW - PERIOD - 1, "4B", different, different, different),
            check("a", NOW - PERIOD, "4B", same, same, unchecked),
            check("b", NOW - DAY, "4B", same, different),
            check("c", NOW - 2 * DAY, "ICU", unchecked),
        ]
    )
    told = accuracy(checks, NOW)
    assert told["4B"] == Accuracy(
        since=NOW - PERIOD, checks=2, same=3, different=1, unchecked=1, last=NOW - DAY
    )
    assert told["4B"].compared == 4
    assert told["ICU"].compared == 0
    assert told["ICU"].interval is None
    assert set(told) == {"4B", "ICU"}
