from __future__ import annotations

import contextlib
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.care import Mode
from wardkeep.hospital.map.cells import NumberText, cell_reader, folded


def read(wanted: Any, text: str, values: dict[str, str] | None = None) -> object:
    return cell_reader(wanted, values or {}, ";")(text)


@pytest.mark.parametrize("text", ["yes", "Oui", "JA", "x", "1", "waar"])
def test_yes_is_understood_in_four_languages(text: str) -> None:
    assert read(bool | None, text) is True


@pytest.mark.parametrize("text", ["no", "Non", "nee", "Nein", "0", "falsch"])
def test_no_is_understood_in_four_languages(text: str) -> None:
    assert read(bool | None, text) is False


@pytest.mark.parametrize("text", ["", "  ", "?", "inconnu", "unbekannt"])
def test_what_nobody_knows_is_neither_yes_nor_no(text: str) -> None:
    assert read(bool | None, text) is None


def test_a_word_that_is_neither_is_refused() -> None:
    with pytest.raises(ValueError, match="'perhaps' is neither yes nor no"):
        read(bool | None, "perhaps")


def test_a_number_may_have_a_decimal_comma() -> None:
    assert read(float | None, "0,75") == 0.75
    assert read(int | None, " 12 ") == 12


@pytest.mark.parametrize("text", ["-1", "nan", "inf", "1e13", "a lot"])
def test_a_number_that_counts_nothing_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"number|range"):
        read(float | None, text)


def test_several_values_stand_in_one_cell() -> None:
    assert read(tuple[str, ...], "a; b ;;c") == ("a", "b", "c")
    assert read(tuple[str, ...], " ; ") is None


def test_a_word_outside_its_list_is_refused_with_the_list() -> None:
    assert read(Literal["a", "b"] | None, "A") == "a"
    assert read(Mode, "Paper") is Mode.PAPER
    with pytest.raises(ValueError, match="'c' is none of a, b"):
        read(Literal["a", "b"] | None, "c")
    with pytest.raises(ValueError, match="none of full, degraded, paper, diverted, closed"):
        read(Mode, "open")


def test_the_hospitals_own_words_are_translated_first() -> None:
    assert read(Mode, "À l'arrêt", {"à l'arrêt": "closed"}) is Mode.CLOSED


def test_headings_differ_in_accents_case_and_signs_only() -> None:
    assert folded("Système d'exploitation") == folded("SYSTEME_D_EXPLOITATION")


@given(st.text(max_size=50))
def test_any_text_is_read_or_refused_and_never_breaks_the_import(text: str) -> None:
    for wanted in (
        str,
        bool | None,
        int,
        float | None,
        Mode,
        tuple[str, ...],
        tuple[float, ...],
    ):
        with contextlib.suppress(ValueError):
            read(wanted, text)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1.450", "1.450 may be 1450 or 1.45: write 1450 or 1.4500"),
        ("1,450", "1,450 may be 1450 or 1.45: write 1450 or 1.4500"),
        ("1.450.000", "write 1450000"),
    ],
)
def test_a_number_that_may_be_thousands_or_a_fraction_is_refused_with_what_to_write(
    text: str, says: str
) -> None:
    with pytest.raises(ValueError, match=says):
        read(float | None, text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.4500", 1.45),
        ("0.450", 0.45),
        ("1450.125", 1450.125),
        ("1 450", 1450),
        ("1\u00a0450", 1450),
        ("1\u202f450,5", 1450.5),
        ("12'345'678", 12_345_678),
        ("40 %", 0.4),
        ("12,5%", 0.125),
    ],
)
def test_thousands_behind_spaces_and_apostrophes_and_per_cent_are_read(
    text: str, number: float
) -> None:
    assert read(float | None, text) == number


def test_a_number_that_a_workbook_holds_as_one_has_a_decimal_point_and_stands_as_text() -> None:
    assert read(float | None, NumberText(1.125)) == 1.125
    assert read(tuple[float, ...], NumberText(1.125)) == (1.125,)
    version = read(str, NumberText(1.125))
    assert (version, type(version)) == ("1.125", str)


@given(st.floats(0, 1e11))
def test_every_number_of_a_workbook_comes_back_as_it_was(number: float) -> None:
    assert read(float | None, NumberText(number)) == number


def test_a_whole_number_may_be_written_with_a_decimal_of_nothing() -> None:
    assert [read(int | None, text) for text in ("1,0", "1.0", "12")] == [1, 1, 12]
    with pytest.raises(ValueError, match=r"'1.5' is no whole number"):
        read(int | None, "1.5")
    with pytest.raises(ValueError, match="between thousands: write 1450"):
        read(int | None, "1.450")
    with pytest.raises(ValueError, match="'40 %' is no number"):
        read(int | None, "40 %")
    with pytest.raises(ValueError, match=r"'1.2.3 %' is no number"):
        read(float | None, "1.2.3 %")


def test_a_choice_of_nothing_is_not_offered() -> None:
    with pytest.raises(ValueError, match="'c' is none of a, b"):
        read(Literal["", "a", "b"], "c")
