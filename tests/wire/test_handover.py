"""Frames between the door and the writer: whole, cut anywhere, or nonsense."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.errors import HandoverBrokenError
from wardkeep.wire.handover import (
    Handed,
    Receipt,
    ReceiptReader,
    RequestReader,
    Taken,
    head_of,
    receipt_frame,
    shown_by,
    who,
)

LIMIT = 10_000
requests = st.builds(
    Handed,
    number=st.integers(0, 2**64 - 1),
    feed=st.text(max_size=60),
    control=st.binary(max_size=200),
    body=st.binary(max_size=300),
    shown=st.builds(shown_by, st.text(), st.text(), st.text()),
)
receipts = st.builds(
    Receipt,
    number=st.integers(0, 2**64 - 1),
    sequence=st.integers(0, 2**64 - 1),
    received=st.integers(-(2**63), 2**63 - 1),
    taken=st.sampled_from(Taken),
)


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    places = sorted({0, len(data), *(cut % (len(data) + 1) for cut in cuts)})
    return [data[a:b] for a, b in pairwise(places)]


@given(st.lists(requests, max_size=6), st.lists(st.integers(0, 10_000), max_size=8))
def test_requests_arrive_whole_however_the_bytes_are_cut(
    sent: list[Handed], cuts: list[int]
) -> None:
    reader = RequestReader(LIMIT)
    data = b"".join(head_of(each) + each.body for each in sent)
    got = [each for piece in pieces(data, cuts) for each in reader.feed(piece)]
    assert got == sent
    assert reader.held == 0


@given(st.text(st.characters(codec="ascii", exclude_characters="\x1f"), max_size=80))
def test_who_sent_is_told_as_it_was_shown(text: str) -> None:
    assert who(shown_by(text, "2 engine", "Bundle batch")) == (text, "2 engine", "Bundle batch")
    assert who(b"") == ("", "", "")


@given(st.lists(receipts, max_size=6), st.lists(st.integers(0, 10_000), max_size=8))
def test_answers_arrive_whole_however_the_bytes_are_cut(
    sent: list[Receipt], cuts: list[int]
) -> None:
    reader = ReceiptReader()
    data = b"".join(map(receipt_frame, sent))
    assert [each for piece in pieces(data, cuts) for each in reader.feed(piece)] == sent


@given(st.lists(st.binary(max_size=400), max_size=10))
def test_nonsense_is_found_or_waited_for_and_never_more_than_was_sent_is_held(
    sent: list[bytes],
) -> None:
    reader, answers = RequestReader(LIMIT), ReceiptReader()
    for data in sent:
        try:
            for each in reader.feed(data):
                assert len(each.body) <= LIMIT
        except HandoverBrokenError:
            break
    assert reader.held <= sum(map(len, sent))
    for data in sent:
        try:
            answers.feed(data)
        except HandoverBrokenError:
            break


@pytest.mark.parametrize(
    "head",
    [
        Handed(1, "x" * 257, b"", b""),
        Handed(1, "emr", b"c" * 1025, b""),
        Handed(1, "emr", b"", b"b" * (LIMIT + 1)),
    ],
)
def test_lengths_that_cannot_be_are_found_before_anything_is_held(head: Handed) -> None:
    with pytest.raises(HandoverBrokenError, match="lengths of"):
        RequestReader(LIMIT).feed(head_of(head))


def test_a_name_that_is_no_text_and_an_answer_that_is_none_are_found() -> None:
    frame = bytearray(head_of(Handed(1, "emr", b"", b"")))
    frame[-1] = 0xFF
    with pytest.raises(HandoverBrokenError, match="UTF-8"):
        RequestReader(LIMIT).feed(bytes(frame))
    with pytest.raises(HandoverBrokenError, match="an answer that is none"):
        ReceiptReader().feed(receipt_frame(Receipt(1, 2, 3, Taken.NEW))[:-1] + b"\x07")
