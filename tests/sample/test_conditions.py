from __future__ import annotations

from random import Random

import pytest

from wardkeep.sample.conditions import severity


@pytest.mark.parametrize("reaction", ["Choc anaphylactique", "Œdème de Quincke"])
def test_a_reaction_that_threatens_life_is_never_told_as_mild(reaction: str) -> None:
    assert {severity(Random(seed), reaction) for seed in range(50)} == {"SV"}


def test_an_itch_may_be_mild_moderate_or_severe() -> None:
    assert {severity(Random(seed), "Prurit") for seed in range(50)} == {"SV", "MO", "MI"}


def test_what_is_drawn_after_it_does_not_depend_on_the_reaction() -> None:
    one, other = Random(7), Random(7)
    severity(one, "Choc anaphylactique")
    severity(other, "Prurit")
    assert one.random() == other.random()
