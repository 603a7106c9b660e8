from __future__ import annotations

import pytest

from wardkeep.chart.text import has_lost_characters, micro_sign_lost, normal


@pytest.mark.parametrize(
    "text",
    [
        "250 Âµg",
        "250 �g",
        "250 ?g",
        "2.5 ?g/h",
        "PÃ©nicilline",
        "5 m?g",
        "250 Î¼g",
        "ï¿½",
        "a\x00b",
        "10 ?mol/L",
        "50 ?/h",
        "Lef\x8avre",
    ],
)
def test_texts_that_lost_characters(text: str) -> None:
    assert has_lost_characters(text)


@pytest.mark.parametrize(
    "text",
    [
        "250 µg",
        "250 μg",
        "2.5 mg",
        "Pénicilline",
        "Lefèvre",
        "1-2 tab",
        "as needed?",
        "Really? Give",
        "Ärztlich",
        "Ângela",
        "São",
        "10 mmol/L",
        "line\nbreak",
        "tab\tstop",
        "½ tab",
        "Œdème",
    ],
)
def test_texts_that_are_whole(text: str) -> None:
    assert not has_lost_characters(text)


@pytest.mark.parametrize(
    ("dose", "beside", "lost"),
    [
        ("250 g", "Digoxin 250 microgram", True),
        ("250 g", "250 µg tablet", True),
        ("62,5 g", "Digoxin 62.5 mcg", True),
        ("250 mg", "Digoxin 250 microgram", False),
        ("1 g", "Paracetamol 1 g", False),
        ("1 g", "Digoxin 250 microgram", False),
        ("250 µg", "250 µg", False),
    ],
)
def test_a_micro_sign_lost_without_trace(dose: str, beside: str, lost: bool) -> None:
    assert micro_sign_lost(dose, beside) is lost


def test_drug_texts_are_compared_without_case_accents_and_signs() -> None:
    assert normal("Bisoprolol 2,5-mg ") == normal("BISOPROLOL 2.5 mg")
    assert normal("Pénicilline") == normal("penicilline")
    assert normal("Bisoprolol 2.5 mg") != normal("Bisoprolol 25 mg")


def test_grams_beside_the_milligrams_of_that_many_micrograms_are_flagged() -> None:
    assert micro_sign_lost("125 g", "Digoxine 0,125 mg")
    assert not micro_sign_lost("1 g", "Paracetamol 500 mg")
