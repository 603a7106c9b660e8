from hypothesis import given
from hypothesis import strategies as st

from wardkeep.ledger.arrival import Arrival, Kind
from wardkeep.ledger.encoding import (
    LookEntry,
    OperationsEvent,
    encode_clinical,
    encode_look,
    encode_operations,
)
from wardkeep.ledger.found_by import of_payload
from wardkeep.ledger.repeats import fingerprint_of, sender_of


@given(st.binary(max_size=9), st.binary(max_size=30))
def test_a_message_is_found_by_its_sender_identifier_and_bytes(
    control: bytes, body: bytes
) -> None:
    arrival = Arrival("adt", 1, Kind.HL7, b"A", b"H", control, body)
    name, sender, fingerprint = of_payload(
        "clinical", 1, encode_clinical(arrival, id_reused=False)
    )
    assert (name or b"") == control
    assert sender == sender_of("adt", b"A", b"H")
    assert fingerprint == (fingerprint_of(body) if control else 0)


def test_an_event_is_found_by_its_part_and_a_look_by_the_record() -> None:
    event = OperationsEvent("pack", "PackBuilt", 1, 7, "serve", b"{}")
    assert of_payload("operations", 1, encode_operations(event)) == (b"pack", 0, 0)
    look = LookEntry(7, "nurse", "4711", "ward", "")
    assert of_payload("access", 1, encode_look(look)) == (b"4711", 0, 0)
