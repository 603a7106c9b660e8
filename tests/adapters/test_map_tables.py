import pytest

from wardkeep.adapters import map_tables
from wardkeep.adapters.csv_text import CsvTextError
from wardkeep.adapters.map_tables import read_csv
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.table import TableMapping


def test_a_table_is_read_with_the_lines_of_the_file() -> None:
    read = read_csv(b"id;tier\n\ndb1;0\ndb2;zero\n", Server, TableMapping())
    assert read.items == (Server(id="db1", tier=0),)
    assert [each.line for each in read.told] == [4]


def test_an_empty_file_is_refused() -> None:
    with pytest.raises(CsvTextError, match="empty"):
        read_csv(b"\n \n", Server, TableMapping())


def test_a_file_beyond_the_limits_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(map_tables, "MOST_ROWS", 2)
    with pytest.raises(CsvTextError, match="more than 2 rows"):
        read_csv(b"id\na\nb\nc\n", Server, TableMapping())
    monkeypatch.setattr(map_tables, "LARGEST_FILE", 3)
    with pytest.raises(CsvTextError, match="more than 3 bytes"):
        read_csv(b"id\na\n", Server, TableMapping())
