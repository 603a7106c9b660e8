"""Writes on a sheet: words of the sheet's language, text from outside made safe, times."""

from __future__ import annotations

from zoneinfo import ZoneInfo

from wardkeep.chart.model import Coded, Source
from wardkeep.paper.calendar import Calendar
from wardkeep.paper.visible import cut, visible
from wardkeep.paper.words import Translate

# The longest text of one field on a sheet: more than any name or dose, less than a page.
_LONGEST = 600


class Pen:
    """One language, one wall clock, one moment."""

    def __init__(self, translate: Translate, language: str, zone: ZoneInfo, now: int) -> None:
        """Take the catalogue's `translate`, a language of LANGUAGES, `now` in microseconds."""
        self._translate = translate
        self.calendar = Calendar(language, zone, now)
        self.now = now

    def say(self, message: str, **values: object) -> str:
        """Return `message` in the sheet's language with its named places filled."""
        told = self._translate(message)
        return told.format(**values) if values else told

    def sent(self, text: str, longest: int = _LONGEST) -> str:
        """Return text of a feed, safe to print; AS SENT where characters stand as codes."""
        kept, more = cut(text, longest)
        shown = visible(kept)
        told = shown.text
        if shown.altered:
            told = f"{told} [{self._translate('AS SENT')}]"
        if more:
            told += " " + self.say("[CUT: {count} more characters]", count=more)
        return told

    def ago(self, at: int) -> str:
        """Return how long ago in the language's own units: "12 min", "3 h", "4 d"."""
        count, unit = self.calendar.ago(at)
        units = {"min": self.say("{n} min", n=count), "h": self.say("{n} h", n=count),
                 "d": self.say("{n} d", n=count)}  # fmt: skip
        return units[unit]

    def coded(self, coded: Coded) -> str:
        """Return the text of a coded thing, else its code."""
        return self.sent(coded.text or coded.code)

    def said_by(self, source: Source) -> str:
        """Return who said it and when: "adt, 07 Mar 03:12"."""
        return f"{self.sent(source.feed)}, {self.calendar.short(source.event or source.sent)}"
