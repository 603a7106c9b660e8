from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.hl7v2.acknowledgement import header_of
from wardkeep.wire.hl7v2.outgoing import bodies_of
from wardkeep.wire.mllp import frame

ONE = b"MSH|^~\\&|A|B|C|D|2026||ADT^A01|1|P|2.5\rPID|1||77\rNTE|1||a line\n  and another\r"
TWO = ONE.replace(b"|1|P|", b"|2|P|")


@pytest.mark.parametrize("end", [b"\r", b"\n", b"\r\n"])
def test_a_file_of_any_line_ends_is_sent_with_carriage_returns(end: bytes) -> None:
    assert bodies_of((ONE + b"\r" + TWO).replace(b"\r", end)) == [ONE, TWO]


def test_a_file_of_mixed_line_ends_keeps_the_line_breaks_of_its_text() -> None:
    assert bodies_of(ONE.replace(b"\rPID", b"\nPID") + b"\n\n" + TWO[:-1]) == [ONE, TWO]


def test_a_captured_stream_is_sent_frame_by_frame() -> None:
    assert bodies_of(frame(ONE) + frame(b"ZZ") + b"\x0b" + TWO) == [ONE, b"ZZ", TWO]


def test_a_batch_goes_out_whole_and_a_message_after_it_alone() -> None:
    batch = b"BHS|^~\\&|A\r" + ONE + TWO + b"BTS|2\r"
    whole = b"FHS|^~\\&|A\r" + batch + batch + b"FTS|2\r"
    assert bodies_of(batch + TWO) == [batch, TWO]
    assert bodies_of(whole + TWO + batch) == [whole, TWO, batch]
    assert bodies_of(batch.replace(b"BTS|2\r", b"") + batch) == [
        batch.replace(b"BTS|2\r", b""),
        batch,
    ]


def test_a_file_that_holds_no_message_gives_nothing_to_send() -> None:
    for content in (b"", b"# Read me\nabout MSH\n", b"\xff\xfe", b"\x0b\x1c" + b"x"):
        assert all(header_of(body).kind == b"" for body in bodies_of(content))


@pytest.mark.parametrize("codec", ["utf-16", "utf-16-le", "utf-16-be"])
def test_a_file_in_utf16_stays_in_utf16(codec: str) -> None:
    sent = (ONE + TWO).decode().replace("\r", "\r\n").encode(codec)
    assert [body.decode(codec) for body in bodies_of(sent)] == [ONE.decode(), TWO.decode()]


def test_a_byte_order_mark_before_the_first_header_is_not_sent() -> None:
    assert bodies_of(b"\xef\xbb\xbf" + ONE) == [ONE]


@given(st.binary(max_size=80))
def test_any_file_is_cut_into_frames_or_nothing(content: bytes) -> None:
    for body in bodies_of(content):
        header_of(body)


def test_public_messages_are_all_found(shared: Path) -> None:
    files = sorted((shared / "data" / "hl7").rglob("*.hl7"))
    bodies = [body for file in files for body in bodies_of(file.read_bytes())]
    print(f"{len(files)} files, {len(bodies)} messages")
    assert len(bodies) >= len(files)
    assert all(header_of(body).kind for body in bodies)
