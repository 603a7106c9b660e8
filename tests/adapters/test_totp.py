from __future__ import annotations

import base64

import pytest

from wardkeep.adapters.totp import new_secret, totp_fits, totp_now, totp_picture
from wardkeep.kernel.times import SECOND

# RFC 6238, appendix B: the seed "12345678901234567890" with SHA-1; the last six digits.
SEED = base64.b32encode(b"12345678901234567890").decode()
RFC = [(59, "287082"), (1111111109, "081804"), (1234567890, "005924"), (20000000000, "353130")]


@pytest.mark.parametrize(("seconds", "code"), RFC)
def test_the_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    assert totp_now(SEED, seconds * SECOND) == code
    assert totp_fits(SEED, f"{code[:3]} {code[3:]}", seconds * SECOND, 0) == seconds // 30


def test_a_code_is_taken_half_a_minute_early_or_late_and_never_twice() -> None:
    now = 1_772_853_120 * SECOND
    code, step = totp_now(SEED, now), now // SECOND // 30
    for drift in (-30, 0, 30):
        assert totp_fits(SEED, code, now + drift * SECOND, step - 1) == step
    for drift in (-61, 61):
        assert totp_fits(SEED, code, now + drift * SECOND, 0) is None
    assert totp_fits(SEED, code, now, step) is None


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "１２３４５６"])
def test_what_is_no_code_fits_nothing(typed: str) -> None:
    assert totp_fits(SEED, typed, SECOND, 0) is None


def test_a_secret_is_fresh_and_its_picture_holds_no_style_that_the_pages_policy_refuses() -> (
    None
):
    one, two = new_secret(), new_secret()
    assert one != two
    assert len(one) == 32
    picture = totp_picture(one, "lea", "Hôpital du Val")
    assert picture.startswith("<svg")
    assert "style=" not in picture
