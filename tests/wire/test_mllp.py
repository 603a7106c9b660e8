import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.mllp import STRAY_LIMIT, Deframer, Frame, Overlong, Piece, Stray, frame

MESSAGE = b"MSH|^~\\&|ADT|GHQV|WK|GHQV|20260523033000||ADT^A01|1|P|2.5.1\rPID|1\r"
bodies = st.binary(max_size=60).map(lambda body: body.replace(b"\x1c", b"")) | st.text(
    alphabet="“”Ĝabċ|\r", max_size=20
).map(lambda text: ("MSH|" + text).encode("utf-16-le"))


def read(*packets: bytes, limit: int = 1_000_000) -> list[Piece]:
    deframer = Deframer(limit)
    pieces = [piece for packet in packets for piece in deframer.feed(packet)]
    return pieces + deframer.end()


def read_cut(stream: bytes, cuts: list[int], limit: int) -> list[Piece]:
    places = sorted({min(cut, len(stream)) for cut in cuts} | {0, len(stream)})
    pairs = itertools.pairwise(places)
    return read(*(stream[start:stop] for start, stop in pairs), limit=limit)


def test_three_messages_in_one_packet_are_three_messages() -> None:
    assert read(frame(b"A") + frame(b"B") + frame(b"C")) == [
        Frame(b"A"),
        Frame(b"B"),
        Frame(b"C"),
    ]


def test_a_message_over_many_packets_is_one_message() -> None:
    stream = frame(MESSAGE)
    assert read(*(stream[at : at + 1] for at in range(len(stream)))) == [Frame(MESSAGE)]


def test_a_sender_that_leaves_out_the_last_carriage_return_is_read_at_once() -> None:
    deframer = Deframer(1000)
    assert deframer.feed(b"\x0bA\x1c") == [Frame(b"A")]
    assert deframer.feed(b"\x0bB\x1c") == [Frame(b"B")]
    assert deframer.feed(b"\r") == []
    assert deframer.end() == []


def test_junk_before_a_message_is_kept_beside_it() -> None:
    assert read(b"hello" + frame(b"A")) == [Stray(b"hello"), Frame(b"A")]


def test_what_is_held_of_an_unfinished_message_is_told() -> None:
    deframer = Deframer(1000)
    assert (deframer.inside, deframer.unfinished) == (False, 0)
    deframer.feed(b"\x0bMSH|")
    assert (deframer.inside, deframer.unfinished) == (True, 4)
    deframer.feed(b"\x1c")
    assert (deframer.inside, deframer.unfinished) == (False, 0)


def test_line_ends_between_messages_mean_nothing() -> None:
    assert read(b"\r\n" + frame(b"A") + b"\n\r\n" + frame(b"B") + b"\r\n") == [
        Frame(b"A"),
        Frame(b"B"),
    ]


def test_a_sender_that_knows_no_frames_is_kept_in_pieces() -> None:
    pieces = read(b"MSH|" * STRAY_LIMIT)
    assert b"".join(piece.content for piece in pieces if isinstance(piece, Stray)) == (
        b"MSH|" * STRAY_LIMIT
    )
    assert all(
        isinstance(piece, Stray) and len(piece.content) <= STRAY_LIMIT for piece in pieces
    )


def test_a_vertical_tab_typed_in_a_report_belongs_to_it() -> None:
    assert read(frame(b"OBX|1|TX||a\x0bb")) == [Frame(b"OBX|1|TX||a\x0bb")]


def test_a_message_cut_by_the_end_of_the_connection_is_kept_as_stray() -> None:
    assert read(b"\x0bMSH|half") == [Stray(b"\x0bMSH|half")]


def test_a_message_over_the_limit_is_refused_and_its_beginning_kept() -> None:
    expected = [Frame(b"A"), Stray(b"\x0b12345"), Overlong(5)]
    assert read(frame(b"A") + frame(b"1234567") + frame(b"B"), limit=5) == expected
    assert read(frame(b"A") + b"\x0b123", b"4567", b"\x1c\r" + frame(b"B"), limit=5) == expected


def test_a_message_of_the_very_limit_is_taken() -> None:
    assert read(frame(b"12345"), limit=5) == [Frame(b"12345")]


def test_letters_of_utf16_that_hold_the_end_byte_do_not_end_the_message() -> None:
    for codec in ("utf-16-le", "utf-16-be", "utf-16"):
        body = "MSH|^~\\&|“Ĝ”|ċ\r".encode(codec)
        assert read(frame(body) + frame(b"B")) == [Frame(body), Frame(b"B")]


def test_half_a_letter_at_the_end_of_utf16_does_not_swallow_the_next_message() -> None:
    body = "MSH|^~\\&|A\r".encode("utf-16-le") + b"\r"
    assert read(frame(body) + frame(b"B")) == [Frame(body), Frame(b"B")]


def test_a_large_message_in_small_packets_is_copied_once() -> None:
    body = MESSAGE * 9000
    stream = frame(body)
    packets = (stream[at : at + 100] for at in range(0, len(stream), 100))
    assert read(*packets) == [Frame(body)]


@given(st.lists(bodies, max_size=6), st.lists(st.integers(0, 400), max_size=12))
def test_any_cut_of_the_stream_gives_the_frames_that_were_sent(
    sent: list[bytes], cuts: list[int]
) -> None:
    stream = b"".join(frame(body) for body in sent)
    assert read_cut(stream, cuts, 1000) == read(stream, limit=1000)


@given(
    st.lists(st.sampled_from([b"\x0b", b"\x1c", b"\r", b"\n", b"\0", b"M", b"\xff\xfe"])),
    st.lists(st.integers(0, 60), max_size=9),
    st.integers(0, 9),
)
def test_any_cut_of_any_bytes_gives_the_same_pieces(
    noise: list[bytes], cuts: list[int], limit: int
) -> None:
    stream = b"".join(noise)
    assert read_cut(stream, cuts, limit) == read(stream, limit=limit)
    assert read(*(stream[at : at + 1] for at in range(len(stream))), limit=limit) == read(
        stream, limit=limit
    )


@given(
    st.lists(
        st.binary(max_size=40).map(lambda b: b"MSH|" + b.replace(b"\x1c", b"")), max_size=5
    )
)
def test_every_message_that_was_framed_is_read_back(sent: list[bytes]) -> None:
    assert read(*(frame(body) for body in sent)) == [Frame(body) for body in sent]


@pytest.mark.parametrize("cut", range(1, 6))
def test_a_frame_of_utf_16_as_long_as_the_limit_is_whole_wherever_its_end_is_cut(
    cut: int,
) -> None:
    stream = b"\x0b\xff\xfe\x0b\x1c\r"
    assert read(stream[:cut], stream[cut:], limit=3) == [Frame(b"\xff\xfe\x0b")]
