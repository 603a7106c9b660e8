from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.access.errors import CodeMistypedError
from wardkeep.access.one_time_code import RANDOM_BITS, digest_of, one_time_code

BITS = st.integers(0, 2**RANDOM_BITS - 1)


@given(BITS)
def test_a_code_is_known_however_a_hand_writes_it(bits: int) -> None:
    code = one_time_code(bits)
    assert len(code) == 19
    sloppy = code.lower().replace("-", "  ").replace("1", "l").replace("0", "o")
    assert digest_of(sloppy) == digest_of(code)


@given(BITS, st.integers(0, 15), st.integers(0, 31))
def test_any_one_wrong_letter_is_found(bits: int, place: int, other: int) -> None:
    letters = one_time_code(bits).replace("-", "")
    wrong = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"[other]
    typed = letters[:place] + wrong + letters[place + 1 :]
    if typed == letters:
        digest_of(typed)
    else:
        with pytest.raises(CodeMistypedError):
            digest_of(typed)


@given(BITS, st.integers(0, 15), st.integers(0, 15))
def test_any_two_letters_that_changed_places_are_found(bits: int, one: int, two: int) -> None:
    letters = list(one_time_code(bits).replace("-", ""))
    kept = list(letters)
    letters[one], letters[two] = letters[two], letters[one]
    if letters == kept:
        digest_of("".join(letters))
    else:
        with pytest.raises(CodeMistypedError):
            digest_of("".join(letters))


@given(st.text(max_size=40))
def test_whatever_is_typed_is_a_code_or_is_named_as_none(typed: str) -> None:
    with contextlib.suppress(CodeMistypedError):
        assert len(digest_of(typed)) == 64
