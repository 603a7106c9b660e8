from __future__ import annotations

import datetime as dt
import io
import zipfile

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from wardkeep.adapters import map_workbook
from wardkeep.adapters.map_workbook import Workbook
from wardkeep.hospital.map.cells import NumberText
from wardkeep.hospital.map.reading import UnreadableSourceError


def workbook(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet.title = "a"
    for row in rows:
        sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def altered(content: bytes, name: str, text: bytes) -> bytes:
    """The workbook with other bytes in one of its files."""
    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(stream, "w") as new:
        for each in old.namelist():
            new.writestr(each, text if each == name else old.read(each))
    return stream.getvalue()


SHEET = "xl/worksheets/sheet1.xml"
_OF = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def test_cells_read_as_a_csv_file_would_say_them() -> None:
    day = dt.datetime(2026, 11, 29)  # noqa: DTZ001  a cell has no zone
    rows = [
        ["id", "n", "yes", "day", "formula"],
        ["db1", 3.0, True, day, "#N/A"],
        [],
        [" db2 ", 0.5, False, dt.time(4), None],
    ]
    read = list(Workbook(workbook(rows)).rows("a"))
    assert read[1] == (2, ["db1", "3", "yes", "2026-11-29", ""])
    assert read[2] == (4, ["db2", "0.5", "no", "04:00:00"])


def test_a_sheet_that_counts_its_rows_into_the_millions_is_refused() -> None:
    far = b'<worksheet %b><sheetData><row r="9999999999"><c r="A9999999999"/></row>' % _OF
    content = altered(workbook([]), SHEET, far + b"</sheetData></worksheet>")
    with pytest.raises(UnreadableSourceError, match="more than 1048576 rows"):
        list(Workbook(content).rows("a"))


def test_a_sheet_with_entities_is_refused() -> None:
    xml = b'<!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet %b><sheetData/></worksheet>' % _OF
    with pytest.raises(UnreadableSourceError):
        list(Workbook(altered(workbook([]), SHEET, xml)).rows("a"))


def test_a_workbook_beyond_the_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    content = workbook([["id"] * 9] * 9)
    monkeypatch.setattr(map_workbook, "MOST_CELLS", 20)
    with pytest.raises(UnreadableSourceError, match="or 20 cells"):
        list(Workbook(content).rows("a"))
    monkeypatch.setattr(map_workbook, "MOST_UNPACKED", 20)
    with pytest.raises(UnreadableSourceError, match="unpacks to more"):
        Workbook(content)


SAMPLE = workbook([["id", "tier"], ["db1", 1]])
NAMES = zipfile.ZipFile(io.BytesIO(SAMPLE)).namelist()


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from(NAMES), at=st.integers(0, 400), put=st.binary(max_size=6))
def test_a_torn_workbook_is_read_or_refused(name: str, at: int, put: bytes) -> None:
    whole = zipfile.ZipFile(io.BytesIO(SAMPLE)).read(name)
    torn = altered(SAMPLE, name, whole[:at] + put + whole[at + len(put) :])
    try:
        book = Workbook(torn)
        for sheet in book.sheets:
            list(book.rows(sheet))
    except UnreadableSourceError:
        pass


def test_a_number_of_a_workbook_is_told_from_text_that_looks_like_one() -> None:
    (row,) = Workbook(workbook([[1.125, 1450, "1.125"]])).rows("a")
    assert [isinstance(each, NumberText) for each in row[1]] == [True, True, False]
    assert row[1] == ["1.125", "1450", "1.125"]
