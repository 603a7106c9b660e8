from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.ledger.checkpoint import Checkpoint, Head, decode, encode, is_signed, sign

KEY = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
SEAL = Checkpoint(Head("clinical", 9, b"h" * 32), 1_000, (Head("access", 2, b"a" * 32),))


def test_a_checkpoint_comes_back_and_its_signature_holds() -> None:
    body = encode(SEAL)
    assert decode(body) == SEAL
    assert is_signed(KEY.public_key(), body, sign(KEY, body))


def test_another_site_or_another_byte_breaks_the_signature() -> None:
    body = encode(SEAL)
    signature = sign(KEY, body)
    other = Ed25519PrivateKey.from_private_bytes(bytes(32)).public_key()
    assert not is_signed(other, body, signature)
    for place in range(len(body)):
        flipped = bytearray(body)
        flipped[place] ^= 1
        assert not is_signed(KEY.public_key(), bytes(flipped), signature)
