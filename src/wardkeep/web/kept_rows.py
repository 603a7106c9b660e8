"""Rows of tables as last rendered: a row is rendered again when anything that it tells changed.

A board that refreshes says the same of most rows, and rendering them was two thirds of a page.

Rules kept here:
- A row's template is handed what is compared (`told`), the language, the site and the clock,
  and nothing else: what is not compared cannot stand in it. A page asks charts, rights and
  books anew each time; only the HTML of equal answers is used again.
- How long ago something was is filled in anew each time (web.row_calendar); other words of time
  hold to midnight.
- Rows name patients: they leave memory LONGEST_KEPT after they were made.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from functools import partial
from typing import Final

import msgspec
from jinja2.environment import TemplateModule
from markupsafe import Markup

from wardkeep.hospital.streams import Stream
from wardkeep.paper.calendar import Calendar
from wardkeep.web.language import catalogue
from wardkeep.web.others import address
from wardkeep.web.row_calendar import LONGEST_KEPT, RowCalendar, ago_told, filled, parts_of
from wardkeep.web.templating import PIECES, environment

# 1,000 inpatients in four languages, and the wards of the lists: some 2 kB each.
_MOST_KEPT: Final = 6000


Parts = tuple[str, ...]
"""A row as web.row_calendar parts it."""


class _Kept(msgspec.Struct, frozen=True, gc=False):
    told: Mapping[str, object]
    made: int
    until: int
    parts: Parts


class KeptRows:
    """The rows of all pages; they live as long as the web process, each for minutes."""

    def __init__(self, most: int = _MOST_KEPT) -> None:
        self._kept: dict[Hashable, _Kept] = {}
        self._most = most

    def __len__(self) -> int:
        return len(self._kept)

    def find(self, place: Hashable, told: Mapping[str, object], now: int) -> Parts | None:
        """Return the row at a place where it tells just this and still holds at `now`."""
        kept = self._kept.get(place)
        if kept is None or not kept.made <= now < kept.until or kept.told != told:
            return None
        return kept.parts

    def keep(
        self, place: Hashable, told: Mapping[str, object], made: int, until: int, parts: Parts
    ) -> None:
        """Keep a row in the place of the one before."""
        self._kept.pop(place, None)
        if len(self._kept) >= self._most:
            self._drop_oldest()
        self._kept[place] = _Kept(told, made, until, parts)

    def forget(self, now: int) -> None:
        """Drop every row that no page would show any more."""
        for place, kept in list(self._kept.items()):
            if not kept.made <= now < kept.made + LONGEST_KEPT:
                self._kept.pop(place, None)

    def _drop_oldest(self) -> None:
        # Pages are made in several threads: another may have dropped it meanwhile.
        for place in list(self._kept)[: self._most // 10 or 1]:
            self._kept.pop(place, None)


class Rows:
    """The rows of one page, in one language, at one moment, of one site ("" is this one)."""

    def __init__(self, kept: KeptRows, calendar: Calendar, language: str, site: str) -> None:
        self._kept, self._language, self._site = kept, language, site
        self._modules: dict[str, TemplateModule] = {}
        self._calendar = calendar
        self._ago = partial(ago_told(catalogue(language).gettext), calendar)

    def row(self, template: str, place: Hashable, **told: object) -> Markup:
        """Return the macro `row` of a template, called with `told`.

        `place` tells rows of a template apart that stand beside each other. Values of `told`
        compare by what they say: frozen structs, tuples, numbers, text.
        """
        where = (template, self._language, self._site, place)
        parts = self._kept.find(where, told, self._calendar.now)
        return filled(parts or self._made(template, where, told), self._ago)

    def _made(self, template: str, where: Hashable, told: Mapping[str, object]) -> Parts:
        made = self._calendar.now
        at = RowCalendar(self._language, self._calendar.zone, made)
        module = self._modules.get(template)
        if module is None:
            to = partial(address, site=self._site)
            given = {"at": at, "to": to, "Stream": Stream, PIECES: {}}
            module = environment(self._language).get_template(template).make_module(given)
            self._modules[template] = module
        parts = parts_of(module.row(**told))  # type: ignore[attr-defined]  # its macro
        self._kept.keep(where, told, made, at.until, parts)
        return parts
