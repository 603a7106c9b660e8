import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.adapters.csv_text import CsvTextError, csv_lines, csv_text


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_accents_come_through_in_every_character_set_that_offices_export(charset: str) -> None:
    assert csv_text("hôte;système\n".encode(charset)) == "hôte;système\n"


@pytest.mark.parametrize("content", [b"PK\x03\x04\0\0", "hôte".encode("utf-32")])
def test_what_is_no_text_is_refused_with_what_to_do(content: bytes) -> None:
    with pytest.raises(CsvTextError, match="not text") as refused:
        csv_text(content)
    assert "CSV" in refused.value.advice


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_headings_tell_the_separator_and_lines_keep_their_numbers(separator: str) -> None:
    text = f"id{separator}site\r\n\r\ndb1{separator}arlon\r\n"
    assert list(csv_lines(text)) == [(1, ["id", "site"]), (3, ["db1", "arlon"])]


def test_a_cell_that_never_ends_is_told_with_its_line() -> None:
    with pytest.raises(CsvTextError, match=r"line \d"):
        list(csv_lines('id\n"' + "x" * 200_000))


@given(st.binary(max_size=200))
def test_any_bytes_are_lines_or_refused(content: bytes) -> None:
    try:
        lines = list(csv_lines(csv_text(content)))
    except CsvTextError as fault:
        lines = []
        assert str(fault)  # noqa: PT017  either outcome is right, a fault must have words
    assert all(any(cell.strip() for cell in line) for _, line in lines)
