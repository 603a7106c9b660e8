"""The picture of the servers that are back, day by day: a band, its middle line, two axes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from wardkeep.foresight.board.paper import Curve

LEFT, RIGHT, TOP, BOTTOM = 64, 580, 12, 246
"""Pixels between which the curve stands, of 600 by 300; outside are the words of the axes."""
_LEAST_APART = 34
"""Pixels between the days below the axis: three digits and a space at 16 pixels."""
_ALL = 0.995
"""A share that is told as 100 %."""


class Tick(NamedTuple):
    """A mark of an axis: where it stands, in pixels, and its number."""

    at: float
    number: int


class Picture(NamedTuple):
    """Paths as SVG writes them, and the marks of both axes: days, and per cent."""

    band: str
    middle: str
    days: tuple[Tick, ...]
    percents: tuple[Tick, ...]


def picture(curve: Sequence[Curve]) -> Picture:
    """Return the picture of at least one day, up to the one on which all is surely back."""
    shown = _shown(curve)
    last = shown[-1].day
    low = [(0, 0.0), *((each.day, each.back.p10) for each in shown)]
    middle = [(0, 0.0), *((each.day, each.back.p50) for each in shown)]
    high = [(0, 0.0), *((each.day, each.back.p90) for each in shown)]
    return Picture(
        band=f"M{_through([*high, *reversed(low)], last)}Z",
        middle=f"M{_through(middle, last)}",
        days=_days([each.day for each in shown], last),
        percents=tuple(Tick(_y(each / 100), each) for each in (0, 25, 50, 75, 100)),
    )


def _shown(curve: Sequence[Curve]) -> Sequence[Curve]:
    for number, each in enumerate(curve, start=1):
        if each.back.p10 >= _ALL:
            return curve[:number]
    return curve


def _days(days: Sequence[int], last: int) -> tuple[Tick, ...]:
    """Return the days that have room below the axis: the first and the last one always."""
    end = Tick(_x(last, last), last)
    found = [Tick(_x(0, last), 0)]
    for day in days[:-1]:
        at = _x(day, last)
        if min(at - found[-1].at, end.at - at) >= _LEAST_APART:
            found.append(Tick(at, day))
    return (*found, end)


def _through(points: Sequence[tuple[int, float]], last: int) -> str:
    return "L".join(f"{_x(day, last):g} {_y(share):g}" for day, share in points)


def _x(day: int, last: int) -> float:
    return round(LEFT + (RIGHT - LEFT) * day / last, 1)


def _y(share: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * min(1.0, max(0.0, share)), 1)
