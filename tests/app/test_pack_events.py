"""A ledger that holds what this release cannot read keeps no ward from its paper."""

import pytest

from wardkeep.app.pack_events import read_pack_events
from wardkeep.ledger.encoding import OperationsEvent
from wardkeep.pack.events import PART, PackKept, PackReleased, encode


def entry(name: str, body: bytes) -> OperationsEvent:
    return OperationsEvent(PART, name, 1, 0, "wardkeep", body)


@pytest.mark.parametrize(
    "foreign",
    [
        entry("PackFolded", b'{"type":"PackFolded.v1","ward":"4B"}'),
        entry("PackKept", b'{"type":"PackKept.v1"}'),
        entry("PackReleased", b"\xff"),
    ],
)
def test_an_event_of_a_later_release_is_passed_over_and_the_log_says_which(
    foreign: OperationsEvent, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = PackKept(ward="4B", at=2, by="lea", why="the feed is forged")
    freed = PackReleased(ward="4B", at=3, by="lea", why="a real discharge")
    known = [entry(type(each).__name__, encode(each)[1]) for each in (kept, freed)]
    events = [(7, known[0]), (8, foreign), (9, known[1])]
    assert read_pack_events(events) == [kept, freed]
    assert "operations entry 8 is passed over" in capsys.readouterr().err
