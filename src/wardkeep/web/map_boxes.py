"""What stands in a box of the map's picture and in its row of the table, and where it leads."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import urlencode

import msgspec

from wardkeep.hospital.map.care import HomePatients, Mode, Service
from wardkeep.hospital.map.grouping import Box
from wardkeep.hospital.map.item import kind_of, named_in, reference_to
from wardkeep.hospital.map.machines import Device, Server, Workstations
from wardkeep.hospital.map.people import Account
from wardkeep.hospital.map.placing import NOT_RECORDED
from wardkeep.hospital.map.whole import AnyItem, HospitalMap
from wardkeep.paper.visible import in_runs
from wardkeep.web.map_words import COLUMNS, KINDS, MANY, MODES, NEEDS_COLUMNS, ONE_TIER
from wardkeep.web.words import N_

Translate = Callable[[str], str]

LONGEST_NAME: Final = 120
"""Letters of a name in a table; an id has as many at most (hospital.map.item)."""
PLACES: Final = ("site", "segment")
"""Views whose columns are things of the map themselves."""
_PATIENTS: Final = N_("%(n)s patients a day")
_PATIENTS_UNKNOWN: Final = N_("NOT RECORDED: patients a day")
_COUNTED: Final = frozenset({"workstations", "device"})
"""Items that stand for several machines: told by their machines."""
_WIDTHS: Final[Mapping[str, float]] = {
    letter: width
    for letters, width in (
        (",.:;'!|ijl", 0.31),
        (" ()[]-frtI", 0.42),
        ("_/*cszyvx", 0.54),
        ("Jaek?Lhnuo<>F", 0.59),
        ("gbdpqE3TS5$=+24867", 0.65),
        ("PZBVRYCK09AX1", 0.69),
        ("DUHGNQOw&", 0.76),
        ("Mm", 0.89),
        ("W@%&—…œæÆŒ", 1.02),
    )
    for letter in letters
}
"""Of the bold letters of Atkinson Hyperlegible Next at size 1, the widest of each row."""
_OTHER_LETTER: Final = 0.78
_USUAL: Final = 0.93
"""Most letters are narrower than the widest of their row; what is not is cut by its box."""


class BoxWords(msgspec.Struct, frozen=True):
    """A box in words: its name, what it is, and the page that tells more."""

    href: str
    name: str
    fact: str


class MapWords:
    """Says things of one map in one language; `modes`: of services on a page of what falls."""

    def __init__(
        self, whole: HospitalMap, translate: Translate, modes: Mapping[str, Mode]
    ) -> None:
        self.whole = whole
        self.modes = modes
        self._translate = translate

    def name(self, reference: str) -> str:
        """Return the name of a thing, or its id; at most LONGEST_NAME letters."""
        item = self.whole.items.get(reference)
        told = (item.name or item.id) if item else reference
        return told if len(told) <= LONGEST_NAME else f"{told[: LONGEST_NAME - 1]}…"

    def fact(self, reference: str) -> str:
        """Return what a thing is, in a few words."""
        item = self.whole.items.get(reference)
        if item is None:
            return self._translate(N_("NOT ON THE MAP"))
        return self._fact(item)

    def _fact(self, item: AnyItem) -> str:
        kind = self._translate(KINDS[kind_of(item)])
        match item:
            case Server() | Account():
                # What is not recorded stands first: of a box that is too narrow the end is cut.
                told = [kind, self.tier(item.tier)]
                return " · ".join(told if item.tier is not None else told[::-1])
            case Workstations() | Device():
                return f"{kind}: {item.count}"
            case Service():
                return self._service(item)
            case HomePatients():
                known = self._translate(N_("NOT RECORDED"))
                return f"{kind}: {known if item.patients is None else item.patients}"
            case _:
                return kind

    def _service(self, item: Service) -> str:
        mode, a_day = self.modes.get(reference_to(item)), item.patients_a_day
        if item.sort == "office":
            return self._translate(MODES[mode] if mode else KINDS["service"])
        if mode is None or a_day is None:
            told = [MODES[mode]] if mode else []
            return " · ".join([*map(self._translate, told), self.patients(a_day)])
        # In the picture there is room for no more.
        short = self._translate(N_("%(n)s a day")) % {"n": f"{a_day:.0f}"}
        return f"{self._translate(MODES[mode])} · {short}"

    def tier(self, tier: int | None) -> str:
        """Return a tier in a few words."""
        if tier is None:
            return self._translate(N_("NOT RECORDED: tier"))
        return self._translate(N_("tier %(n)s")) % {"n": tier}

    def patients(self, a_day: float | None) -> str:
        """Return how many patients a day a service has."""
        if a_day is None:
            return self._translate(_PATIENTS_UNKNOWN)
        return self._translate(_PATIENTS) % {"n": f"{a_day:.0f}"}

    def column(self, view: str, key: str) -> str:
        """Return the heading of a column of a view."""
        if view == "needs" and key in NEEDS_COLUMNS:
            return self._translate(NEEDS_COLUMNS[key])
        if key in COLUMNS and (key.startswith(":") or view not in PLACES):
            return self._translate(COLUMNS[key])
        if view == "tier":
            return self._translate(ONE_TIER) % {"n": key}
        if view == "kind":
            return self._translate(MANY[key])
        return self.name(f"{view}:{key}")

    def is_office(self, reference: str) -> bool:
        """Say whether it is a service that has no patients."""
        item = self.whole.items.get(reference)
        return isinstance(item, Service) and item.sort == "office"

    def named(self, item: AnyItem, field: str) -> tuple[str, ...]:
        """Return what an item names in a field, as `kind:id`."""
        return named_in(item, field)

    def part(self, box: Box) -> str:
        """Return by what the members of a box are put together, "" where it is by no part."""
        if box.part is None:
            return ""
        if not box.part or box.part == NOT_RECORDED:
            return self._translate(N_("NOT RECORDED"))
        segment = f"segment:{box.part}"
        return self.name(segment if segment in self.whole.items else f"site:{box.part}")

    def box(self, box: Box, to_group: str) -> BoxWords:
        """Return the words of a box; `to_group` is the address of the list of its members."""
        if box.one:
            return BoxWords(item_address(box.one), self.name(box.one), self.fact(box.one))
        told, number = [self.part(box)], len(box.members)
        if box.kind in _COUNTED:
            told.append(self._translate(N_("in %(n)s groups")) % {"n": number})
            number = box.machines
        elif box.machines and not box.kind:
            told.append(self._translate(N_("%(n)s machines")) % {"n": box.machines})
        # The number first: of a box that is too narrow the words are cut, never the number.
        name = f"{number} {self._translate(MANY[box.kind])}"
        fact = ", ".join(filter(None, told)) or self._translate(N_("see the list"))
        return BoxWords(to_group, name, fact)


def item_address(reference: str) -> str:
    """Return the address of the page of a thing."""
    return f"/map/item?{urlencode({'item': reference})}"


def fitted(text: str, width: int, size: int) -> str:
    """Return text as a picture shows it: nothing hidden, cut where it would be too wide.

    `width` in pixels, `size` of the letters too; by the widths of Atkinson Hyperlegible Next.
    """
    room, made = width / (size * _USUAL), ""
    for run, is_code in in_runs(" ".join(text[:LONGEST_NAME].split())):
        for piece in (run,) if is_code else run:
            wide = _wide(piece)
            if wide > room - _wide("…"):
                return f"{made}…"
            room -= wide
            made += piece
    return made


def _wide(text: str) -> float:
    """Return about how wide text is at size 1; accents make no letter wider."""
    plain = unicodedata.normalize("NFD", text)
    return sum(
        _WIDTHS.get(each, _OTHER_LETTER) for each in plain if not unicodedata.combining(each)
    )
