"""Whether a ward's paper says what its charts say: read back from the PDF, fact by fact.

A pack is held against the charts as they were when it was made, where every fact must be right,
and against the charts of now, which tells how much of it would be right if the systems went
away at this moment.

Rules kept here:
- A fact is right where all its words stand together on that patient's own sheet, and every page
  of the sheet bears the patient's name and number. Spaces and line ends do not count: a layout
  may break lines where it likes.
- What stands on paper and not in the charts is wrong too: a patient who is gone, an order that
  was stopped.
- Found faults are counted by kind; no name, number or drug leaves this module.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

import msgspec

from wardkeep.chart.model import (
    AllergyState,
    Coded,
    Dose,
    FlagKind,
    MedicationOrder,
    OrderState,
    PatientChart,
)
from wardkeep.chart.schedule import ended_at
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import DAY
from wardkeep.pack.identity import allergy_box, bed
from wardkeep.pack.medicines import by_order
from wardkeep.pack.pen import Pen
from wardkeep.paper.visible import cut, visible

PATIENT, BED, ALLERGY, ORDER, DOSE = "patient", "bed", "allergy", "order", "last dose"
MEDICATION = frozenset({ORDER, DOSE})
# As much of a text as the pen lets onto a sheet, less what wraps.
_LONGEST = 120
# A line of the MAR: the dose before the drug, its timing, details and last doses behind it.
_BEFORE, _BEHIND = 160, 700
_BETWEEN = "[\\s\u200b\u00ad]*"
_GAP = re.compile("[\\s\u200b\u00ad]")


class Fact(msgspec.Struct, frozen=True):
    """One thing that a sheet must say: its kind and the words that must all stand there."""

    kind: str
    words: tuple[str, ...]


class Tally(msgspec.Struct, frozen=True):
    """How many facts of each kind were looked for, and how many were not right."""

    made: Mapping[str, int]
    wrong: Mapping[str, int]

    @property
    def checks(self) -> int:
        """Facts looked for."""
        return sum(self.made.values())

    @property
    def right(self) -> int:
        """Facts that were right."""
        return self.checks - sum(self.wrong.values())

    def of(self, kinds: frozenset[str]) -> tuple[int, int]:
        """Return facts looked for and right of some kinds."""
        made = sum(count for kind, count in self.made.items() if kind in kinds)
        return made, made - sum(n for kind, n in self.wrong.items() if kind in kinds)


class ReadSheet(msgspec.Struct, frozen=True):
    """A patient's pages as read back: the text of each."""

    pages: tuple[str, ...]


def against_its_charts(
    sheets: Mapping[str, ReadSheet],
    charts: Mapping[str, PatientChart],
    rules: Rules,
    pen: Pen,
) -> Tally:
    """Hold a pack against what it was made of; both by the number of the patient's sheet.

    `pen` writes in the pack's language at the pack's time.
    """
    tally = Counted()
    for _ in sheets.keys() - charts.keys():
        tally.add(PATIENT, right=False)
    for sheet, chart in charts.items():
        _compare(sheets.get(sheet), chart, facts(chart, rules, pen, pen.now), tally)
    return tally.told()


def against_now(
    sheets: Mapping[str, ReadSheet],
    charts: Mapping[str, PatientChart],
    live: Sequence[PatientChart],
    rules: Rules,
    pen: Pen,
    now: int,
) -> Tally:
    """Hold a pack against the charts of now: `charts` as in `against_its_charts`, at `now`."""
    tally = Counted()
    sheet_of = {chart.record: sheet for sheet, chart in charts.items()}
    lying = {chart.record: chart for chart in live}
    for _ in sheet_of.keys() - lying.keys():
        tally.add(BED, right=False)
    for record, chart in lying.items():
        read = sheets.get(sheet_of.get(record, ""))
        _compare(read, chart, facts(chart, rules, pen, now), tally)
        if record in sheet_of:
            _stopped(charts[sheet_of[record]], chart, rules, pen.now, tally)
    return tally.told()


