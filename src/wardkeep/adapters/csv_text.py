"""Tables as CSV, as the programs of a hospital export them: character set, separator, lines."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Iterator

_CHARSET = 'Save it as CSV in UTF-8 (Excel: "CSV UTF-8"), then load that.'


class CsvTextError(Exception):
    """The bytes are no table that can be read; `advice` says what to do, or is empty."""

    def __init__(self, text: str, advice: str = "") -> None:
        super().__init__(text)
        self.advice = advice


def csv_lines(text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each line that holds something, numbered; the headings tell the separator.

    Raises CsvTextError.
    """
    headings = text.lstrip("\r\n").split("\n", 1)[0]
    separator = max(";,\t|", key=headings.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    try:
        for line in reader:
            if any(cell.strip() for cell in line):
                yield reader.line_num, line
    except csv.Error as fault:
        raise CsvTextError(f"line {reader.line_num}: {fault}") from fault


def utf16(content: bytes) -> str | None:
    """Return the text of a file that begins with the byte order mark of UTF-16, else None.

    Bytes that are no text become U+FFFD.
    """
    if not content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None
    return content.decode("utf-16", errors="replace")


def csv_text(content: bytes) -> str:
    """Return the text of a file: UTF-8, UTF-16 with its mark, else Windows' Western set.

    Raises CsvTextError.
    """
    text = utf16(content)
    # A zero byte: UTF-16 without its mark, UTF-32, a workbook. Headings would still be found in
    # it, and every value be torn.
    torn = b"\0" in content if text is None else "\0" in text or "\ufffd" in text
    if torn:
        raise CsvTextError("this is not text in a character set that is read", _CHARSET)
    if text is not None:
        return text
    for charset in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(charset)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")
