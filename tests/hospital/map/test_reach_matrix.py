from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wardkeep.hospital.map.places import Reach
from wardkeep.hospital.map.reach_matrix import read_matrix
from wardkeep.hospital.map.reading import Reading, UnreadableSourceError
from wardkeep.hospital.map.table import TableMapping


def read(headings: list[str], *rows: list[str], **ports: str) -> Reading:
    mapping = TableMapping(values={"ports": ports})
    return read_matrix(headings, list(enumerate(rows, start=2)), mapping)


def test_rows_reach_columns_by_the_classes_that_a_cell_names() -> None:
    told = read(
        ["", "office", "servers"],
        ["office", "x", "Web;SMB"],
        ["servers", "no", "any"],
    )
    assert told.items == (
        Reach(id="office / servers / web", source="office", target="servers", ports="web"),
        Reach(id="office / servers / file", source="office", target="servers", ports="file"),
    )
    assert not told.left


def test_a_word_that_is_no_class_refuses_its_row_and_a_mapping_explains_it() -> None:
    rows = ["office", "", "GREEN"], ["servers", "", ""]
    told = read(["", "office", "servers"], *rows)
    assert [(each.line, each.why.split(" is none")[0]) for each in told.told] == [
        (2, "to servers: 'GREEN'")
    ]
    told = read(["", "office", "servers"], *rows, green="any")
    assert [each.id for each in told.items] == ["office / servers"]


def test_segments_that_stand_on_one_side_only_are_told() -> None:
    told = read(["", "a", "b"], ["a", "", "x"], ["c", "x", ""])
    assert {(each.what.split()[0], each.named) for each in told.left} == {
        ("columns", ("b",)),
        ("rows", ("c",)),
    }


@pytest.mark.parametrize("headings", [["from"], ["from", "a", "a"], ["", ""]])
def test_a_table_that_is_no_matrix_is_refused(headings: list[str]) -> None:
    with pytest.raises(UnreadableSourceError):
        read(headings)


@given(st.lists(st.text(max_size=5), max_size=5), st.lists(st.lists(st.text(max_size=4))))
def test_every_matrix_is_read_or_refused(headings: list[str], rows: list[list[str]]) -> None:
    try:
        told = read(headings, *rows)
    except UnreadableSourceError:
        return
    assert all(each.source != each.target for each in told.items if isinstance(each, Reach))
