from tests.pack.handmade import pack_of, patient

from wardkeep.hospital.streams import StreamState


def test_the_outgoing_nurse_signs_for_what_came_after_the_charting() -> None:
    box = pack_of(patient("1")).patients[0].hand_over
    assert box[0] == "HAND-OVER BEFORE THE FIRST PAPER ROUND"
    assert box[1].startswith("CHARTED UP TO 07 Mar 2026 03:52")
    assert "signature" in box[3]


def test_where_no_doses_are_fed_the_box_says_so() -> None:
    box = pack_of(patient("1"), doses_given=StreamState.NOT_FED).patients[0].hand_over
    assert box[1].startswith("DOSES GIVEN: NOT FED")
