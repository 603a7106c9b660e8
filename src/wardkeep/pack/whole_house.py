"""What the lists of a whole house are made of, and what stands on each of their pages."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from zoneinfo import ZoneInfo

import msgspec

from wardkeep.chart.model import PatientChart
from wardkeep.chart.ports import StreamStatus, Unread, WardSummary
from wardkeep.hospital.site import Site, Ward
from wardkeep.hospital.streams import Stream
from wardkeep.pack.freshness import NAMES, Freshness
from wardkeep.pack.pen import Pen
from wardkeep.pack.tall_man_names import LookAlikes
from wardkeep.pack.unfed_systems import tell_systems, unfed_systems
from wardkeep.pack.unread import unread_feeds
from wardkeep.paper.forms import Entry
from wardkeep.paper.list_forms import ListGroup, ListPack, ListRow
from wardkeep.paper.sheet_code import sheet_symbols
from wardkeep.paper.words import LABELS, Translate

# Pages of a list, estimated from above: letters that a page of small print holds at least.
_LETTERS_A_PAGE = 900
_SPARE_PAGES = 6
_LONG = 8 * _LETTERS_A_PAGE
"""Own choice: a list of fewer pages is leafed through faster than looked up."""


class PackKind(StrEnum):
    """Who a pack is for."""

    WARD = "ward"
    PHARMACY = "pharmacy"
    LABORATORY = "laboratory"
    THEATRE = "theatre"
    EMERGENCY = "emergency"
    KITCHEN = "kitchen"
    FRONT_DESK = "front-desk"
    CARD = "card"
    """The known-patient card of one person."""
    CARDS = "cards"
    """The book of them."""


class Opened(msgspec.Struct, frozen=True):
    """Who opened known-patient cards, why and when (UTC microseconds)."""

    person: str
    why: str
    at: int


class HouseWard(msgspec.Struct, frozen=True, kw_only=True):
    """One ward with those who lie on it and how fresh each stream is there."""

    summary: WardSummary
    charts: tuple[PatientChart, ...]
    streams: tuple[StreamStatus, ...]


class HouseData(msgspec.Struct, frozen=True, kw_only=True):
    """What a list is cut from. `now` in UTC microseconds.

    `others` are those who lie in no bed, where the kind tells of them. `sheet` is one random
    sheet number (wardkeep.paper.sheet_code); `ward` is the one ward asked for, "" for all.
    """

    kind: PackKind
    ward: str = ""
    wards: tuple[HouseWard, ...]
    others: tuple[PatientChart, ...] = ()
    streams: tuple[StreamStatus, ...]
    site: Site
    now: int
    sheet: str
    witness: str = ""
    unread: Unread = Unread()
    look_alikes: LookAlikes = ()
    opened: Opened | None = None

    @property
    def charts(self) -> list[PatientChart]:
        """Everybody, those in beds first."""
        return [*(chart for ward in self.wards for chart in ward.charts), *self.others]

    def opened_by(self, opened: Opened) -> HouseData:
        """Return the same, with who opened it and why."""
        return msgspec.structs.replace(self, opened=opened)

    def tell_opened(self, pen: Pen) -> str:
        """Return who opened it, when and why; "" where nobody had to."""
        if self.opened is None:
            return ""
        return pen.say(
            "Opened by {person}, {when}: {why}",
            person=pen.sent(self.opened.person),
            when=pen.calendar.full(self.opened.at),
            why=pen.sent(self.opened.why),
        )

    def declared(self, code: str) -> Ward | None:
        """Return a ward as the site's settings name it."""
        return next((ward for ward in self.site.wards if ward.code == code), None)


class Writing(msgspec.Struct, frozen=True):
    """How a list is written: its language, and how fresh the house's streams are."""

    pen: Pen
    fresh: Freshness
    translate: Translate


class Contents(msgspec.Struct, frozen=True, kw_only=True):
    """What a kind adds to the frame. `title` is translated; `streams` it depends on."""

    title: str
    counts: str
    streams: Sequence[Stream]
    groups: Sequence[ListGroup]
    notes: Sequence[str] = ()
    unknown: Sequence[Entry] = ()


