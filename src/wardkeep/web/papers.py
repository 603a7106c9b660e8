"""How a ward's paper stands: when it was made, and whether a newer one is overdue or fails."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from wardkeep.kernel.times import MINUTE
from wardkeep.pack.decide import GROWS_OLD
from wardkeep.pack.events import PackHeld
from wardkeep.web.ports import PackShelf

# An unchanged ward has new paper each hour (pack.decide); half an hour later nobody makes any.
_OVERDUE = GROWS_OLD + 30 * MINUTE


class Paper(msgspec.Struct, frozen=True, kw_only=True):
    """The newest pack of a ward; times in UTC microseconds.

    `made` is None where there is none; `failing`: since when it could not be made, None where
    the last try did; `overdue`: nobody failed, and yet there is nothing newer.
    """

    ward: str
    made: int | None = None
    failing: int | None = None
    overdue: bool = False
    held: PackHeld | None = None
    """Why it shows the ward as it was: too much changed at once."""

    @property
    def troubled(self) -> bool:
        """Whether the ward must be told that its paper is not what it should be."""
        return self.failing is not None or self.overdue


def papers(shelf: PackShelf, wards: Iterable[str], now: int) -> dict[str, Paper]:
    """Return how the paper of each of the wards stands."""
    made, failing, held = shelf.made(), shelf.failing(), shelf.held()
    return {
        ward: Paper(
            ward=ward,
            made=made.get(ward),
            failing=failing.get(ward),
            held=held[ward].held if ward in held else None,
            overdue=ward in made and now - made[ward] > _OVERDUE,
        )
        for ward in wards
    }
