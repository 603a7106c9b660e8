import pytest

from wardkeep.chart.as_needed import (
    said_alone,
    said_at_beginning,
    said_in_condition,
    without_prn,
)


@pytest.mark.parametrize(
    "text",
    ["PRN", "pain, P.R.N.", "prn pain", "si besoin", "zo nodig bij pijn", "bei Bedarf",
     "en cas de besoin", "SI NÉCESSAIRE", "as needed for pain"],
)  # fmt: skip
def test_a_condition_says_as_needed_in_the_words_of_the_region(text: str) -> None:
    assert said_in_condition(text)


@pytest.mark.parametrize("text", ["", "if SBP > 100", "PRNX", "besoin", "with food"])
def test_other_conditions_do_not(text: str) -> None:
    assert not said_in_condition(text)


def test_an_instruction_that_only_mentions_it_leaves_a_scheduled_drug_scheduled() -> None:
    assert not said_at_beginning("titrate dose as needed")
    assert said_at_beginning("PRN pain > 4")
    assert said_alone("as needed.")
    assert not said_alone("as needed, else at 08:00")


@pytest.mark.parametrize(
    ("code", "rest"), [("Q4HPRN", "Q4H"), ("Q4H PRN", "Q4H"), ("PRN-Q4H", "Q4H"), ("PRN", "")]
)
def test_prn_is_taken_off_a_patterns_code(code: str, rest: str) -> None:
    assert without_prn(code) == (rest, True)
    assert without_prn("Q4H") == ("Q4H", False)
