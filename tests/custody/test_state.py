from tests.custody.test_events import EVENTS

from wardkeep.custody.state import Custody, fold


def test_the_last_change_of_each_kind_is_known() -> None:
    state = fold(event for event, _ in EVENTS)
    assert (state.rotated, state.moved, state.source) == (1, 1, "usb")
    assert state.recovery == EVENTS[3][0]
    assert fold([]) == Custody()
