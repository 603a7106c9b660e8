from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeep.adapters.share_dealing import deal
from wardkeep.ledger.errors import RecoveryWordsError
from wardkeep.ledger.recovery import identity_of, identity_text
from wardkeep.ledger.recovery_shares import check_code, missing, secret_of, sheets_in

SECRET = bytes(range(32))
SHEETS = deal(SECRET, 2, 3)


@pytest.mark.parametrize("pair", list(combinations(range(3), 2)))
def test_any_two_of_three_sheets_open_in_any_order(pair: tuple[int, int]) -> None:
    for order in (pair, pair[::-1]):
        text = "\n\n".join(SHEETS[n] for n in order)
        assert secret_of(sheets_in(text)) == SECRET
        assert identity_of(text) == identity_text(SECRET)
        assert identity_of(" ".join(SHEETS[n] for n in order)) == identity_text(SECRET)


def test_the_first_four_letters_numbers_and_capitals_are_enough() -> None:
    def short(sheet: str) -> str:
        return "\n".join(f"{n}. {w[:4].upper()}" for n, w in enumerate(sheet.split(), 1))

    assert secret_of(sheets_in(short(SHEETS[0]) + "\n\n" + short(SHEETS[2]))) == SECRET


def test_one_sheet_is_not_enough_and_it_says_which_is_there() -> None:
    assert missing(sheets_in(SHEETS[1])) == 1
    assert missing([]) == 1
    with pytest.raises(
        RecoveryWordsError, match=r"2 sheets are needed and 1 given \(sheet 2\)"
    ):
        identity_of(SHEETS[1])


@pytest.mark.parametrize(
    ("second", "said"),
    [
        (SHEETS[2].replace(SHEETS[2].split()[6], "xylophone", 1), "number 2: word 7 .*not in"),
        (" ".join(SHEETS[2].split()[::-1]), "number 2: its words do not belong together"),
        (" ".join(SHEETS[2].split()[:-1]), "number 2 has 32 words, and 33"),
        (SHEETS[0], "sheet 1 was given twice"),
        (deal(SECRET, 2, 3)[1], "number 2 is of another ceremony"),
    ],
)
def test_the_sheet_that_is_wrong_is_named(second: str, said: str) -> None:
    with pytest.raises(RecoveryWordsError, match=said) as told:
        identity_of(f"{SHEETS[0]}\n\n{second}")
    assert "24 words" not in told.value.advice


def test_a_code_tells_sheets_apart_and_is_read_over_a_telephone() -> None:
    codes = {check_code(sheet) for sheet in SHEETS}
    assert len(codes) == 3
    assert all(len(code) == 6 and not set(code) & set("01IO") for code in codes)


@given(st.text(max_size=400))
@settings(max_examples=100)
def test_whatever_is_typed_is_answered_in_words(text: str) -> None:
    with pytest.raises(RecoveryWordsError):
        identity_of(text)
