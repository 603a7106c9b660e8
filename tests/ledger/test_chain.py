import hashlib

from hypothesis import given
from hypothesis import strategies as st

from wardkeep.ledger.chain import GENESIS, link


def test_the_head_is_what_the_design_says_byte_by_byte() -> None:
    expected = hashlib.sha256(bytes(32) + b"\x00" * 7 + b"\x01" + b"MSH|").digest()
    assert link(GENESIS, 1, b"MSH|") == expected


@given(st.binary(min_size=32, max_size=32), st.integers(0, 2**63), st.binary(), st.binary())
def test_another_payload_or_place_gives_another_head(
    head: bytes, sequence: int, payload: bytes, other: bytes
) -> None:
    assert link(head, sequence, payload) != link(head, sequence + 1, payload)
    assert (link(head, sequence, payload) == link(head, sequence, other)) == (payload == other)
