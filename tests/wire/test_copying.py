from __future__ import annotations

import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.copying import (
    LENGTH_BYTES,
    LONGEST_REQUEST,
    Ask,
    Chunk,
    Done,
    FileStart,
    FrameError,
    Greet,
    Held,
    Join,
    Looks,
    Refused,
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
)
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
)


def content(message: bytes) -> bytes:
    assert length(message[:LENGTH_BYTES], 1 << 30) == len(message) - LENGTH_BYTES
    return message[LENGTH_BYTES:]


@given(requests)
def test_a_request_is_read_as_it_was_asked(request: Ask) -> None:
    assert read_request(content(frame(request))) == request


@given(answers)
def test_an_answer_is_read_as_it_was_given(answer: Chunk) -> None:
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
    answer: Chunk, data: st.DataObject
) -> None:
    whole = bytearray(content(frame(answer)))
    whole[data.draw(st.integers(0, len(whole) - 1))] ^= 1 << data.draw(st.integers(0, 7))
    for bad in (bytes(whole), bytes(whole[: len(whole) // 2])):
        try:
            read_answer(bad)
        except FrameError:
            continue


def test_what_would_unpack_beyond_the_limit_is_refused_before_it_fills_the_memory() -> None:
    bomb = b"\x01" + zlib.compress(bytes(LONGEST_REQUEST * 4), 9)
    assert len(bomb) < 10_000
    with pytest.raises(FrameError, match="beyond"):
        read_request(bomb)


@pytest.mark.parametrize("head", [bytes(4), b"\xff\xff\xff\xff", b"\x00\x10\x00\x01"])
def test_no_length_beyond_the_limit_is_believed(head: bytes) -> None:
    with pytest.raises(FrameError):
        length(head, LONGEST_REQUEST)
