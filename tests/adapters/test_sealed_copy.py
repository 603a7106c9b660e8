import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.adapters.errors import BadSignatureError, WrongPackKeyError
from wardkeep.adapters.sealed_copy import open_copy, seal_copy

SIGNER = Ed25519PrivateKey.generate()
WARD, CRISIS, OTHER = (pyrage.x25519.Identity.generate() for _ in range(3))
SEALED = seal_copy(b"packed chart", SIGNER, [WARD.to_public(), CRISIS.to_public()])


@pytest.mark.parametrize("holder", [WARD, CRISIS])
def test_the_ward_and_the_crisis_team_open_a_chart_and_see_who_signed_it(
    holder: pyrage.x25519.Identity,
) -> None:
    assert open_copy(SEALED, holder) == (b"packed chart", SIGNER.public_key())


def test_the_envelope_of_another_ward_opens_nothing() -> None:
    with pytest.raises(WrongPackKeyError):
        open_copy(SEALED, OTHER)


def test_the_seal_tells_nothing_of_the_chart() -> None:
    assert b"packed" not in SEALED
    assert SEALED.startswith(b"age-encryption.org/v1\n")


@given(st.integers(0, len(SEALED) - 1), st.integers(1, 255))
def test_one_altered_byte_opens_nothing(place: int, by: int) -> None:
    altered = bytearray(SEALED)
    altered[place] ^= by
    with pytest.raises(WrongPackKeyError):
        open_copy(bytes(altered), WARD)


@given(st.binary(max_size=200))
def test_what_somebody_else_seals_to_the_ward_is_not_taken_for_signed(content: bytes) -> None:
    forged = bytes(pyrage.encrypt(content, [WARD.to_public()]))
    with pytest.raises(BadSignatureError):
        open_copy(forged, WARD)
