"""A CSV file as items of the map."""

from __future__ import annotations

import itertools

from wardkeep.adapters.csv_text import CsvTextError, csv_lines, csv_text
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.table import TableMapping, TableRead, read_table

LARGEST_FILE = 256 * 1024 * 1024
MOST_ROWS = 2_000_000
_MEND = "Export it again: a line of headings, then a line a thing."


def read_csv(content: bytes, kind: type[Item], mapping: TableMapping) -> TableRead:
    """Return the items of a CSV file; raises CsvTextError, MapItemError."""
    if len(content) > LARGEST_FILE:
        raise CsvTextError(f"the file has more than {LARGEST_FILE} bytes")
    lines = csv_lines(csv_text(content))
    first = next(lines, None)
    if first is None:
        raise CsvTextError("the file is empty", _MEND)
    read = read_table(kind, first[1], itertools.islice(lines, MOST_ROWS + 1), mapping)
    if read.rows > MOST_ROWS:
        raise CsvTextError(f"the file has more than {MOST_ROWS} rows")
    return read
