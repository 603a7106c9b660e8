from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.pack.errors import ReceiptCodeMistypedError, UnknownReceiptError
from wardkeep.pack.receipt_code import KnownPack, pack_of, receipt_code
from wardkeep.paper.sheet_code import ALPHABET


def pack(generation: int, ward: str = "4B") -> KnownPack:
    return KnownPack(
        ward=ward, generation=generation, built=1, as_of=None, digest=f"{generation:064x}"
    )


PACKS = [pack(n, ward) for ward in ("4B", "ICU") for n in range(1, 40)]


@given(st.sampled_from(PACKS), st.booleans(), st.sampled_from(["", " ", "-", " - "]))
def test_a_code_leads_to_its_pack_however_it_is_typed(
    wanted: KnownPack, small: bool, between: str
) -> None:
    code = receipt_code(wanted.ward, wanted.generation, wanted.digest)
    typed = between.join(code.replace("-", ""))
    typed = typed.replace("0", "o").replace("1", "l") if small else typed
    assert pack_of(typed.lower() if small else typed, PACKS) == wanted


@given(st.sampled_from(PACKS), st.integers(0, 7), st.sampled_from(ALPHABET))
def test_one_letter_heard_wrongly_is_always_found(
    wanted: KnownPack, place: int, letter: str
) -> None:
    letters = receipt_code(wanted.ward, wanted.generation, wanted.digest).replace("-", "")
    if letters[place] == letter:
        return
    with pytest.raises(ReceiptCodeMistypedError):
        pack_of(letters[:place] + letter + letters[place + 1 :], PACKS)


@given(st.text(max_size=20))
def test_no_other_text_leads_to_a_pack(typed: str) -> None:
    with pytest.raises((ReceiptCodeMistypedError, UnknownReceiptError)):
        pack_of(typed, PACKS)


@pytest.mark.parametrize("typed", ["WK1-JV7GNRTF-1", "wk1 jv7gnrtf 12", "JV7GNRTF"])
def test_the_number_of_a_sheet_is_told_from_the_code_of_the_cover(typed: str) -> None:
    with pytest.raises(ReceiptCodeMistypedError, match="sheet") as told:
        pack_of(typed, PACKS)
    assert "cover sheet" in told.value.advice


def test_the_code_of_another_site_is_known_as_none_of_ours() -> None:
    with pytest.raises(UnknownReceiptError):
        pack_of(receipt_code("4B", 3, "f" * 64), PACKS)


def test_a_wards_code_is_not_that_of_another_ward_with_the_same_pack() -> None:
    assert receipt_code("4B", 3, "a" * 64) != receipt_code("4C", 3, "a" * 64)