def writing(data: HouseData, language: str, translate: Translate) -> Writing:
    """Return pen and freshness of a house's list in `language`."""
    pen = Pen(translate, language, ZoneInfo(data.site.rules.timezone), data.now)
    lacks = any(ward.summary.lacks for ward in data.wards)
    house = WardSummary(ward=data.ward, lacks=lacks)
    return Writing(pen, Freshness(data.streams, house, pen), translate)


def framed(data: HouseData, contents: Contents, language: str, write: Writing) -> ListPack:
    """Return the list with what stands on every page of it."""
    pen, fresh = write.pen, write.fresh
    utc = Pen(write.translate, language, ZoneInfo("UTC"), data.now).calendar.local(data.now)
    letters = sum(_letters(group) for group in contents.groups)
    return ListPack(
        kind=data.kind.value,
        language=language,
        words={key: pen.say(label) for key, label in LABELS.items()},
        built=pen.calendar.full(data.now),
        built_at=(utc.year, utc.month, utc.day, utc.hour, utc.minute, utc.second),
        witness=pen.sent(data.witness) or pen.say("ledger head not known"),
        title=contents.title,
        place=" · ".join(p for p in (pen.sent(data.site.name), pen.sent(data.ward)) if p),
        counts=contents.counts,
        as_of=fresh.as_of(contents.streams),
        old=fresh.old(),
        notes=tuple(contents.notes),
        unknown=tuple(_unknown(data, contents, write)),
        streams=tuple(
            (pen.say(NAMES[stream]), fresh.word(stream), fresh.when(stream))
            for stream in contents.streams
        ),
        groups=tuple(contents.groups),
        register=register(contents.groups) if letters > _LONG else (),
        codes=sheet_symbols(data.sheet, letters // _LETTERS_A_PAGE + _SPARE_PAGES),
    )


def register(groups: Sequence[ListGroup]) -> tuple[tuple[str, int, int], ...]:
    """Return the parts of a list, each with its first and last group; () for one part."""
    found: list[tuple[str, int, int]] = []
    for place, group in enumerate(groups):
        name = group.within or group.title
        if found and found[-1][0] == name:
            found[-1] = (name, found[-1][1], place)
        else:
            found.append((name, place, place))
    return tuple(found) if len(found) > 1 else ()


def _letters(group: ListGroup) -> int:
    told = sum(
        len(entry.text) + 20 for row in group.rows for cell in row.cells for entry in cell
    )
    return told + 400


def _unknown(data: HouseData, contents: Contents, write: Writing) -> list[Entry]:
    """Return what the list cannot know, the gravest first; never without a line."""
    pen, fresh = write.pen, write.fresh
    found = [*unread_feeds(data.unread, pen), *contents.unknown]
    found += tell_systems(unfed_systems(data.site, data.ward), pen)
    for stream in contents.streams:
        name = pen.say(NAMES[stream])
        if not fresh.fed(stream):
            told = pen.say("NOT FED: {stream}: no system sends it for this ward", stream=name)
            found.append(Entry(text=told, strong=True))
        elif stream in fresh.behind():
            told = f"{name} {fresh.state(stream)}"
            words = pen.say("What came after: {stream}", stream=told)
            found.append(Entry(text=words, strong=True))
    told = pen.say("Whatever was done or decided after the times above, or never charted")
    return [*found, Entry(text=told)]


def said(*lines: str, strong: bool = False) -> tuple[Entry, ...]:
    """Return one cell of lines; the empty ones are left out."""
    return tuple(Entry(text=line, strong=strong) for line in lines if line)


def row(*cells: tuple[Entry, ...], heavy: bool = False) -> ListRow:
    """Return a row of a list."""
    return ListRow(cells=cells, heavy=heavy)


def ward_title(ward: HouseWard, pen: Pen) -> str:
    """Return "4B · Cardiology · House"."""
    name, site = pen.sent(ward.summary.name), pen.sent(ward.summary.site)
    told = (pen.sent(ward.summary.ward), name, "" if site in name else site)
    return " · ".join(part for part in told if part)
