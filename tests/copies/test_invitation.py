from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.copies.errors import InvitationError
from wardkeep.copies.invitation import Invitation, read, written

codes = st.builds(
    Invitation, st.binary(min_size=16, max_size=16), st.binary(min_size=12, max_size=12)
)


@given(codes)
def test_a_code_is_read_back_however_it_was_typed(invitation: Invitation) -> None:
    code = written(invitation)
    assert read(code) == invitation
    assert not set(code) & set("OILU")
    assert read(code.replace("0", "O").replace("1", "l")) == invitation
    assert read(code.replace("1", "I")) == invitation
    assert read(code.lower().replace("-", " \n")) == invitation


@given(codes, st.integers(0, 47), st.sampled_from("0123456789ABCDEFGHJKMNPQRSTVWXYZ"))
def test_a_letter_that_was_misheard_is_noticed(
    invitation: Invitation, place: int, letter: str
) -> None:
    letters = written(invitation).replace("-", "")
    if letters[place] != letter:
        # 2 bytes of check: one code in 65,536 would pass.
        misread = letters[:place] + letter + letters[place + 1 :]
        try:
            assert read(misread) != invitation
        except InvitationError:
            return


@pytest.mark.parametrize("code", ["", "A", "01234567", "A" * 48, "é" * 48, "U" * 48])
def test_what_is_no_code_is_refused(code: str) -> None:
    with pytest.raises(InvitationError):
        read(code)
