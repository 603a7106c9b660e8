"""What no hospital has: numbers of an item that can only be slips of whoever wrote them."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from wardkeep.hospital.map.errors import MapItemError
from wardkeep.hospital.map.item import Item

_SHARES = ("share", "share_after")
_HUNDRED = 100
_RANGES: Mapping[str, tuple[float, float]] = {
    "restore_hours": (0, 10_000),  # more than a year by day and night
    "tier": (0, 4),
    "count": (1, 1e12),
    "a_day": (0, 1_000_000),
    "week": (0, 1_000_000),
}
"""The least and the most, by field; an expert's guess, wide on purpose."""
_LEAST = 0.0


def within_limits(item: Item) -> None:
    """Refuse an item with a number that nothing of a hospital has.

    A share lies from 0 to 1; no number is below 0. Raises MapItemError.
    """
    for field, value in msgspec.structs.asdict(item).items():
        for number in value if isinstance(value, tuple) else (value,):
            if isinstance(number, int | float) and not isinstance(number, bool):
                _within(field, number)


def _within(field: str, number: float) -> None:
    if field in _SHARES:
        if not 0 <= number <= 1:
            raise MapItemError(f"{field} {number:g} is no share: {_share_of(number)}")
        return
    least, most = _RANGES.get(field, (_LEAST, float("inf")))
    if not least <= number <= most:
        bound = f"at least {least:g}" if number < least else f"at most {most:,.0f}"
        raise MapItemError(f"{field} {number:g} cannot be: write {bound}")


def _share_of(number: float) -> str:
    if 1 < number <= _HUNDRED:
        return f"write {number / _HUNDRED:g} or {number:g} %"
    return "write a number from 0 to 1, or per cent with %"
