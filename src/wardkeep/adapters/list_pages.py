"""Reads the rows of a list of the house back from its sheets as HTML, as a browser has them."""

from __future__ import annotations

from collections.abc import Sequence
from html.parser import HTMLParser

from typing_extensions import override

from wardkeep.pack.list_proof import ReadRow

_LINES = frozenset({"p", "br", "div"})


def rows_of(sheets: Sequence[str]) -> list[ReadRow]:
    """Return the rows of every part of a list; the first sheet is its head and has none."""
    return [row for group, sheet in enumerate(sheets[1:]) for row in _rows(group, sheet)]


def _rows(group: int, sheet: str) -> list[ReadRow]:
    reader = _Reader(group)
    reader.feed(sheet)
    reader.close()
    return reader.rows


class _Reader(HTMLParser):
    """Takes the heading and the rows of the grid; what frames the page is let go."""

    def __init__(self, group: int) -> None:
        super().__init__()
        self.rows: list[ReadRow] = []
        self._group, self._title = group, ""
        self._cells: list[str] = []
        self._grid = self._body = False
        self._into: list[str] | None = None

    @override
    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self._grid = ("class", "grid") in attrs
        elif tag == "tbody":
            self._body = self._grid
        elif tag == "tr":
            self._cells = []
        elif tag == "h3" or (tag == "td" and self._body):
            self._into = []
        elif tag in _LINES and self._into:
            self._into.append("\n")

    @override
    def handle_data(self, data: str) -> None:
        if self._into is not None:
            self._into.append(data)

    @override
    def handle_endtag(self, tag: str) -> None:
        if tag in {"h3", "td"} and self._into is not None:
            told, self._into = "".join(self._into).strip(), None
            if tag == "h3":
                self._title = told
            else:
                self._cells.append(told)
        elif tag == "tr" and self._body and self._cells:
            self.rows.append(ReadRow(self._group, self._title, tuple(self._cells)))
            self._cells = []
        elif tag == "table":
            self._grid = self._body = False
