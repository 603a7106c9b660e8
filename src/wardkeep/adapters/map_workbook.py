"""The sheets of an XLSX workbook (ECMA-376) as rows of text, within limits."""

from __future__ import annotations

import datetime as dt
import io
import itertools
import warnings
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError

import openpyxl
from defusedxml import DefusedXmlException
from openpyxl.cell.cell import ERROR_CODES
from openpyxl.utils.exceptions import InvalidFileException

from wardkeep.adapters.zip_limits import check_zip
from wardkeep.hospital.map.cells import NumberText
from wardkeep.hospital.map.reading import UnreadableSourceError

MOST_UNPACKED = 512 * 1024 * 1024
MOST_MEMBERS = 5_000
MOST_ROWS = 1_048_576
"""That of Excel: a sheet whose rows are numbered beyond would be counted up to for ever."""
MOST_CELLS = 20_000_000
MOST_SHEETS = 200
_MEND = "Save it again as .xlsx without a password, or save the sheet as CSV."
_FAULTS = (
    zipfile.BadZipFile,
    InvalidFileException,
    DefusedXmlException,
    ParseError,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    NotImplementedError,
)
"""What openpyxl lets through of a workbook that is none."""


class Workbook:
    """A workbook that is open: the names of its sheets, and their rows."""

    def __init__(self, content: bytes) -> None:
        """Open it; raises UnreadableSourceError."""
        check_zip(content, MOST_UNPACKED, MOST_MEMBERS)
        if not openpyxl.DEFUSEDXML:  # a variable of the environment switches it off
            raise UnreadableSourceError("openpyxl does not guard XML (OPENPYXL_DEFUSEDXML)")
        try:
            with warnings.catch_warnings(action="ignore"):  # styles and controls it cannot keep
                self._book = openpyxl.load_workbook(
                    io.BytesIO(content), read_only=True, data_only=True, keep_links=False
                )
            self.sheets = tuple(each.title for each in self._book.worksheets)
        except _FAULTS as fault:
            raise UnreadableSourceError("this is no workbook", _MEND) from fault
        if len(self.sheets) > MOST_SHEETS:
            raise UnreadableSourceError(f"the workbook has more than {MOST_SHEETS} sheets")

    def rows(self, sheet: str) -> Iterator[tuple[int, list[str]]]:
        """Yield each row of a sheet that holds something, numbered from 1.

        Formulas count as what they came to when the workbook was saved. Raises
        UnreadableSourceError.
        """
        page = self._book[sheet]
        page.reset_dimensions()  # what a file says of its size is not believed
        cells = 0
        rows = page.iter_rows(values_only=True)
        try:
            for number, row in enumerate(itertools.islice(rows, MOST_ROWS + 1), start=1):
                cells += len(row)
                if number > MOST_ROWS or cells > MOST_CELLS:
                    raise UnreadableSourceError(
                        f"sheet {sheet} has more than {MOST_ROWS} rows or {MOST_CELLS} cells"
                    )
                texts = [_text(value) for value in row]
                if any(texts):
                    yield number, texts
        except _FAULTS as fault:
            raise UnreadableSourceError(
                f"sheet {sheet} cannot be read: {fault}", _MEND
            ) from fault


def _text(value: object) -> str:
    """Return what a cell says, as a CSV file would, numbers told from text that looks so."""
    if value is None or value in ERROR_CODES:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return NumberText(int(value) if float(value).is_integer() else value)
    if isinstance(value, dt.datetime) and value.time() == dt.time():
        return value.date().isoformat()
    if isinstance(value, dt.datetime | dt.date | dt.time):
        return value.isoformat()
    return str(value).strip()