def facts(chart: PatientChart, rules: Rules, pen: Pen, now: int) -> Iterator[Fact]:
    """Yield what a sheet must say of a patient, in the words of the pack's language."""
    yield Fact(PATIENT, (surname(chart), shown(chart.record)))
    if chart.current is not None:
        yield Fact(BED, (bed(chart, pen),))
    if chart.allergies.state in {AllergyState.NONE_KNOWN, AllergyState.NOT_RECORDED}:
        yield Fact(ALLERGY, (allergy_box(chart, pen).state,))
    for item in chart.allergies.items:
        yield Fact(ALLERGY, (_drug(item.substance),))
    doses = by_order(chart.doses)
    for order in standing(chart, rules, now):
        yield Fact(ORDER, order_words(order))
        newest = max(doses.get(order.order, ()), key=lambda dose: dose.at.at, default=None)
        if newest is not None and now - DAY < newest.at.at <= now:
            yield Fact(DOSE, _dose_words(order, newest, pen))


def standing(chart: PatientChart, rules: Rules, now: int) -> list[MedicationOrder]:
    """Return the orders that the MAR must show: of this stay, active, not ended by itself."""
    return [
        order
        for order in chart.orders
        if order.state.value is OrderState.ACTIVE
        and ended_at(order, rules, now) is None
        and all(flag.kind is not FlagKind.EARLIER_STAY for flag in order.flags)
    ]


def order_words(order: MedicationOrder) -> tuple[str, ...]:
    """Return what must stand together of an order: its drug, and its dose where it has one."""
    dose = order.dose.value if order.dose is not None else ""
    drug = _drug(order.drug.value)
    return (drug, shown(dose)) if dose and not order.timing.value.phases else (drug,)


def _dose_words(order: MedicationOrder, dose: Dose, pen: Pen) -> tuple[str, ...]:
    words = (_drug(order.drug.value), pen.calendar.moment(dose.at))
    return (*words, shown(dose.amount)) if dose.amount else words


def _stopped(
    then: PatientChart, now: PatientChart, rules: Rules, at: int, tally: Counted
) -> None:
    """Count an order that stands on paper and was stopped since as wrong."""
    active = {order.order for order in standing(now, rules, at)}
    for order in standing(then, rules, at):
        if order.order not in active:
            tally.add(ORDER, right=False)


def _compare(
    read: ReadSheet | None, chart: PatientChart, wanted: Iterator[Fact], tally: Counted
) -> None:
    pages = read.pages if read is not None else ()
    whole = "\n".join(pages)
    own = bool(pages) and all(_is_of(page, chart) for page in pages)
    for fact in wanted:
        there = stand_together(fact.words, whole)
        tally.add(fact.kind, right=own and there)


def _is_of(page: str, chart: PatientChart) -> bool:
    """Tell whether a page is the patient's own: each page bears name and record number."""
    return stands_in(surname(chart), page) and stands_in(shown(chart.record), page)


def stand_together(words: Sequence[str], text: str) -> bool:
    """Tell whether all words stand in a text, the others around one place of the first.

    A dose that stands on the sheet beside another drug is no proof of this one.
    """
    first, *others = words
    for found in _pattern(first).finditer(text):
        around = text[max(0, found.start() - _BEFORE) : found.end() + _BEHIND]
        if all(stands_in(word, around) for word in others):
            return True
    return False


def stands_in(word: str, text: str) -> bool:
    """Tell whether a word stands in a text by itself: 5 mg does not stand in 15 mg."""
    return _pattern(word).search(text) is not None


# A ward names the same drugs, doses and times again and again.
@lru_cache(maxsize=16_384)
def _pattern(word: str) -> re.Pattern[str]:
    letters = [re.escape(letter) for letter in _GAP.sub("", word)]
    before = r"(?<![\w.,-])" if word[:1].isalnum() else ""
    after = r"(?![\w-])" if word[-1:].isalnum() else ""
    return re.compile(before + _BETWEEN.join(letters) + after)


def surname(chart: PatientChart) -> str:
    """Return the family name as every sheet has it; "" where none was sent."""
    name = chart.name.value.family if chart.name else ""
    return shown(name.replace("ß", "ẞ").upper())


def _drug(coded: Coded) -> str:
    return shown(coded.text or coded.code)


def shown(text: str) -> str:
    """Return text of a feed as paper shows it, be it cut."""
    return visible(cut(text, _LONGEST)[0]).text


class Counted:
    """Counts while a pack is compared."""

    def __init__(self) -> None:
        self._made, self._wrong = Counter[str](), Counter[str]()

    def add(self, kind: str, *, right: bool) -> None:
        """Count one fact."""
        self._made[kind] += 1
        if not right:
            self._wrong[kind] += 1

    def told(self) -> Tally:
        """Return what was counted."""
        return Tally(dict(self._made), dict(self._wrong))
