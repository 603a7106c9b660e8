from __future__ import annotations

import json

import pytest
from tests.chart.sending import BRUSSELS, FEEDS, RECEIVED, RULES, adt, entries, fold, pid, pv1

from wardkeep.chart.model import AllergyState, PatientChart
from wardkeep.chart.reading import Reading, ReadingContext, read_entry
from wardkeep.ledger.arrival import Entry, Kind

ROW = {
    "record": "1001",
    "family": "Dupont",
    "given": "Marie",
    "birth_date": "19340307",
    "sex": "F",
    "ward": "A2",
    "room": "12",
    "bed": "1",
    "visit": "V1",
    "admitted": "202605101430",
    "diet": "salt-free",
    "code_status": "DNR",
    "allergies": ["Penicillin"],
    "telephone": "0611",
    "attending": "Dr Lens",
    "service": "CAR",
    "isolation": "contact",
    "reason": "I50",
    "class": "I",
}


def census(*rows: dict[str, object], as_of: str = "20260516033000", sequence: int = 1) -> Entry:
    body = json.dumps({"as_of": as_of, "rows": rows}).encode()
    return Entry(sequence, "adt", RECEIVED, Kind.CENSUS, b"", b"", b"", body, False)


def read(body: bytes) -> Reading:
    entry = Entry(1, "adt", RECEIVED, Kind.CENSUS, b"", b"", b"", body, False)
    return read_entry(entry, ReadingContext(RULES, FEEDS[0], BRUSSELS))


def patient(*sent: Entry) -> PatientChart:
    found = fold(sent).patient("1001")
    assert found is not None
    return found


def test_a_patient_of_the_first_fill_lies_in_the_bed_of_the_census() -> None:
    found = patient(census(ROW))
    assert found.current is not None
    assert found.current.location is not None
    assert found.current.location.value.bed == "1"
    assert found.current.admitted is not None
    assert found.current.admitted.value.text == "202605101430"
    assert [item.substance.text for item in found.allergies.items] == ["Penicillin"]
    assert found.diet is not None
    assert found.diet.value == "salt-free"
    assert [item.text for item in found.code_status] == ["DNR"]


def test_empty_cells_say_nothing() -> None:
    found = patient(census({"record": "1001", "allergies": []}))
    assert found.allergies.state is AllergyState.NOT_RECORDED
    assert found.name is None
    assert found.encounters == ()


@pytest.mark.parametrize("words", ["NKA", "aucune connue", "Geen bekende", "Keine bekannt"])
def test_a_census_can_say_that_no_allergies_are_known(words: str) -> None:
    found = patient(census({"record": "1001", "allergies": [words]}))
    assert found.allergies.state is AllergyState.NONE_KNOWN


@pytest.mark.parametrize("words", ["inconnu", "onbekend", "unbekannt", "not asked"])
def test_a_census_that_does_not_know_allergies_says_nothing_of_them(words: str) -> None:
    found = patient(census({"record": "1001", "allergies": [words]}))
    assert (found.allergies.state, found.allergies.items) == (AllergyState.NOT_RECORDED, ())


def test_an_allergy_that_only_begins_like_none_stands_as_it_was_sent() -> None:
    found = patient(census({"record": "1001", "allergies": ["aucune allergie au latex"]}))
    assert [item.substance.text for item in found.allergies.items] == [
        "aucune allergie au latex"
    ]


def test_what_a_feed_said_later_is_believed_whichever_came_first() -> None:
    moved = entries([("adt", adt("A02", "20260516080000", pid(), pv1("B3^1^1")))])[0]
    for order in ((census(ROW, sequence=2), moved), (moved, census(ROW, sequence=2))):
        stay = patient(*order).current
        assert stay is not None
        assert stay.location is not None
        assert stay.location.value.ward == "B3"


def test_an_old_census_does_not_undo_a_discharge() -> None:
    home = entries([("adt", adt("A03", "20260516080000", pid(), pv1()))])[0]
    assert patient(home, census(ROW, sequence=2)).current is None


def test_a_census_that_cannot_be_read_is_refused() -> None:
    assert read(b"{").fault
    assert read(b'{"as_of": "yesterday", "rows": []}').fault
    assert read(b'{"as_of": "2026", "rows": [{"record": 5}]}').fault
    partly = read(
        b'{"as_of": "2026", "rows": [{"record": " "}, {"record": "7", "family": "X"}]}'
    )
    assert partly.fault
    assert {change.record for change in partly.changes} == {"7"}
