"""Lists cut from the charts of a whole house, as data: what typesetting is given.

All strings are ready for the page (wardkeep.paper.visible); no markup is read from them.
"""

from __future__ import annotations

import msgspec

from wardkeep.paper.forms import Allergies, Entry, Section


class ListRow(msgspec.Struct, frozen=True, kw_only=True):
    """One row: the lines of each of its cells, none of them empty."""

    cells: tuple[tuple[Entry, ...], ...]
    heavy: bool = False
    """Printed with a heavy bar at the left, as high-risk drugs are."""


class ListGroup(msgspec.Struct, frozen=True, kw_only=True):
    """Rows under one heading, a ward as a rule. Without rows its note says why."""

    title: str
    within: str = ""
    """What it is a part of, a ward as a rule; "" where it stands for itself."""
    note: str = ""
    columns: tuple[str, ...]
    rows: tuple[ListRow, ...] = ()


class ListPack(msgspec.Struct, frozen=True, kw_only=True):
    """All sheets of one kind in one language."""

    kind: str
    language: str
    words: dict[str, str]
    built: str
    built_at: tuple[int, int, int, int, int, int]
    """The same in UTC, for the file's own date, so that bytes repeat."""
    witness: str
    title: str
    place: str
    counts: str
    as_of: str
    old: str = ""
    notes: tuple[str, ...] = ()
    """What its reader must know before the first row."""
    unknown: tuple[Entry, ...]
    streams: tuple[tuple[str, str, str], ...]
    """(stream, state in words and age, as of) of the streams that it is cut from."""
    groups: tuple[ListGroup, ...]
    register: tuple[tuple[str, int, int], ...] = ()
    """(name, first group, last group, from 0) of what its first page tells the pages of."""
    codes: tuple[tuple[str, str], ...]


class KnownPatientCard(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of one person who may lie in no bed."""

    language: str
    words: dict[str, str]
    built: str
    built_at: tuple[int, int, int, int, int, int]
    witness: str
    surname: str
    given: str
    born: str
    numbers: str
    place: str
    facts: str
    alerts: tuple[str, ...] = ()
    allergies: Allergies
    as_of: str
    old: str = ""
    opened: str
    """Who opened it and why, with the time."""
    sections: tuple[Section, ...]
    split: int
    codes: tuple[tuple[str, str], ...]
