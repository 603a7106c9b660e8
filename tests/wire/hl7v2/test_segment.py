from __future__ import annotations

from wardkeep.wire.hl7v2.segment import Segment, components, first_part, part

PID = Segment("PID", ["PID", "1", '""', "7^^^A\\T\\B&x^MR~8", "", "O\\S\\x&y^Jo"])


def test_a_field_is_split_first_and_unescaped_last() -> None:
    assert PID.first(5) == "O^x"
    assert PID.repetitions(3) == ["7^^^A\\T\\B&x^MR", "8"]
    assert PID.repetitions(4) == []
    pieces = PID.components(3)
    assert (part(pieces, 4), first_part(pieces, 4), part(pieces, 9)) == ("A&B&x", "A&B", "")


def test_a_null_is_no_text() -> None:
    assert part(components('""^x'), 1) == ""
    assert first_part(components('""^x'), 1) == ""
    assert PID.raw(2) == '""'


def test_fields_that_the_sender_left_out_are_empty() -> None:
    assert (PID.first(99), PID.raw(99), PID.text(99)) == ("", "", "")
    assert (PID.components(99), PID.repetitions(99)) == ([""], [])
    assert first_part(["a"], 2) == ""
    assert PID.tree((1, 3, 4, 99)) == {1: [["1"]], 3: [["7", "", "", "A&B&x", "MR"], ["8"]]}
    assert PID.tree((1,)) == {1: [["1"]]}
