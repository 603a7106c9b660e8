from __future__ import annotations

import pytest

from wardkeep.hospital.beds import walking_order


@pytest.mark.parametrize(
    "walk",
    [
        ["", "1", "2", "10", "11", "100"],
        ["12-1", "12-2", "12-10", "101-1"],
        ["401", "401A", "401B", "402"],
        ["01", "1", "02", "2", "10"],
        ["A1", "a2", "A10", "B1", "door", "Fenster"],
        ["9" * 4999, "1" + "0" * 5000],
    ],
)
def test_beds_are_told_in_the_order_in_which_a_nurse_walks_along_them(walk: list[str]) -> None:
    mixed = walk[::-1]
    mixed.sort(key=walking_order)
    assert mixed == walk
