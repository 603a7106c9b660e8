"""Writes the maps that come along: a whole group, and a small house as a pattern."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from openpyxl import Workbook

from wardkeep.app.errors import MapFileError
from wardkeep.sample.estate import tables
from wardkeep.sample.small_estate import SERVERS, WORKSTATIONS, workbook

_Table = Sequence[Mapping[str, object]]


def write_sample(folder: Path) -> list[Path]:
    """Write the sample hospital's map as CSV files into an empty or new folder.

    With them `measures.toml`, what could be done, for a forecast. Raises MapFileError where
    something lies there.
    """
    _make(folder)
    tables_ = [_csv(folder / f"{kind}.csv", rows) for kind, rows in tables().items()]
    return [*tables_, _measures(folder)]


def write_small_sample(folder: Path) -> list[Path]:
    """Write a small house as two CSV files and a workbook, to put one's own lines in.

    With them `measures.toml`. Raises MapFileError where something lies there.
    """
    _make(folder)
    return [
        _csv(folder / "servers.csv", SERVERS),
        _csv(folder / "workstations.csv", WORKSTATIONS),
        _workbook(folder / "care.xlsx", workbook()),
        _measures(folder),
    ]


def _measures(folder: Path) -> Path:
    path = folder / "measures.toml"
    path.write_bytes((files("wardkeep.sample") / "measures.toml").read_bytes())
    return path


def _make(folder: Path) -> None:
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise MapFileError(
            f"{folder} already holds something; nothing was written",
            advice="Name a folder that is not there yet.",
        )
    folder.mkdir(parents=True, exist_ok=True)


def _csv(path: Path, rows: _Table) -> Path:
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        table = csv.DictWriter(stream, _headings(rows), restval="", delimiter=",")
        table.writeheader()
        table.writerows(rows)
    return path


def _workbook(path: Path, sheets: Mapping[str, _Table]) -> Path:
    book = Workbook()
    book.remove(book.worksheets[0])
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        headings = _headings(rows)
        sheet.append(headings)
        for row in rows:
            sheet.append([row.get(each) for each in headings])
    book.save(path)
    return path


def _headings(rows: _Table) -> list[str]:
    return list(dict.fromkeys(name for row in rows for name in row))
