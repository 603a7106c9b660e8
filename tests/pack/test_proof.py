from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

import msgspec
import pytest
from tests.pack.handmade import (
    NOW,
    dose,
    hostile,
    many_drugs,
    order,
    patient,
    said,
    trapped,
    ward_data,
)

from wardkeep.adapters import pdf_pages
from wardkeep.adapters.pack_worker import build
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.medication import OrderState
from wardkeep.chart.model import PatientChart
from wardkeep.chart.values import Location
from wardkeep.hospital.site import Rules
from wardkeep.kernel.times import HOUR
from wardkeep.pack.contents import WardData
from wardkeep.pack.pen import Pen
from wardkeep.pack.proof import (
    ALLERGY,
    BED,
    DOSE,
    MEDICATION,
    ORDER,
    PATIENT,
    ReadSheet,
    Tally,
    against_its_charts,
    against_now,
    stands_in,
)
from wardkeep.paper.words import LANGUAGES

RULES = Rules()


def pen(language: str = "en") -> Pen:
    return Pen(translator(language), language, ZoneInfo(RULES.timezone), NOW)


class Paper:
    """A ward's pack, typeset and read back by another program."""

    def __init__(self, *charts: PatientChart, language: str = "en") -> None:
        self.data: WardData = ward_data(*charts)
        read = pdf_pages.texts(build(msgspec.msgpack.encode(self.data), language).pdf)
        _, *others = pdf_pages.sheets(read)
        self.sheets = {
            each.sheet: ReadSheet(tuple(read[page] for page in each.pages)) for each in others
        }
        self.charts = dict(zip(self.data.sheets[1:], charts, strict=True))
        self.language = language

    def then(self, sheets: Mapping[str, ReadSheet] | None = None) -> Tally:
        kept = self.sheets if sheets is None else sheets
        return against_its_charts(kept, self.charts, RULES, pen(self.language))

    def now(self, *live: PatientChart, at: int = NOW) -> Tally:
        return against_now(self.sheets, self.charts, live, RULES, pen(self.language), at)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_fact_of_a_ward_full_of_traps_is_read_back_from_its_paper(language: str) -> None:
    tally = Paper(trapped(), hostile(), many_drugs(), language=language).then()
    assert tally.wrong == {}
    assert set(tally.made) >= {PATIENT, BED, ALLERGY, ORDER}
    assert tally.right == tally.checks > 60


@pytest.fixture(scope="module")
def ward() -> Paper:
    one = patient(
        "700001",
        family="Aerts",
        orders=(order("1", "paracetamol", "1 g"), order("2", "digoxin", "125 mcg")),
        doses=(dose("1", NOW - 6 * HOUR),),
    )
    return Paper(one, patient("700002", family="Baeten", orders=(order("3", "insulin"),)))


@pytest.mark.parametrize(
    ("printed", "instead", "kind"),
    [
        ("125\N{NO-BREAK SPACE}mcg", "1125\N{NO-BREAK SPACE}mcg", ORDER),
        ("digoxin", "digitoxin", ORDER),
        ("AERTS", "AERST", PATIENT),
        ("700001", "700007", PATIENT),
        ("401-1", "401-2", BED),
    ],
)
def test_a_fault_on_paper_is_found_and_named_by_its_kind(
    ward: Paper, printed: str, instead: str, kind: str
) -> None:
    altered = {
        sheet: ReadSheet(tuple(page.replace(printed, instead) for page in read.pages))
        for sheet, read in ward.sheets.items()
    }
    assert altered != ward.sheets
    assert ward.then(altered).wrong[kind] >= 1


def test_two_doses_that_changed_places_are_both_wrong(ward: Paper) -> None:
    one = patient(
        "700004",
        orders=(
            order("1", "paracetamol", "1 g"),
            *(order(f"{n}", f"medicine {n}", "3 g") for n in range(20, 40)),
            order("2", "digoxin", "125 mcg"),
        ),
    )
    paper = Paper(one)
    kept = paper.sheets[paper.data.sheets[1]]
    swapped = tuple(
        page.replace("1\N{NO-BREAK SPACE}g paracetamol", "125 mcg paracetamol").replace(
            "125\N{NO-BREAK SPACE}mcg digoxin", "1 g digoxin"
        )
        for page in kept.pages
    )
    assert swapped != kept.pages
    assert paper.then().wrong == {}
    assert paper.then({paper.data.sheets[1]: ReadSheet(swapped)}).wrong == {ORDER: 2}


def test_a_page_of_another_patient_makes_the_whole_sheet_wrong(ward: Paper) -> None:
    first, second = ward.sheets
    mixed = {
        **ward.sheets,
        first: ReadSheet((*ward.sheets[first].pages, ward.sheets[second].pages[0])),
    }
    assert ward.then().wrong == {}
    wrong = ward.then(mixed).wrong
    assert wrong[ORDER] == 2
    assert wrong[PATIENT] == 1


def test_a_patient_without_a_sheet_and_a_sheet_without_a_patient_are_wrong(ward: Paper) -> None:
    first = next(iter(ward.sheets))
    moved = {("ZZZZZZZZ" if s == first else s): read for s, read in ward.sheets.items()}
    assert ward.then(moved).wrong[PATIENT] == 2


def test_against_now_nothing_changed_is_all_right(ward: Paper) -> None:
    tally = ward.now(*ward.charts.values(), at=NOW + HOUR)
    assert tally.wrong == {}
    made, right = tally.of(MEDICATION)
    assert made == right == 4


def test_an_order_stopped_or_begun_since_is_wrong_on_paper(ward: Paper) -> None:
    one, two = ward.charts.values()
    stopped = msgspec.structs.replace(one.orders[1], state=said(OrderState.STOPPED))
    begun = order("9", "heparin", "5000 units")
    changed = msgspec.structs.replace(one, orders=(one.orders[0], stopped, begun))
    assert ward.now(changed, two).wrong == {ORDER: 2}


def test_a_dose_given_since_is_not_on_paper(ward: Paper) -> None:
    one, two = ward.charts.values()
    given = msgspec.structs.replace(one, doses=(*one.doses, dose("2", NOW + 10 * 60_000_000)))
    assert ward.now(given, two, at=NOW + HOUR).wrong == {DOSE: 1}


def test_who_left_came_or_moved_since_is_wrong_on_paper(ward: Paper) -> None:
    one, two = ward.charts.values()
    assert ward.now(one).wrong == {BED: 1}
    came = patient("700003", family="Claes", orders=(order("7", "aspirin"),))
    assert ward.now(one, two, came).wrong[ORDER] == 1
    stay = msgspec.structs.replace(one.encounters[0], location=said(Location("4B", "499", "9")))
    moved = msgspec.structs.replace(one, encounters=(stay,))
    assert ward.now(moved, two).wrong == {BED: 1}


@pytest.mark.parametrize(
    ("word", "text", "there"),
    [
        ("5 mg", "at 08:00 5 mg", True),
        ("5 mg", "at 08:00\n5\N{NO-BREAK SPACE}mg\nby mouth", True),
        ("5 mg", "15 mg", False),
        ("5 mg", "2,5 mg", False),
        ("5 mg", "2.5 mg", False),
        ("1 g", "1 gram", False),
        ("digoxin", "digoxine", False),
        ("401-1", "401-12", False),
        ("VANDERSTEEN-LEFÈVRE", "VANDERSTEEN-\nLEFÈVRE, Marie", True),
        ("75 \ufffdg", "75 \ufffdg AS SENT", True),
    ],
)
def test_a_word_stands_by_itself_or_not_at_all(word: str, text: str, there: bool) -> None:
    assert stands_in(word, text) is there
