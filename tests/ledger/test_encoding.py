from hypothesis import example, given
from hypothesis import strategies as st

from wardkeep.ledger.arrival import Arrival, Kind
from wardkeep.ledger.encoding import (
    LookEntry,
    OperationsEvent,
    decode_clinical,
    decode_look,
    decode_operations,
    encode_clinical,
    encode_look,
    encode_operations,
)
from wardkeep.ledger.errors import LedgerFaultError

arrivals = st.builds(
    Arrival,
    feed=st.text(max_size=20),
    received=st.integers(0, 2**62),
    kind=st.sampled_from(Kind),
    application=st.binary(max_size=40),
    facility=st.binary(max_size=40),
    control=st.binary(max_size=40),
    body=st.binary(max_size=400),
)


@given(arrivals, st.booleans(), st.integers(1, 2**62))
def test_a_clinical_entry_comes_back_byte_for_byte(
    arrival: Arrival, reused: bool, sequence: int
) -> None:
    entry = decode_clinical(sequence, encode_clinical(arrival, id_reused=reused))
    assert entry.sequence == sequence
    assert entry.id_reused is reused
    assert (entry.feed, entry.received, entry.kind) == (
        arrival.feed,
        arrival.received,
        arrival.kind,
    )
    assert (entry.application, entry.facility, entry.control, entry.body) == (
        arrival.application,
        arrival.facility,
        arrival.control,
        arrival.body,
    )


@example(b"\x96\xa1\x80")
@given(st.binary(max_size=200))
def test_other_bytes_are_a_named_fault_and_never_a_crash(payload: bytes) -> None:
    for decode in (decode_clinical, decode_operations, decode_look):
        try:
            read = decode(7, payload)
        except LedgerFaultError:
            continue
        assert read is not None


def test_what_people_decide_and_look_at_comes_back() -> None:
    event = OperationsEvent("access", "AccountAdded", 1, 5, "it", b"{}")
    assert decode_operations(1, encode_operations(event)) == event
    look = LookEntry(5, "nurse", "123", "ward board", "A2")
    assert decode_look(1, encode_look(look)) == look
