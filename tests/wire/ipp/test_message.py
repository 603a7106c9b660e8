from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.wire.errors import IppAnswerError
from wardkeep.wire.ipp.message import LARGEST_ANSWER, Attribute, Group, Tag, decode, encode

_NAMES = st.text("abcdefghijklmnopqrstuvwxyz-", min_size=1, max_size=40)
_WORDS = st.text(max_size=60).filter(lambda text: text.isprintable())
_VALUES = st.one_of(
    st.tuples(st.just(Tag.INTEGER), st.lists(st.integers(-(2**31), 2**31 - 1), min_size=1)),
    st.tuples(st.just(Tag.BOOLEAN), st.lists(st.booleans(), min_size=1)),
    st.tuples(st.sampled_from((Tag.TEXT, Tag.NAME, Tag.KEYWORD)), st.lists(_WORDS, min_size=1)),
)


@given(st.dictionaries(_NAMES, _VALUES, max_size=8), st.binary(max_size=50))
def test_what_is_asked_is_read_back_the_same(
    told: dict[str, tuple[Tag, list[int | bool | str]]], document: bytes
) -> None:
    attributes = [Attribute(n, tag, tuple(values)) for n, (tag, values) in told.items()]
    sent = encode(2, 7, [(Group.OPERATION, attributes)], document)
    assert sent.endswith(document)
    answer = decode(sent)
    assert (answer.status, answer.request) == (2, 7)
    assert answer.of(Group.OPERATION) == [{n: tuple(v) for n, (_, v) in told.items()}]


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(answer: bytes) -> None:
    try:
        decode(b"\x01\x01\0\0\0\0\0\1" + answer)
    except IppAnswerError:
        return


@given(st.data())
def test_an_answer_that_is_cut_short_is_no_answer(data: st.DataObject) -> None:
    attribute = Attribute("job-id", Tag.INTEGER, (7, 8))
    whole = encode(0, 1, [(Group.JOB, [attribute])])
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(IppAnswerError):
        decode(whole[:cut])


def test_an_answer_longer_than_any_printer_needs_is_refused() -> None:
    with pytest.raises(IppAnswerError, match="too long"):
        decode(b"\0" * (LARGEST_ANSWER + 1))


def test_a_value_that_names_its_language_is_its_text() -> None:
    value = b"\x00\x02en\x00\x05Paper"
    answer = decode(
        b"\x01\x01\0\0\0\0\0\1\x04"
        b"\x36\x00\x04name" + len(value).to_bytes(2, "big") + value + b"\x03"
    )
    assert answer.of(Group.PRINTER) == [{"name": ("Paper",)}]


def test_a_collection_does_not_run_into_its_neighbours() -> None:
    # begin collection, a member's name and value, end: RFC 8010, 3.1.6.
    parts = b"\x34\x00\x05media\x00\x00" + b"\x4a\x00\x00\x00\x01x" + b"\x44\x00\x00\x00\x01y"
    parts += b"\x37\x00\x00\x00\x00" + b"\x21\x00\x06job-id\x00\x04\x00\x00\x00\x09"
    answer = decode(b"\x01\x01\0\0\0\0\0\1\x02" + parts + b"\x03")
    assert answer.of(Group.JOB) == [{"media": (b"",), "job-id": (9,)}]
