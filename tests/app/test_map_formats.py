from __future__ import annotations

import io
import zipfile
from pathlib import Path

import openpyxl
import pytest

from wardkeep.app import map_formats
from wardkeep.app.errors import MapFileError
from wardkeep.app.map_formats import (
    SourceFile,
    format_of,
    kind_of_file,
    read_file,
    read_format,
    read_table_file,
)
from wardkeep.hospital.map.known import Known
from wardkeep.hospital.map.places import Reach
from wardkeep.hospital.map.table import TableMapping
from wardkeep.hospital.map.whole import KINDS


def workbook(**sheets: list[list[object]]) -> SourceFile:
    """A workbook of these sheets, as a spreadsheet program saves it."""
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for title, rows in sheets.items():
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    stream = io.BytesIO()
    book.save(stream)
    return SourceFile(Path("map.xlsx"), stream.getvalue())


def zipped(*names: str) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name in names:
            archive.writestr(name, "{}")
    return stream.getvalue()


SERVERS: list[list[object]] = [["id", "tier"], ["db1", 0], ["db2", "none"]]


def test_files_are_of_the_kind_that_they_are_named_after() -> None:
    for kind in KINDS:
        assert kind_of_file(Path(f"{kind}.csv")) == kind
    assert kind_of_file(Path("Policies.CSV")) == "policy"
    with pytest.raises(MapFileError, match="of what kind") as refused:
        kind_of_file(Path("export-2026.csv"))
    assert "reach-matrix" in refused.value.advice


def test_each_sheet_named_after_a_kind_is_read_and_the_others_are_named() -> None:
    file = workbook(Servers=SERVERS, Sites=[["id"], ["arlon"]], Notes=[["call Jan"]])
    assert format_of(file, "") == "xlsx"
    servers, sites = read_table_file(file, "xlsx", TableMapping())
    assert (servers.files, servers.part) == (("map.xlsx [Servers]",), "server")
    assert [(each.line, each.why) for each in servers.reading.told] == [
        (3, "tier: 'none' is no number")
    ]
    assert servers.reading.left[0].named == ("Notes",)
    assert [each.id for each in sites.reading.items] == ["arlon"]


def test_one_sheet_by_its_name_or_because_it_is_the_only_one() -> None:
    two = workbook(Inventory=SERVERS, Old=SERVERS)
    mapping = TableMapping(kind="server", sheet="Old")
    (told,) = read_table_file(two, "xlsx", mapping)
    assert told.files == ("map.xlsx [Old]",)
    one = workbook(Export=SERVERS)
    (told,) = read_table_file(one, "xlsx", TableMapping(kind="server"))
    assert told.part == "server"


@pytest.mark.parametrize(
    ("sheets", "mapping", "says"),
    [
        (("a", "b"), TableMapping(kind="server"), "which of its sheets are meant: a, b"),
        (("a",), TableMapping(), "which of its sheets are meant: a"),
        (("server", "servers"), TableMapping(), "two sheets are named after one kind"),
        (("servers",), TableMapping(sheet="gone"), "which of its sheets"),
    ],
)
def test_a_workbook_that_does_not_tell_what_is_meant_is_refused(
    sheets: tuple[str, ...], mapping: TableMapping, says: str
) -> None:
    with pytest.raises(MapFileError, match=says):
        read_table_file(workbook(**dict.fromkeys(sheets, SERVERS)), "xlsx", mapping)


def test_formats_are_found_by_content_and_name() -> None:
    def found(name: str, content: bytes, kind: str = "") -> str:
        return format_of(SourceFile(Path(name), content), kind)

    assert found("servers.csv", b"id\n") == "csv"
    assert found("reach-matrix.csv", b"id\n") == "reach-matrix"
    assert found("firewall.csv", b"id\n", "reach-matrix") == "reach-matrix"
    assert found("servers.csv", zipped("[Content_Types].xml")) == "xlsx"
    assert found("20261129_BloodHound.zip", zipped("a_users.json")) == "bloodhound"
    assert found("users.json", b'{"data":[],"meta":{}}') == "bloodhound"
    with pytest.raises(MapFileError, match="no format that is read"):
        found("x.json", b"{}")
    with pytest.raises(MapFileError, match="nothing that is read"):
        found("x.zip", zipped("readme.txt"))
    with pytest.raises(MapFileError, match="old form"):
        found("x.xls", b"\xd0\xcf\x11\xe0...")


def test_a_matrix_is_read_alone() -> None:
    file = SourceFile(Path("reach-matrix.csv"), b"from;a;b\na;;x\nb;web;\n")
    told = read_format("reach-matrix", [file], Known(), TableMapping())
    assert told.reading.items == (
        Reach(id="a / b", source="a", target="b"),
        Reach(id="b / a", source="b", target="a", ports="web"),
    )
    with pytest.raises(MapFileError, match="both a reach matrix"):
        read_format("reach-matrix", [file, file], Known(), TableMapping())
    with pytest.raises(MapFileError, match="the file is empty"):
        read_format("reach-matrix", [SourceFile(Path("m"), b"")], Known(), TableMapping())


def test_a_file_beyond_the_limit_is_refused_unread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(map_formats, "LARGEST_FILE", 3)
    (tmp_path / "sites.csv").write_bytes(b"id\nx")
    with pytest.raises(MapFileError, match="more than 3 bytes"):
        read_file(tmp_path / "sites.csv")
    with pytest.raises(MapFileError, match="No such file"):
        read_file(tmp_path / "gone.csv")


def test_a_file_that_is_called_a_workbook_and_is_none_is_told_so() -> None:
    with pytest.raises(MapFileError, match=r"care.xlsx: this is no workbook"):
        format_of(SourceFile(Path("care.xlsx"), b"%PDF-1.7"), "")
