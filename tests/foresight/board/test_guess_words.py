from __future__ import annotations

from wardkeep.foresight.board.guess_words import GUESS_WORDS, themes
from wardkeep.foresight.parameters import guesses


def test_every_guess_of_a_forecast_has_words_and_is_counted() -> None:
    assert set(guesses()) - GUESS_WORDS.keys() == set()
    assert sum(themes(guesses()).values()) == len(guesses())
    assert themes(["cut", "notice", "new"]) == {GUESS_WORDS["cut"]: 2, "new": 1}
