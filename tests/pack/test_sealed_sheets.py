import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.pack.errors import SheetsDamagedError
from wardkeep.pack.sealed_sheets import MAGIC, join, part

SHEETS = st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=12)


@given(SHEETS)
def test_sheets_come_apart_as_they_were_joined(sheets: list[bytes]) -> None:
    assert part(join(sheets)) == (sheets, True)


@given(SHEETS, st.data())
def test_what_was_cut_off_is_told_and_the_sheets_before_it_stay(
    sheets: list[bytes], data: st.DataObject
) -> None:
    whole = join(sheets)
    cut = whole[: data.draw(st.integers(len(MAGIC), len(whole) - 1))]
    found, is_whole = part(cut)
    complete = sum(1 for end in _ends(sheets) if end <= len(cut))
    assert found[:complete] == sheets[:complete]
    assert not is_whole or _ends(sheets[:complete])[-1:] == [len(cut)] or cut == MAGIC


def _ends(sheets: list[bytes]) -> list[int]:
    return [len(join(sheets[:count])) for count in range(1, len(sheets) + 1)]


@given(st.binary(max_size=300))
def test_any_bytes_are_sheets_or_a_named_error(content: bytes) -> None:
    try:
        part(content)
    except SheetsDamagedError:
        assert not content.startswith(MAGIC)


def test_what_does_not_begin_as_sheets_is_none() -> None:
    with pytest.raises(SheetsDamagedError):
        part(b"age-encryption.org/v1\n")
