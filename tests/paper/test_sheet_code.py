import re

import segno
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.paper.sheet_code import ALPHABET, sheet_code, sheet_number, sheet_symbols


@given(st.integers(min_value=0, max_value=2**40 - 1))
def test_a_sheets_number_is_eight_letters_that_no_hand_mistakes(bits: int) -> None:
    number = sheet_number(bits)
    assert len(number) == 8
    assert set(number) <= set(ALPHABET)
    assert not set("ILOU") & set(number)


def test_different_numbers_give_different_sheets() -> None:
    assert sheet_number(1) != sheet_number(2**39)


def test_the_code_names_sheet_and_page_and_never_grows_too_long() -> None:
    assert sheet_code("7F3K9Q2M", 3) == "WK1-7F3K9Q2M-3"
    assert len(sheet_code("7F3K9Q2M", 12345)) <= 16


def test_the_symbol_has_the_three_corners_of_a_version_1_code() -> None:
    [_, _, (_, drawing)] = sheet_symbols("7F3K9Q2M", 3)
    assert 'viewBox="0 0 25 25"' in drawing
    for corner in ("M2 2h7v1h-7z", "M16 2h7v1h-7z", "M2 16h7v1h-7z"):
        assert corner in drawing
    assert re.search(r"<(script|image|text)", drawing) is None


def drawn(path: str) -> set[tuple[int, int]]:
    """Return row and column of every dark module of a drawing."""
    runs = re.findall(r"M(\d+) (\d+)h(\d+)v1h-\3z", path)
    return {(int(y) - 2, int(x) - 2 + n) for x, y, wide in runs for n in range(int(wide))}


@given(st.integers(min_value=0, max_value=2**40 - 1), st.integers(min_value=1, max_value=120))
def test_every_page_of_every_sheet_has_the_symbol_of_its_code(bits: int, page: int) -> None:
    sheet = sheet_number(bits)
    text, drawing = sheet_symbols(sheet, page)[-1]
    assert text == sheet_code(sheet, page)
    whole = segno.make(
        text, error="q", version=1, mask=3, mode="alphanumeric", boost_error=False
    )
    dark = {(y, x) for y, row in enumerate(whole.matrix) for x, m in enumerate(row) if m}
    assert drawn(drawing) == dark
