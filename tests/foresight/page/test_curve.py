"""The picture of the servers that are back stays within its frame."""

from __future__ import annotations

import re
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.foresight.board.paper import Curve
from wardkeep.foresight.figures import Range
from wardkeep.foresight.page.curve import BOTTOM, LEFT, RIGHT, TOP, picture

DAYS = (1, 2, 3, 5, 7, 10, 14, 21, 28, 42, 60, 90, 120)
shares = st.lists(st.floats(0, 1), min_size=3, max_size=3).map(
    lambda each: Range(*sorted(each))
)
curves = st.lists(shares, min_size=1, max_size=len(DAYS)).map(
    lambda each: [Curve(day=day, back=back) for day, back in zip(DAYS, each, strict=False)]
)


def points(path: str) -> list[tuple[float, float]]:
    pairs = re.findall(r"[ML]([\d.]+) ([\d.]+)", path)
    return [(float(x), float(y)) for x, y in pairs]


@given(curves)
def test_nothing_stands_outside_the_axes(curve: list[Curve]) -> None:
    found = picture(curve)
    for x, y in (*points(found.band), *points(found.middle)):
        assert LEFT <= x <= RIGHT
        assert TOP <= y <= BOTTOM
    assert found.band.endswith("Z")


@given(curves)
def test_the_middle_lies_within_the_band_on_each_day(curve: list[Curve]) -> None:
    found = picture(curve)
    band, middle = points(found.band), points(found.middle)
    high, low = band[: len(middle)], band[len(middle) :][::-1]
    for (x, y), above, below in zip(middle, high, low, strict=True):
        assert above[0] == below[0] == x
        assert above[1] <= y <= below[1]


@given(curves)
def test_days_below_the_axis_do_not_run_into_each_other(curve: list[Curve]) -> None:
    found = picture(curve)
    places = [each.at for each in found.days]
    assert found.days[0].number == 0
    gaps = [after - before for before, after in pairwise(places)]
    assert all(each >= 34 for each in gaps)


def test_where_all_is_surely_back_the_picture_ends() -> None:
    backs = (Range(0.1, 0.5, 1.0), Range(1.0, 1.0, 1.0), Range(1.0, 1.0, 1.0))
    curve = [Curve(day=day, back=back) for day, back in zip((1, 7, 120), backs, strict=True)]
    assert picture(curve).days[-1].number == 7
    assert [each.number for each in picture(curve).percents] == [0, 25, 50, 75, 100]
