from __future__ import annotations

import pytest

from wardkeep.sender.decide import know
from wardkeep.sender.errors import SenderUnknownError
from wardkeep.sender.events import decode, encode
from wardkeep.sender.state import LEARNING, Memory, Seen, evolve, note

SEEN = Seen("10.4.0.7", "", "LAB^HR", "ORU^R01")
MEMORY = note(Memory(0), {SEEN: 1}, LEARNING)


def test_a_person_knows_what_was_seen_once_and_nothing_else() -> None:
    (event,) = know({"lab": MEMORY}, ("lab", "address", "10.4.0.7"), "otto", 9)
    assert decode(encode(event)) == event
    assert encode(event) == (
        b'{"type":"SenderKnown.v1","feed":"lab","trait":"address","name":"10.4.0.7",'
        b'"by":"otto","at":9}'
    )
    after = evolve(MEMORY, event)
    assert know({"lab": after}, ("lab", "address", "10.4.0.7"), "otto", 9) == []
    for named in (("adt", "address", "10.4.0.7"), ("lab", "address", "1"), ("lab", "x", "1")):
        with pytest.raises(SenderUnknownError):
            know({"lab": MEMORY}, named, "otto", 9)
