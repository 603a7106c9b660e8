from __future__ import annotations

import contextlib
from typing import Any, Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.care import Mode
from wardkeep.hospital.map.cells import cell_reader, folded


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
