"""The sheets of a ward as data: what typesetting is given, every text safe and translated.

All strings are ready for the page (wardkeep.paper.visible); no markup is read from them.
"""

from __future__ import annotations

import msgspec


class Cell(msgspec.Struct, frozen=True, kw_only=True):
    """A stretch of the 24-hour grid. `kind`: "due" (a box to sign), "shut" or "open"."""

    kind: str
    span: int
    text: str = ""


class Line(msgspec.Struct, frozen=True, kw_only=True):
    """One medicine of the MAR, the patient's dose first."""

    drug: str
    dose: str
    boxed: bool = False
    """The dose lost characters: printed boxed, AS SENT, for a pharmacist."""
    how: str = ""
    """Route and frequency in words."""
    details: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    risk: str = ""
    """The class of a high-risk drug in words; printed beside a heavy bar."""
    pair: str = ""
    """"first", "middle" or "last" of a bracket of possible duplicates."""
    given: tuple[str, ...] = ()
    missed: tuple[int, ...] = ()
    """Which of `given` tell of a dose that was not taken: printed in bold."""
    ask: tuple[str, ...] = ()
    cells: tuple[Cell, ...] = ()


class Block(msgspec.Struct, frozen=True, kw_only=True):
    """One block of the MAR: regular, once, as needed, infusions, ended."""

    title: str
    note: str = ""
    lines: tuple[Line, ...] = ()


class Entry(msgspec.Struct, frozen=True, kw_only=True):
    """One line of the summary; `strong` in bold, `struck` parts crossed out."""

    text: str
    strong: bool = False
    struck: str = ""


class Section(msgspec.Struct, frozen=True, kw_only=True):
    """One heading of the summary with its lines; never without a line."""

    title: str
    entries: tuple[Entry, ...]


class Reading(msgspec.Struct, frozen=True, kw_only=True):
    """One laboratory value with its time; earlier reported values are struck."""

    value: str
    when: str
    strong: bool = False
    struck: str = ""


class Trend(msgspec.Struct, frozen=True, kw_only=True):
    """One analysis: the last value and up to four before it."""

    analysis: str
    unit: str
    readings: tuple[Reading, ...]


class Allergies(msgspec.Struct, frozen=True, kw_only=True):
    """The allergy box: the state in words and what it says.

    `kind` is the state as chart.model.AllergyState has it: it sets how the box looks.
    """

    state: str
    text: str
    kind: str = ""


class ChartCodes(msgspec.Struct, frozen=True, kw_only=True):
    """The sealed chart of a patient as codes, each the bytes of a PNG, and what they are for.

    No codes: the text says why.
    """

    text: str
    codes: tuple[tuple[int, ...], ...] = ()


class PatientSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The MAR and the summary of one patient."""

    surname: str
    given: str
    born: str
    numbers: str
    place: str
    facts: str
    alerts: tuple[str, ...] = ()
    allergies: Allergies
    as_of_mar: str
    as_of_summary: str
    charted: str
    hand_over: tuple[str, ...] = ()
    """Heading and sentences of the box that the outgoing nurse signs."""
    old: str = ""
    codes: tuple[tuple[str, str], ...]
    """(letters, symbol as SVG) of each page, more of them than pages."""
    blocks: tuple[Block, ...] = ()
    sections: tuple[Section, ...] = ()
    split: int = 0
    """How many sections stand in the left column."""
    trends: tuple[Trend, ...] = ()
    no_trends: str = ""
    copy: ChartCodes | None = None


class BedRow(msgspec.Struct, frozen=True, kw_only=True):
    """One bed of the census."""

    bed: str
    name: str
    about: str
    allergies: str
    allergy_strong: bool
    isolation: str
    isolation_strong: bool
    code_status: str
    status_strong: bool
    due: tuple[str, ...]
    risks: tuple[str, ...]
    alerts: tuple[str, ...]


class WardSheet(msgspec.Struct, frozen=True, kw_only=True):
    """The sheet on top of the ward's pack."""

    title: str
    counts: str
    as_of: str
    due_until: str = ""
    """From when to when what stands under "due" is due."""
    alerts: tuple[str, ...]
    unknown: tuple[Entry, ...]
    streams: tuple[tuple[str, str, str], ...]
    """(stream, state in words and age, as of) of every stream."""
    beds: tuple[BedRow, ...]
    empty_beds: str
    telephones: tuple[str, ...]
    by_name: tuple[tuple[str, str], ...] = ()
    """(name with birth date, bed) by name."""
    no_status: str = ""
    """What holds by the site's rule where no code status is recorded."""
    old: str = ""
    codes: tuple[tuple[str, str], ...]


class WardPack(msgspec.Struct, frozen=True, kw_only=True):
    """All sheets of one ward in one language, as typesetting is given them."""

    ward: str
    language: str
    words: dict[str, str]
    built: str
    built_at: tuple[int, int, int, int, int, int]
    """The same in UTC, for the file's own date, so that bytes repeat."""
    witness: str
    """Heads of the ledgers, printed in every footer."""
    columns: tuple[str, ...]
    ward_sheet: WardSheet
    patients: tuple[PatientSheet, ...]
