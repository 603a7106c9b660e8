"""A list is right where each row says what its chart says; a fault is found by its kind."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from tests.pack.handmade import (
    allergy,
    hostile,
    house_data,
    many_drugs,
    order,
    patient,
    said,
    trapped,
)
from tests.pack.test_list_words import OPERATES, booked

from wardkeep.adapters import pdf_pages
from wardkeep.adapters.list_pages import rows_of
from wardkeep.adapters.pack_worker import build_list
from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import Allergies, AllergyState, Flag, FlagKind, PatientChart
from wardkeep.pack.house_lists import SHELVED
from wardkeep.pack.list_proof import PRINTED, ReadRow, Written, against_charts, against_pages
from wardkeep.pack.list_words import DIET, WantedRow, wanted_rows
from wardkeep.pack.proof import ALLERGY, BED, ORDER, PATIENT, Tally
from wardkeep.pack.whole_house import HouseData, PackKind, writing
from wardkeep.paper.words import LANGUAGES


class Printed:
    """A list made as a server makes it, and read back."""

    def __init__(self, data: HouseData, language: str = "en") -> None:
        made = build_list(msgspec.msgpack.encode(data), language)
        self.rows = rows_of(made.sheets)
        self.pages = pdf_pages.texts(made.pdf)
        self.wanted: list[WantedRow] = wanted_rows(
            data, writing(data, language, translator(language))
        )

    def against(self, data: HouseData, language: str = "en") -> Tally:
        wanted = wanted_rows(data, writing(data, language, translator(language)))
        return against_charts(self.rows, wanted)


def full(kind: PackKind) -> HouseData:
    outside = msgspec.structs.replace(booked(patient("9", "Zola"), 30), encounters=())
    return house_data(
        kind, booked(trapped(), 9), hostile(), many_drugs(), others=(outside,), site=OPERATES
    )


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", SHELVED)
def test_every_fact_of_a_list_full_of_traps_is_read_back(kind: PackKind, language: str) -> None:
    printed = Printed(full(kind), language)
    charts = against_charts(printed.rows, printed.wanted)
    pages = against_pages(printed.rows, printed.pages)
    assert (charts.wrong, pages.wrong) == ({}, {})
    assert charts.checks > len(printed.rows) > 0
    assert pages.made == {PRINTED: len(printed.rows)}


def ward(second: Callable[[PatientChart], PatientChart] = lambda chart: chart) -> HouseData:
    one = patient("700001", "Aerts", orders=(order("1", "digoxin", "125 mcg"),))
    two = patient(
        "700002",
        "Baeten",
        "2",
        diet=said("no salt"),
        orders=(order("2", "heparin", "5000 units"), order("3", "aspirin", "80 mg")),
        allergies=Allergies(state=AllergyState.LISTED, items=(allergy("latex"),)),
    )
    return house_data(PackKind.PHARMACY, one, second(two))


def other_dose(chart: PatientChart) -> PatientChart:
    return msgspec.structs.replace(
        chart, orders=(order("2", "heparin", "50 units"), *chart.orders[1:])
    )


def other_allergy(chart: PatientChart) -> PatientChart:
    told = Allergies(state=AllergyState.LISTED, items=(allergy("penicillin"),))
    return msgspec.structs.replace(chart, allergies=told)


@pytest.mark.parametrize(
    ("kind", "fault", "wrong"),
    [
        (PackKind.PHARMACY, other_dose, {ORDER: 1}),
        # It stands on each of that patient's two rows.
        (PackKind.PHARMACY, other_allergy, {ALLERGY: 2}),
        (PackKind.KITCHEN, other_allergy, {ALLERGY: 1}),
        (PackKind.THEATRE, other_allergy, {ALLERGY: 1}),
        (PackKind.EMERGENCY, other_allergy, {ALLERGY: 1}),
        (PackKind.CARDS, other_allergy, {ALLERGY: 1}),
        (
            PackKind.KITCHEN,
            lambda chart: msgspec.structs.replace(chart, diet=said("all")),
            {DIET: 1},
        ),
    ],
)
def test_one_fact_that_a_list_has_otherwise_than_the_chart_is_found_by_its_kind(
    kind: PackKind, fault: Callable[[PatientChart], PatientChart], wrong: dict[str, int]
) -> None:
    def of(second: Callable[[PatientChart], PatientChart]) -> HouseData:
        data = ward(lambda chart: booked(second(chart), 9))
        return msgspec.structs.replace(data, kind=kind, site=OPERATES)

    true, built = of(lambda chart: chart), Printed(of(fault))
    assert built.against(true).wrong == wrong


def test_a_stopped_order_and_a_patient_who_is_gone_have_no_row() -> None:
    printed = Printed(ward())
    fewer = ward(lambda chart: msgspec.structs.replace(chart, orders=chart.orders[:1]))
    assert printed.against(fewer).wrong == {ORDER: 1}
    list_ = msgspec.structs.replace(ward(), kind=PackKind.FRONT_DESK)
    [one, _] = list_.wards[0].charts
    alone = msgspec.structs.replace(
        list_, wards=(msgspec.structs.replace(list_.wards[0], charts=(one,)),)
    )
    assert Printed(list_).against(alone).wrong == {PATIENT: 1}
    assert Printed(alone).against(list_).wrong == {PATIENT: 2, BED: 2}


def test_a_namesake_s_row_is_not_taken_for_the_patient_s() -> None:
    """Her number stands in the name alert of the other's row."""
    printed = Printed(full(PackKind.CARDS))
    read = [
        msgspec.structs.replace(row, cells=(f"{row.cells[0]}\nlike 700009", *row.cells[1:]))
        for row in printed.rows
    ]
    assert against_charts(read, printed.wanted).wrong == {}


