"""Dates and times as sheets and screens show them: the wall clock, 07 Mar 2026 03:12.

Rules kept here:
- In October's doubled hour a time carries its zone ("02:30 CEST"), else it would name two.
- A moment is printed no finer than it was told.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.kernel.times import DAY, HOUR, MINUTE, Moment, Precision

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MONTHS: dict[str, str] = {
    "en": "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
    "fr": "janv févr mars avr mai juin juil août sept oct nov déc",
    "nl": "jan feb mrt apr mei jun jul aug sep okt nov dec",
    "de": "Jan Feb März Apr Mai Juni Juli Aug Sept Okt Nov Dez",
}
_WEEKDAYS: dict[str, str] = {
    "en": "MONDAY TUESDAY WEDNESDAY THURSDAY FRIDAY SATURDAY SUNDAY",
    "fr": "LUNDI MARDI MERCREDI JEUDI VENDREDI SAMEDI DIMANCHE",
    "nl": "MAANDAG DINSDAG WOENSDAG DONDERDAG VRIJDAG ZATERDAG ZONDAG",
    "de": "MONTAG DIENSTAG MITTWOCH DONNERSTAG FREITAG SAMSTAG SONNTAG",
}
# Parents and wards count months under two years.
_COUNTED_IN_MONTHS = 24
_ISO_DAY = len("1934-03-07")
_ISO_MONTH = len("1934-03")
# A stretch of hours under this long is told in minutes.
_TOLD_IN_MINUTES = 2 * HOUR


class Column(msgspec.Struct, frozen=True):
    """One hour of the grid: its first instant (UTC microseconds) and its label."""

    start: int
    label: str


class Calendar:
    """The wall clock of one site in one language, and the moment a sheet is made (`now`)."""

    def __init__(self, language: str, zone: ZoneInfo, now: int) -> None:
        """Take a language of fr, nl, de, en; `now` in UTC microseconds."""
        self._months = _MONTHS[language].split()
        self._weekdays = _WEEKDAYS[language].split()
        self.zone = zone
        self.now = now
        self.today = self.local(now).date()

    def local(self, at: int) -> datetime:
        """Return UTC microseconds as wall-clock time."""
        return _on_the_wall(at, self.zone)[0]

    def clock(self, at: int) -> str:
        """Return "03:12", with its zone in a doubled hour: "02:30 CEST"."""
        return _on_the_wall(at, self.zone)[1]

    def short(self, at: int) -> str:
        """Return "03:12" of today, else "06 Mar 03:12", with the year where it is another."""
        local = self.local(at)
        if local.date() == self.today:
            return self.clock(at)
        year = f" {local.year}" if local.year != self.today.year else ""
        return f"{local.day:02} {self._months[local.month - 1]}{year} {self.clock(at)}"

    def full(self, at: int) -> str:
        """Return "07 Mar 2026 03:12"."""
        return f"{self.day(self.local(at).date())} {self.clock(at)}"

    def zoned(self, at: int) -> str:
        """Return "07 Mar 2026 03:12 CET", for where nothing around it names the zone."""
        local = self.local(at)
        return f"{self.day(local.date())} {local:%H:%M %Z}"

    def day(self, day: date) -> str:
        """Return "07 Mar 2026"."""
        return f"{day.day:02} {self._months[day.month - 1]} {day.year}"

    def weekday(self, number: int) -> str:
        """Return an ISO weekday (1 is Monday) in capitals."""
        return self._weekdays[number - 1]

    def moment(self, moment: Moment) -> str:
        """Return a moment as finely as it was told: a day has no hour."""
        local = self.local(moment.at)
        match moment.precision:
            case Precision.YEAR:
                return f"{local.year}"
            case Precision.MONTH:
                return f"{self._months[local.month - 1]} {local.year}"
            case Precision.DAY:
                return self.day(local.date())
            case Precision.HOUR | Precision.MINUTE | Precision.SECOND:
                return self.short(moment.at)

    def birth(self, iso: str) -> str:
        """Return "1934-03-07" as "07 Mar 1934", "1934-03" as "Mar 1934", else the text."""
        try:
            if len(iso) == _ISO_DAY:
                return self.day(date.fromisoformat(iso))
            if len(iso) == _ISO_MONTH:
                return f"{self._months[int(iso[5:]) - 1]} {iso[:4]}"
        except (ValueError, IndexError):
            return iso
        return iso

    def age(self, iso: str) -> tuple[int, str] | None:
        """Return completed years ("y"), under two years months ("m"), under one month days.

        None where the birth date is not known to the day: an age would be a guess.
        """
        try:
            born = date.fromisoformat(iso) if len(iso) == _ISO_DAY else None
        except ValueError:
            return None
        if born is None or born > self.today:
            return None
        months = (self.today.year - born.year) * 12 + self.today.month - born.month
        months -= self.today.day < born.day
        if months >= _COUNTED_IN_MONTHS:
            return months // 12, "y"
        return (months, "m") if months else ((self.today - born).days, "d")

    def ago(self, at: int) -> tuple[int, str]:
        """Return how long ago as a count of "min", "h" or "d"; never negative."""
        return _in_units(max(0, self.now - at))

    def columns(self) -> tuple[Column, ...]:
        """Return the hours from this one to the same hour of tomorrow's wall clock.

        24 of them; 25 on the October night, with two columns of the doubled hour, 23 in March.
        """
        first = self.local(self.now).replace(minute=0, second=0, microsecond=0)
        end = (first.replace(tzinfo=None, fold=0) + timedelta(days=1)).replace(tzinfo=self.zone)
        start, stop = _micros(first), _micros(end)
        return tuple(Column(at, self._label(at)) for at in range(start, stop, HOUR))

    def _label(self, at: int) -> str:
        local = self.local(at)
        return f"{local:%H} {local.tzname()}" if _is_doubled(local) else f"{local:%H}"


# A page tells some hundred times, most of them those of the page before.
@lru_cache(maxsize=8192)
def _on_the_wall(at: int, zone: ZoneInfo) -> tuple[datetime, str]:
    """Return a moment as wall-clock time, and its hour and minute in words."""
    local = (_EPOCH + timedelta(microseconds=at)).astimezone(zone)
    clock = f"{local.hour:02}:{local.minute:02}"
    return local, f"{clock} {local.tzname()}" if _is_doubled(local) else clock


def _in_units(length: int) -> tuple[int, str]:
    if length < _TOLD_IN_MINUTES:
        return length // MINUTE, "min"
    return (length // HOUR, "h") if length < 2 * DAY else (length // DAY, "d")


def _is_doubled(local: datetime) -> bool:
    """Say whether this wall-clock time comes twice this night."""
    other = local.replace(fold=1 - local.fold)
    return other.utcoffset() != local.utcoffset() and not _is_missing(local)


def _is_missing(local: datetime) -> bool:
    round_trip = local.astimezone(UTC).astimezone(local.tzinfo)
    return round_trip.replace(tzinfo=None) != local.replace(tzinfo=None)


def _micros(moment: datetime) -> int:
    return (moment - _EPOCH) // timedelta(microseconds=1)
