import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.pack.paper_codes import MOST_PARTS, PART_BYTES, cut, join, part_of


def read(codes: list[bytes]) -> tuple[list[bytes], list[int]]:
    whole, lacking = join(part for code in codes if (part := part_of(code)))
    return whole, [each.parts - each.found for each in lacking]


@given(st.binary(min_size=1, max_size=4 * PART_BYTES), st.data())
def test_a_page_is_read_with_any_one_of_its_codes_lost_and_in_any_order(
    sealed: bytes, data: st.DataObject
) -> None:
    codes = list(cut(sealed))
    lost = data.draw(st.integers(-1, len(codes) - 1))
    left = [code for place, code in enumerate(codes) if place != lost]
    shuffled = data.draw(st.permutations(left + left[:1]))
    assert read(shuffled) == ([sealed], [])


@given(st.binary(min_size=PART_BYTES + 1, max_size=4 * PART_BYTES), st.data())
def test_a_page_that_lost_two_codes_is_named_and_not_made_up(
    sealed: bytes, data: st.DataObject
) -> None:
    codes = list(cut(sealed))
    lost = data.draw(st.sets(st.integers(0, len(codes) - 1), min_size=2, max_size=2))
    whole, lacks = read([code for place, code in enumerate(codes) if place not in lost])
    assert whole == []
    assert lacks == ([1] if len(codes) > len(lost) else [])


def test_codes_of_several_pages_on_one_photograph_are_told_apart() -> None:
    pages = [bytes([number]) * 1_500 for number in range(3)]
    whole, lacks = read([code for page in pages for code in cut(page)][::-1])
    assert sorted(whole) == pages
    assert lacks == []


@given(st.binary(min_size=900, max_size=2_000), st.data())
def test_a_code_that_was_altered_makes_no_chart(sealed: bytes, data: st.DataObject) -> None:
    codes = [bytearray(code) for code in cut(sealed)]
    place = data.draw(st.integers(10, len(codes[0]) - 1))
    padding = (len(codes) - 1) * (len(codes[0]) - 10) - len(sealed)
    codes[0][place] ^= data.draw(st.integers(1, 255))
    whole, _ = read([bytes(code) for code in codes[:-1]])
    assert whole == [] or (padding and whole == [sealed])


@given(st.binary(max_size=60))
def test_codes_of_other_things_are_no_parts(content: bytes) -> None:
    found = part_of(content)
    assert found is None or content.startswith(b"W\x01")
    assert part_of(b"WK1-ABCDEFGH-1") is None


@pytest.mark.parametrize("size", [0, MOST_PARTS * PART_BYTES + 1])
def test_what_no_page_has_room_for_is_refused(size: int) -> None:
    with pytest.raises(ValueError, match=str(size)):
        cut(b"x" * size)
