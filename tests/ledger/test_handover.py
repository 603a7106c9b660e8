import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.ledger.handover import chain_of, from_event, hand_over, to_event

KEYS = [Ed25519PrivateKey.from_private_bytes(bytes([n]) * 32) for n in range(4)]
PUBLIC = [key.public_key() for key in KEYS]


def raw(keys: object) -> set[bytes]:
    return {key.public_bytes_raw() for key in keys}  # type: ignore[attr-defined]


def test_every_earlier_key_is_believed_by_the_chain_of_hand_overs() -> None:
    chain = [hand_over(KEYS[n], KEYS[n + 1], n, "an") for n in range(2)]
    assert raw(chain_of([PUBLIC[2]], reversed(chain))) == raw(PUBLIC[:3])
    assert raw(chain_of([PUBLIC[0]], chain)) == raw(PUBLIC[:1])


def test_a_stranger_cannot_hand_over_to_the_sites_key() -> None:
    sound = hand_over(KEYS[3], KEYS[0], 1, "mallory")
    forged = msgspec.structs.replace(sound, by_new=KEYS[3].sign(b"anything"))
    later = msgspec.structs.replace(sound, at=2)
    short = msgspec.structs.replace(sound, old=b"short")
    for event in (forged, later, short):
        assert raw(chain_of([PUBLIC[0]], [event])) == raw(PUBLIC[:1])


def test_a_hand_over_is_kept_in_the_operations_ledger() -> None:
    event = hand_over(KEYS[0], KEYS[1], 7, "an")
    assert from_event(to_event(event)) == event
    assert from_event(OperationsEvent("pack", "PackBuilt", 1, 1, "", b"{}")) is None
    assert from_event(OperationsEvent("ledger.signing", "X", 9, 1, "", b"{")) is None
