"""A fingerprint typed at 03:30 off a card on the wall."""

from argparse import ArgumentTypeError

import pytest

from wardkeep.cli.open import fingerprint

CARD = " ".join(["0a1b"] * 16)


def test_a_fingerprint_is_read_as_it_stands_on_the_card() -> None:
    assert fingerprint(CARD.upper()) == "0a1b" * 16


@pytest.mark.parametrize("typed", ["0000", CARD[:-1], CARD + "0", CARD.replace("b", "g")])
def test_a_slip_of_the_pen_is_no_other_key(typed: str) -> None:
    with pytest.raises(ArgumentTypeError, match="read it again"):
        fingerprint(typed)
