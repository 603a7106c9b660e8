from __future__ import annotations

import pytest
from tests.chart.sending import RULES

from wardkeep.chart.change import Fields
from wardkeep.chart.reading.parts import (
    amount,
    clinician,
    coded,
    entity,
    location,
    person_name,
    put_clinician,
    put_coded,
    put_coded_row,
    put_name,
    record_number,
    telephones,
)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("K^Potassium^LN", ("K", "Potassium", "LN")),
        ("^Free text", ("", "Free text", "")),
        ("^^^A^Alternate^L", ("A", "Alternate", "L")),
        ("K^^LN^A^Alternate^L^^^Original", ("K", "Original", "LN")),
        ("plain", ("plain", "", "")),
        ('""', ("", "", "")),
    ],
)
def test_coded_values(sent: str, read: tuple[str, str, str]) -> None:
    assert coded(sent) == read


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ("77^Lens^Paul^^^Dr", ("77", "Dr Lens Paul")),
        ("^Lens&van^Paul", ("", "Lens Paul")),
        ("77", ("77", "")),
        ("^", None),
    ],
)
def test_clinicians(sent: str, read: tuple[str, str] | None) -> None:
    assert clinician(sent) == read


def test_telephones_are_kept_as_sent_or_put_together() -> None:
    assert telephones("0611^PRN~^NET^Internet^a@b") == (("0611", "PRN"),)
    assert telephones("^WPN^PH^^32^61^112233^7") == (("+32 61 112233 x7", "WPN"),)
    assert telephones("^^^^^^^^^^^0477") == (("0477", ""),)


def test_places_without_ward_room_and_bed_are_no_places() -> None:
    assert location("A2^12^1^GHQV&x") == ("A2", "12", "1", "GHQV")
    assert location("^^^GHQV") is None


def test_names_of_nobody_are_none() -> None:
    assert person_name("^^^") is None
    assert person_name("Lens&van~Roe^Al") == ("Lens", "", "")


def test_numbers_without_namespace_belong_to_their_feed() -> None:
    assert entity("5^CPOE", "meds") == "5^CPOE"
    assert entity("5", "meds") == "5@meds"
    assert entity("5^^1.2.3^ISO", "meds") == "5^1.2.3"
    assert entity("^CPOE", "meds") == ""


def test_amounts_stand_as_sent() -> None:
    assert amount("0.50", "mg^milligram") == "0.50 milligram"
    assert amount("", "mg") == ""
    assert amount('""', "mg") == ""


def test_the_first_number_stands_in_where_none_is_of_the_site() -> None:
    assert record_number("9^^^X^NI~8^^^Y^XX", RULES) == "9"
    assert record_number("9^^^X^NI~8^^^Y^PI", RULES) == "8"
    assert record_number("", RULES) == ""


def test_a_null_deletes_every_part_and_an_empty_field_none() -> None:
    fields: Fields = {}
    for raw in ('""', ""):
        put_coded(fields, raw)
        put_name(fields, raw)
        put_coded_row(fields, "route", raw)
        put_clinician(fields, "by", raw)
    assert fields == dict.fromkeys(
        ("code", "text", "system", "family", "given", "other", "route", "by")
    )
