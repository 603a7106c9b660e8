"""Words of time in rows that are kept: "5 min" is filled in when the row is shown."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from markupsafe import Markup
from typing_extensions import override

from wardkeep.kernel.times import MINUTE
from wardkeep.kernel.wall_clock import micros
from wardkeep.paper.calendar import Calendar
from wardkeep.web.words import N_

LONGEST_KEPT: Final = 10 * MINUTE
"""A row that names a patient is kept so long and no longer."""

_UNITS: Final[Mapping[str, str]] = {
    "min": N_("%(n)s min"),
    "h": N_("%(n)s h"),
    "d": N_("%(n)s d"),
}
# Text from outside has no control characters where it is shown (paper.visible). Python reads no
# number of thousands of digits: should one stand here all the same, no page must fail by it.
_MARK: Final = re.compile("\x02(-?[0-9]{1,20})\x03")


class RowCalendar(Calendar):
    """A calendar for rows that are kept: what it says holds until `until` (UTC µs)."""

    def __init__(self, language: str, zone: ZoneInfo, now: int) -> None:
        """Take what a Calendar takes."""
        super().__init__(language, zone, now)
        # Times of today stand without their day, and ages change on birthdays.
        tomorrow = datetime.combine(self.today + timedelta(days=1), time(), tzinfo=zone)
        self.until = min(micros(tomorrow), now + LONGEST_KEPT)

    @override
    def ago(self, at: int) -> tuple[int, str]:
        """Raise TypeError: a count of minutes would stand still in a kept row."""
        raise TypeError("a kept row says how long ago by web.row_calendar.ago_told")


def ago_told(translate: Callable[[str], str]) -> Callable[[Calendar, int], str]:
    """Return what tells how long before a calendar's moment something was: "12 min"."""
    units = {unit: translate(words) for unit, words in _UNITS.items()}

    def told(at: Calendar, moment: int) -> str:
        if isinstance(at, RowCalendar):
            return Markup(f"\x02{moment}\x03")  # noqa: S704  # a number of ours
        count, unit = at.ago(moment)
        return units[unit] % {"n": count}

    return told


def parts_of(html: str) -> tuple[str, ...]:
    """Return a kept row in parts: HTML, a moment that is told as ago, HTML and so on."""
    return tuple(_MARK.split(html))


def filled(parts: Sequence[str], ago: Callable[[int], str]) -> Markup:
    """Return a row with how long ago its moments are now."""
    if len(parts) == 1:
        return Markup(parts[0])  # noqa: S704  # rendered by an escaping template
    said = [ago(int(part)) if place % 2 else part for place, part in enumerate(parts)]
    return Markup("".join(said))  # noqa: S704  # the same, with counts of ours between
