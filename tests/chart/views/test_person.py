from __future__ import annotations

from tests.chart.sending import adt, chart, orders, pid, pv1

from wardkeep.chart.model import Identifier


def told(at: str, line: str, *more: str) -> tuple[str, bytes]:
    return "adt", adt("A08", at, line, pv1(), *more)


def test_the_person_is_shown_as_the_admission_system_tells() -> None:
    found = chart(told("20260516080000", pid() + "|||||0611122^PRN|0477^WPN"))
    assert found.name is not None
    assert (found.name.value.family, found.name.value.given) == ("Dupont", "Marie")
    assert found.birth_date is not None
    assert found.birth_date.value == "1934-03-07"
    assert found.sex is not None
    assert found.sex.value == "F"
    assert [(phone.number, phone.use) for phone in found.telephones] == [
        ("0611122", "PRN"), ("0477", "WPN"),
    ]  # fmt: skip
    assert found.identifiers == (Identifier("1001", "GHQV", "MR"),)


def test_an_empty_field_keeps_and_a_null_deletes() -> None:
    first = told("20260516080000", pid() + "|||||0611122^PRN")
    kept = chart(first, told("20260516090000", pid()))
    gone = chart(first, told("20260516090000", pid() + '|||||""'))
    assert (len(kept.telephones), len(gone.telephones)) == (1, 0)


def test_another_systems_name_never_overrules_admissions() -> None:
    lab = orders("ORU^R01", "20260516120000", "OBR|1||L^LAB|X").replace(b"Dupont", b"Durand")
    both = chart(told("20260516080000", pid()), ("lab", lab))
    alone = chart(("lab", lab))
    assert both.name is not None
    assert alone.name is not None
    assert (both.name.value.family, alone.name.value.family) == ("Dupont", "Durand")


def test_next_of_kin_with_telephone_and_relation() -> None:
    found = chart(told("20260516080000", pid(), "NK1|1|Dupont^Luc|SON^Son||0499^PRN|0477^WPN"))
    (kin,) = found.next_of_kin
    assert (kin.name.given, kin.relation) == ("Luc", "Son")
    assert [phone.number for phone in kin.telephones] == ["0499", "0477"]


def test_a_death_is_told_with_its_time() -> None:
    found = chart(told("20260516080000", pid() + "|" * 21 + "202605160730|Y"))
    assert found.dead is not None
    assert found.dead.value.text == "202605160730"


def test_the_legal_name_goes_before_others() -> None:
    found = chart(told("20260516080000", pid(name="Durand^M^^^^^M~Dupont^Marie^^^^^L")))
    assert found.name is not None
    assert found.name.value.family == "Dupont"
