"""Times as a ward reads them: local, 24 hours, dates as 07 Mar 2026."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from babel.dates import get_month_names

from wardkeep.kernel.times import DAY, HOUR, MINUTE, Moment, Precision

_ISO_DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
# Under two years, wards count months.
_COUNTED_IN_MONTHS = 24
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@cache
def _months(language: str) -> dict[int, str]:
    return {
        n: name.rstrip(".")
        for n, name in get_month_names("abbreviated", locale=language).items()
    }


class Moments:
    """Formats times for one reader: a language, the site's zone and the present."""

    def __init__(self, language: str, zone: ZoneInfo, now: int) -> None:
        self._months = _months(language)
        self._zone = zone
        self.now = now
        self._today = self.local(now).date()

    def local(self, at: int) -> datetime:
        """Return UTC microseconds as the site's wall clock."""
        return (_EPOCH + timedelta(microseconds=at)).astimezone(self._zone)

    def clock(self, at: int) -> str:
        """Return "03:12", with the day in front where it is not today: "22 Nov 03:12"."""
        local = self.local(at)
        time = f"{local:%H:%M}"
        if local.date() == self._today:
            return time
        year = "" if local.year == self._today.year else f" {local.year}"
        return f"{local.day:02} {self._months[local.month]}{year} {time}"

    def full(self, at: int) -> str:
        """Return "07 Mar 2026 03:12"."""
        local = self.local(at)
        return f"{local.day:02} {self._months[local.month]} {local.year} {local:%H:%M}"

    def moment(self, moment: Moment) -> str:
        """Return a moment no finer than it was told: a day has no hour."""
        local = self.local(moment.at)
        match moment.precision:
            case Precision.YEAR:
                return f"{local.year}"
            case Precision.MONTH:
                return f"{self._months[local.month]} {local.year}"
            case Precision.DAY:
                return f"{local.day:02} {self._months[local.month]} {local.year}"
            case _:
                return self.clock(moment.at)

    def date(self, iso: str) -> str:
        """Return "1934-03-07" as "07 Mar 1934", "1934-03" as "Mar 1934"; else as it is."""
        found = _ISO_DATE.fullmatch(iso)
        if not found:
            return iso
        year, month, day = found.groups()
        if month is None or not 1 <= int(month) <= 12:  # noqa: PLR2004 - months of a year
            return iso
        return f"{day or ''} {self._months[int(month)]} {year}".strip()

    def age(self, iso: str) -> tuple[str, int] | None:
        """Return the completed age as unit ("y", "m", "d") and count: months under two years.

        None where the birth date is not known to the day: an age would be a guess.
        """
        try:
            born = datetime.fromisoformat(iso).date() if len(iso) == len("1934-03-07") else None
        except ValueError:
            born = None
        if born is None or born > self._today:
            return None
        today = self._today
        months = (today.year - born.year) * 12 + today.month - born.month
        months -= today.day < born.day
        if months >= _COUNTED_IN_MONTHS:
            return "y", months // 12
        return ("m", months) if months else ("d", (today - born).days)

    def since(self, at: int) -> tuple[str, int]:
        """Return how long ago, as unit ("d", "h", "min") and whole count, never negative."""
        age = max(0, self.now - at)
        if age >= 2 * DAY:
            return "d", age // DAY
        return ("h", age // HOUR) if age >= 2 * HOUR else ("min", age // MINUTE)
