"""Passwords that everybody thinks of first are refused, sentences are taken."""

from __future__ import annotations

import pytest

from wardkeep.access.guessable import is_guessable


@pytest.mark.parametrize(
    "password",
    [
        "password12", "1234567890", "qwertyuiop", "azertyuiop", "aaaaaaaaaaaa", "iloveyou123",
        "Wardkeep2026", "ziekenhuis1", "Hopital2026!", "krankenhaus", "nursenurse",
    ],
)  # fmt: skip
def test_what_everybody_tries_first_makes_no_password(password: str) -> None:
    assert is_guessable(password)


@pytest.mark.parametrize(
    "password",
    [
        "correct horse battery", "drei nasse Hunde im Flur", "b3dc-rtt7-tdnj-87kd",
        "le café refroidit à l'étage", "é" * 3 + " regen op zondag",
        "a storm over the ward at noon " * 4,
    ],
)  # fmt: skip
def test_a_few_words_of_a_sentence_do_well(password: str) -> None:
    assert not is_guessable(password)


def test_ones_own_name_adds_nothing() -> None:
    assert not is_guessable("mvanderstraeten")
    assert is_guessable("mvanderstraeten", ["mvanderstraeten"])
