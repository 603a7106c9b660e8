"""Numbers, days and ranges as a board paper writes them, by language.

Estimates are rounded to two digits: the third would promise what no forecast knows. Costs that
somebody wrote down are not rounded.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from zoneinfo import ZoneInfo

from wardkeep.foresight.board.paper import Mean, Share
from wardkeep.foresight.figures import Range
from wardkeep.kernel.wall_clock import micros
from wardkeep.paper.calendar import Calendar
from wardkeep.paper.visible import visible
from wardkeep.paper.words import N_, Translate

HORIZON_DAYS = 120
"""No forecast looks further; what is not back by then is told as "120 or more"."""
_DIGITS = 2
_NO_BREAK = "\N{NO-BREAK SPACE}"
_GROUPS: Mapping[str, str] = {"en": ",", "fr": _NO_BREAK, "nl": ".", "de": "."}
_POINTS: Mapping[str, str] = {"en": ".", "fr": ",", "nl": ",", "de": ","}
_CUT = "…"
_HALF = 0.5
_FINEST_PERCENT = 0.1
_TWO_DIGITS = 9.95
"""Per cent from which on a share is told without a decimal."""


class Spelling:
    """How one language writes, on a zone's clock; `say` turns the English words into it."""

    def __init__(self, language: str, say: Translate, zone: ZoneInfo) -> None:
        self.language, self.say = language, say
        self._calendar = Calendar(language, zone, 0)

    def date(self, iso: str) -> str:
        """Return a day as 07 Mar 2026."""
        return self._calendar.day(dt.date.fromisoformat(iso))

    def day_of(self, iso: str) -> str:
        """Return the site's day of a moment (ISO 8601 with its zone) as 07 Mar 2026."""
        at = micros(dt.datetime.fromisoformat(iso))
        return self._calendar.day(self._calendar.local(at).date())

    def moment(self, iso: str) -> str:
        """Return a moment (ISO 8601 with its zone) as 07 Mar 2026 03:12 CET."""
        return self._calendar.zoned(micros(dt.datetime.fromisoformat(iso)))

    def exact(self, number: float) -> str:
        """Return a number as somebody wrote it, to the whole."""
        return self._grouped(round(number), 0)

    def whole(self, number: float) -> str:
        """Return an estimate of things that are counted, in two digits: none in pieces."""
        if not math.isfinite(number):
            return self.say(N_("NOT KNOWN"))
        place = 10 ** max(0, len(str(round(abs(number)))) - _DIGITS)
        return self._grouped(math.copysign(place * _rounded(abs(number) / place), number), 0)

    def three(self, found: Range | None) -> tuple[str, str, str]:
        """Return the cells of a range of counted things; None is told, never as noughts."""
        if found is None:
            return (self.say(N_("NOT RECORDED")),) * 3
        return self.whole(found.p10), self.whole(found.p50), self.whole(found.p90)

    def three_days(self, hours: Range) -> tuple[str, str, str]:
        """Return on which day something is back, day 1 being that of the encryption."""
        return self.day(hours.p10), self.day(hours.p50), self.day(hours.p90)

    def day(self, hours: float) -> str:
        """Return the day that holds an hour; 0: it was never away."""
        number = math.ceil(hours / 24)
        if number >= HORIZON_DAYS:
            return self.say(N_("{days} or more")).format(days=HORIZON_DAYS)
        return str(number)

    def span(self, found: Range | None) -> str:
        """Return a range in a sentence: `470 to 5,800 (middle 3,700)`."""
        if found is None:
            return self.say(N_("NOT RECORDED"))
        return self.joined(*self.three(found))

    def span_of_days(self, hours: Range) -> str:
        """Return the days of a range of hours in a sentence."""
        return self.joined(*self.three_days(hours))

    def span_of_all_back(self, days: Range) -> str:
        """Return in a sentence on which days all servers are back, as services are told."""
        return self.span_of_days(in_hours(days))

    def joined(self, low: str, middle: str, high: str) -> str:
        """Return the three cells of a range as one: `470 to 5,800 (middle 3,700)`."""
        told = self.say(N_("{low} to {high} (middle {middle})"))
        return _unbroken(told.format(low=low, middle=middle, high=high))

    def share(self, found: Share) -> str:
        """Return a share with its interval: `19 % (15 to 23)`."""
        told = self.say(N_("{share} % ({low} to {high})"))
        low, high = self._percent(found.low), self._percent(found.high)
        return _unbroken(told.format(share=self._percent(found.share), low=low, high=high))

    def mean(self, found: Mean) -> str:
        """Return a mean with its interval: `220 (180 to 270)`."""
        told = self.say(N_("{mean} ({low} to {high})"))
        low, high = self._signed(found.low), self._signed(found.high)
        return _unbroken(told.format(mean=self._signed(found.mean), low=low, high=high))

    def name(self, text: str, longest: int) -> str:
        """Return text from outside made safe; where it is longer it is cut, and ends with …."""
        whole = " ".join(text[: 4 * longest].split())
        safe = visible(whole[: longest + 1]).text
        if len(safe) <= longest and len(whole) <= longest and len(text) <= 4 * longest:
            return safe
        return safe[: longest - 1].rstrip() + _CUT

    def _signed(self, number: float) -> str:
        below = math.isfinite(number) and number <= -_HALF
        return ("−" if below else "") + self.whole(abs(number))

    def _percent(self, share: float) -> str:
        percent = share * 100
        if 0 < percent < _FINEST_PERCENT:
            return f"< {self._grouped(_FINEST_PERCENT, 1)}"
        exact = percent >= _TWO_DIGITS or percent == 0
        return self._grouped(round(percent, 0 if exact else 1), 0 if exact else 1)

    def _grouped(self, number: float, places: int) -> str:
        text = f"{number:,.{places}f}"
        group, point = _GROUPS[self.language], _POINTS[self.language]
        return "".join({",": group, ".": point}.get(each, each) for each in text)


def _rounded(number: float) -> int:
    """Return the nearest whole number; of two the greater, as people round."""
    return math.floor(number + _HALF)


def in_hours(days: Range) -> Range:
    """Return a range of days as one of hours, whose days are told from 1 on."""
    return Range(24 * days.p10, 24 * days.p50, 24 * days.p90)


def _unbroken(text: str) -> str:
    """Return text that no line tears: a number without its range would be a promise."""
    return text.replace(" ", _NO_BREAK)
