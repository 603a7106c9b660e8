"""A CSV file as items of the map."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from wardkeep.adapters.csv_text import CsvTextError, csv_lines, csv_text
from wardkeep.hospital.map.item import Item
from wardkeep.hospital.map.reach_matrix import read_matrix
from wardkeep.hospital.map.reading import Reading
from wardkeep.hospital.map.table import TableMapping, read_table

LARGEST_FILE = 256 * 1024 * 1024
MOST_ROWS = 2_000_000
_MEND = "Export it again: a line of headings, then a line a thing."


def read_csv(content: bytes, kind: type[Item], mapping: TableMapping) -> Reading:
    """Return the items of a CSV file; raises CsvTextError, MapItemError."""
    return read_rows(_lines(content), kind, mapping)


def read_rows(
    lines: Iterator[tuple[int, list[str]]], kind: type[Item], mapping: TableMapping
) -> Reading:
    """Return the items of numbered rows, the first of which holds the headings.

    Raises CsvTextError, MapItemError.
    """
    headings = _headings(lines)
    read = read_table(kind, headings, itertools.islice(lines, MOST_ROWS + 1), mapping)
    if read.rows > MOST_ROWS:
        raise CsvTextError(f"the file has more than {MOST_ROWS} rows")
    return read


def read_csv_matrix(content: bytes, mapping: TableMapping) -> Reading:
    """Return the reach between segments that a matrix tells.

    Raises CsvTextError, UnreadableSourceError.
    """
    lines = _lines(content)
    return read_matrix(_headings(lines), lines, mapping)


def _lines(content: bytes) -> Iterator[tuple[int, list[str]]]:
    if len(content) > LARGEST_FILE:
        raise CsvTextError(f"the file has more than {LARGEST_FILE} bytes")
    return csv_lines(csv_text(content))


def _headings(lines: Iterator[tuple[int, list[str]]]) -> list[str]:
    first = next(lines, None)
    if first is None:
        raise CsvTextError("the file is empty", _MEND)
    return first[1]