def test_an_order_without_a_dose_does_not_take_the_row_of_the_same_drug_with_one() -> None:
    unclear = (Flag(FlagKind.TIMING_UNREADABLE),)
    # The list has those to clarify first, the chart has them last.
    orders = (order("1", "aspirin", None), order("2", "aspirin", "80 mg", flags=unclear))
    printed = Printed(house_data(PackKind.PHARMACY, patient("700001", "Aerts", orders=orders)))
    assert ["80 mg" in row.cells[3] for row in printed.rows] == [True, False]
    assert against_charts(printed.rows, printed.wanted).wrong == {}
    [first, _] = printed.rows
    assert against_charts([first], printed.wanted).wrong[ORDER] == 1


def test_an_allergy_in_the_diet_s_column_is_none() -> None:
    printed = Printed(msgspec.structs.replace(ward(), kind=PackKind.KITCHEN))
    [first, second] = printed.rows
    bed, who, diet, allergies, tray = second.cells
    swapped = ReadRow(second.group, second.title, (bed, who, allergies, diet, tray))
    assert against_charts([first, swapped], printed.wanted).wrong == {ALLERGY: 1, DIET: 1}


def test_a_pdf_that_says_otherwise_than_its_html_is_found() -> None:
    printed = Printed(ward())
    altered = [
        page.replace("125\N{NO-BREAK SPACE}mcg", "1125\N{NO-BREAK SPACE}mcg")
        for page in printed.pages
    ]
    assert altered != printed.pages
    assert against_pages(printed.rows, printed.pages).wrong == {}
    assert against_pages(printed.rows, altered).wrong == {PRINTED: 1}
    assert against_pages(printed.rows[1:2], printed.pages[:0]).wrong == {PRINTED: 1}
    # A row that only the PDF has stands between two that both have.
    [first, between, last] = printed.rows
    one_part = [msgspec.structs.replace(row, group=0) for row in (first, between, last)]
    only = ["".join("".join(row.cells) for row in one_part)]
    assert against_pages(one_part, only).wrong == {}
    assert against_pages([one_part[0], one_part[2]], only).wrong == {PRINTED: 1}


@pytest.mark.parametrize(
    ("word", "text", "there"),
    [
        ("5 mg", "at 08:00 5 mg", True),
        ("5 mg", "at 08:00\n5\N{NO-BREAK SPACE}mg\nby mouth", True),
        ("5 mg", "15 mg, then 5 mg", True),
        ("5 mg", "15\N{NO-BREAK SPACE}mg, then\n5\N{NO-BREAK SPACE}mg", True),
        ("5 mg", "15 mg", False),
        ("5 mg", "2,5 mg", False),
        ("1 g", "1 gram", False),
        ("401-1", "401-12", False),
        ("VANDERSTEEN-LEFÈVRE", "VANDERSTEEN-\nLEFÈVRE, Marie", True),
        ("", "anything", True),
    ],
)
def test_a_word_stands_in_a_cell_by_itself_or_not_at_all(
    word: str, text: str, there: bool
) -> None:
    assert Written(text).has(word) is there
