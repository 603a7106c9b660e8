"""Each list is proved by all that stands on it, in the words of its language."""

from __future__ import annotations

import msgspec
import pytest
from tests.pack.handmade import (
    NOW,
    SITE,
    house_data,
    many_drugs,
    moment,
    order,
    patient,
    said,
    source,
    trapped,
)

from wardkeep.adapters.typst_words import translator
from wardkeep.chart.model import Appointment, OrderState, PatientChart
from wardkeep.hospital.site import Paper
from wardkeep.hospital.streams import StreamState
from wardkeep.kernel.times import HOUR
from wardkeep.pack.list_words import DIET, OPERATION, WantedRow, wanted_rows
from wardkeep.pack.proof import ALLERGY, ORDER
from wardkeep.pack.whole_house import HouseData, PackKind, writing

OPERATES = msgspec.structs.replace(SITE, paper=Paper(theatre_services=("Theatre",)))


def rows(data: HouseData, language: str = "en") -> list[WantedRow]:
    return wanted_rows(data, writing(data, language, translator(language)))


def booked(chart: PatientChart, hours: int, state: str = "booked") -> PatientChart:
    operation = Appointment(
        appointment=f"{hours}", start=moment(NOW + hours * HOUR), service="Theatre",
        reason="Left knee", place="OR 2", who="Dr Maes", state=state, source=source(),
    )  # fmt: skip
    return msgspec.structs.replace(chart, appointments=(operation,))


def words(row: WantedRow, kind: str) -> list[tuple[str, ...]]:
    return [each.words for each in row.facts if each.kind == kind]


def test_the_pharmacy_must_have_every_order_that_stands_and_may_have_what_is_in_doubt() -> None:
    stopped = order("9", "digoxin", state=said(OrderState.STOPPED))
    held = order("8", "heparin", state=said(OrderState.HELD))
    chart = patient("1", orders=(order("7", "aspirin", "80 mg"), held, stopped))
    told = {row.facts[0].words: row.must for row in rows(house_data(PackKind.PHARMACY, chart))}
    assert told == {("aspirin", "80 mg"): True, ("heparin", "1 g"): False}


def test_of_a_ward_whose_orders_nobody_sends_no_row_is_wanted() -> None:
    unfed = house_data(
        PackKind.PHARMACY, patient("1", orders=(order("7", "aspirin"),)),
        medication_orders=StreamState.NOT_FED,
    )  # fmt: skip
    assert rows(unfed) == []


@pytest.mark.parametrize(
    ("language", "unsaid"),
    [
        ("en", "DIET NOT RECORDED: ASK"),
        ("fr", "RÉGIME NON RENSEIGNÉ : DEMANDER"),
        ("nl", "DIEET NIET VASTGELEGD: VRAAG NA"),
        ("de", "KOSTFORM NICHT ERFASST: NACHFRAGEN"),
    ],
)
def test_no_diet_is_looked_for_in_the_words_of_the_list_s_language(
    language: str, unsaid: str
) -> None:
    [row] = rows(house_data(PackKind.KITCHEN, patient("1")), language)
    assert words(row, DIET) == [(unsaid,)]


def test_operations_of_today_and_tomorrow_are_wanted_and_no_other() -> None:
    charts = [
        booked(patient(str(number), bed=str(number)), hours, state)
        for number, (hours, state) in enumerate(
            [(4, "booked"), (30, "booked"), (90, "booked"), (5, "cancelled")]
        )
    ]
    found = rows(house_data(PackKind.THEATRE, *charts, site=OPERATES))
    assert [row.group for row in found] == [0, 1]
    assert words(found[0], OPERATION)[0] == ("08:12", "OR 2")


def test_the_book_names_each_allergy_and_anticoagulant_of_everybody() -> None:
    outside = msgspec.structs.replace(many_drugs(), encounters=())
    first, _ = rows(house_data(PackKind.CARDS, trapped(), others=(outside,)))
    assert len(words(first, ALLERGY)) >= len(trapped().allergies.items) > 0
    assert ("acenocoumarol", "2 mg") in words(first, ORDER)
