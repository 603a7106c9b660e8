import unicodedata
from importlib.resources import files

from fontTools.ttLib import TTFont

from wardkeep.paper.coverage import PRINTABLE, RANGES

FACES = ("AtkinsonHyperlegibleNext", "DejaVuSans")


def letters_of(face: str, weight: str) -> set[str]:
    with (files("wardkeep.paper") / "fonts" / f"{face}-{weight}.ttf").open("rb") as stream:
        return {chr(code) for code in TTFont(stream).getBestCmap()}


def test_every_printable_character_is_in_a_shipped_typeface_in_both_weights() -> None:
    for weight in ("Regular", "Bold"):
        shipped = set().union(*(letters_of(face, weight) for face in FACES))
        assert shipped >= PRINTABLE


def test_nothing_hidden_moving_or_right_to_left_counts_as_printable() -> None:
    for char in PRINTABLE:
        assert unicodedata.category(char) not in {"Cc", "Cf", "Cn", "Co", "Zl", "Zp", "Mn"}
        assert unicodedata.bidirectional(char) not in {"R", "AL", "AN", "RLE", "RLO"}


def test_the_ranges_are_in_order() -> None:
    flat = [code for both in RANGES for code in both]
    assert flat == sorted(flat)
