from __future__ import annotations

import zlib

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.copying import (
    LENGTH_BYTES,
    LONGEST_MAP,
    LONGEST_PIECE,
    LONGEST_REQUEST,
    MOST_PARTS,
    Answer,
    Ask,
    AskMap,
    AskPiece,
    Chunk,
    Done,
    FileStart,
    FrameError,
    Greet,
    Greeting,
    Held,
    Join,
    Looks,
    MapList,
    MapPart,
    Piece,
    Refused,
    Request,
    frame,
    length,
    read_answer,
    read_request,
)

numbers = st.integers(0, 2**62)
short = st.binary(max_size=300)
heads = st.binary(min_size=32, max_size=32)
rows = st.lists(st.tuples(numbers, short, heads), max_size=9).map(tuple)
starts = st.builds(FileStart, st.text(max_size=20), numbers, heads, st.sampled_from([1, 2]))
requests = st.one_of(
    st.builds(Greet),
    st.builds(Join, short, short, short),
    st.builds(Ask, st.text(max_size=20), numbers, heads, numbers, numbers, numbers),
    st.builds(Held, short, short, st.lists(st.tuples(short, short), max_size=3).map(tuple)),
    st.builds(
        Looks, numbers, st.lists(st.tuples(numbers, *[st.text(max_size=9)] * 4)).map(tuple)
    ),
    st.builds(AskMap),
    st.builds(AskPiece, st.text(max_size=20), heads, st.integers(0, LONGEST_MAP)),
)
map_parts = st.lists(
    st.builds(MapPart, st.text(min_size=1, max_size=20), heads, numbers), max_size=5
)
names = st.lists(st.text(max_size=20), max_size=5).map(tuple)
answers = st.one_of(
    st.builds(Done),
    st.builds(Refused, st.text(max_size=20), st.text(max_size=900)),
    st.builds(
        Chunk,
        start=st.none() | starts,
        rows=rows,
        seals=rows,
        newest=numbers,
        agrees=st.none() | st.booleans(),
        waited=numbers,
    ),
    st.builds(MapList, map_parts.map(tuple), names),
    st.builds(Piece, short),
)


def content(message: bytes) -> bytes:
    assert length(message[:LENGTH_BYTES], 1 << 30) == len(message) - LENGTH_BYTES
    return message[LENGTH_BYTES:]


@given(requests)
def test_a_request_is_read_as_it_was_asked(request: Request) -> None:
    assert read_request(content(frame(request))) == request


@given(answers)
def test_an_answer_is_read_as_it_was_given(answer: Answer) -> None:
    assert read_answer(content(frame(answer))) == answer


@given(st.binary(max_size=200), st.sampled_from([b"", b"\x00", b"\x01", b"\x02"]))
def test_any_bytes_are_a_message_or_a_named_error(noise: bytes, how: bytes) -> None:
    for read in (read_request, read_answer):
        try:
            read(how + noise)
        except FrameError:
            continue


@given(answers, st.data())
def test_a_message_that_was_cut_or_changed_is_no_crash(
    answer: Answer, data: st.DataObject
) -> None:
    whole = bytearray(content(frame(answer)))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    for bad in (bytes(whole), bytes(whole[: len(whole) // 2])):
        try:
            read_answer(bad)
        except FrameError:
            continue


@pytest.mark.parametrize(
    "message",
    [
        AskPiece("map/a.b", bytes(31), 0),
        AskPiece("map/a.b", bytes(32), -1),
        AskPiece("map/a.b", bytes(32), LONGEST_MAP + 1),
    ],
)
def test_a_piece_is_asked_for_by_a_whole_digest_and_within_the_map(message: AskPiece) -> None:
    with pytest.raises(FrameError):
        read_request(content(frame(message)))


@pytest.mark.parametrize(
    "message",
    [
        MapList((MapPart("", bytes(32), 1),)),
        MapList((MapPart("x" * 201, bytes(32), 1),)),
        MapList((MapPart("map/a.b", bytes(33), 1),)),
        MapList((MapPart("map/a.b", bytes(32), -1),)),
        MapList((MapPart("map/a.b", bytes(32), 1),) * (MOST_PARTS + 1)),
        MapList((), ("map/a.b",) * (MOST_PARTS + 1)),
        Piece(bytes(LONGEST_PIECE + 1)),
    ],
)
def test_a_list_or_piece_beyond_its_limits_is_no_message(message: Answer) -> None:
    with pytest.raises(FrameError):
        read_answer(content(frame(message)))


class GreetingOf02(msgspec.Struct, tag="greeting"):
    """What a first of release 0.2 says of itself."""

    form: int
    name: str
    code: str
    settings: str
    recovery: str
    signers: tuple[tuple[str, bytes], ...]
    follower: str


def test_a_first_of_an_earlier_release_says_nothing_of_its_map() -> None:
    told = GreetingOf02(1, "Saint Elisabeth", "ELI", "", "age1", (), "box-2")
    answer = read_answer(b"\x00" + msgspec.msgpack.encode(told))
    assert isinstance(answer, Greeting)
    assert answer.map == ""


def test_what_would_unpack_beyond_the_limit_is_refused_before_it_fills_the_memory() -> None:
    bomb = b"\x01" + zlib.compress(bytes(LONGEST_REQUEST * 4), 9)
    assert len(bomb) < 10_000
    with pytest.raises(FrameError, match="beyond"):
        read_request(bomb)


@pytest.mark.parametrize("head", [bytes(4), b"\xff\xff\xff\xff", b"\x00\x10\x00\x01"])
def test_no_length_beyond_the_limit_is_believed(head: bytes) -> None:
    with pytest.raises(FrameError):
        length(head, LONGEST_REQUEST)
