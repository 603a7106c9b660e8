"""Rows as CSV that a spreadsheet may open: names from outside run nothing there."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

_BEGINS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_csv(rows: Sequence[Mapping[str, str]], *, mark: bool) -> bytes:
    """Return RFC 4180 CSV in UTF-8, the columns of the first row first; empty for no rows.

    `mark`: begin with a byte order mark, by which spreadsheets know UTF-8. A text that would
    begin a formula has an apostrophe before it (OWASP: CSV injection); a number stays one.
    """
    names = list(dict.fromkeys(name for row in rows for name in row))
    if not names:
        return b""
    text = io.StringIO(newline="")
    table = csv.writer(text)
    table.writerow(names)
    table.writerows([_harmless(row.get(name, "")) for name in names] for row in rows)
    return text.getvalue().encode("utf-8-sig" if mark else "utf-8")


def _harmless(text: str) -> str:
    if not text.startswith(_BEGINS_A_FORMULA) or _is_number(text):
        return text
    return f"'{text}"


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
