"""Reads the text of a pack's pages back from its PDF, and cuts pages out of it.

By PDFium, which is not what made the PDF: what is read here is what another program sees.
It is not safe to be used by two threads at once, so one lock guards it.
"""

from __future__ import annotations

import io
import re
import threading
from collections.abc import Sequence

import msgspec
import pypdfium2

from wardkeep.adapters.errors import UnreadablePdfError
from wardkeep.paper.sheet_code import ALPHABET, LETTERS

_CODE = re.compile(rf"WK1-([{ALPHABET}]{{{LETTERS}}})-[0-9]{{1,2}}\b")
_guard = threading.Lock()


class SheetPages(msgspec.Struct, frozen=True):
    """The pages of one sheet: its number (paper.sheet_code) and the pages, from 0."""

    sheet: str
    pages: tuple[int, ...]


def texts(pdf: bytes) -> list[str]:
    """Return the text of every page; raises UnreadablePdfError."""
    with _guard:
        document = _opened(pdf)
        pages = len(document)
    try:
        # A list has hundreds: whoever prints meanwhile waits for a page, not for all of them.
        return [_guarded_text(document, number) for number in range(pages)]
    finally:
        with _guard:
            document.close()


def first_sheet(pdf: bytes) -> int:
    """Return how many pages the first sheet has, the ward's own, and read no further.

    Raises UnreadablePdfError.
    """
    with _guard:
        document = _opened(pdf)
        try:
            read: list[str] = []
            for number in range(len(document)):
                read.append(_text(document, number))
                if len(sheets(read)) > 1:
                    return number
            return len(document)
        finally:
            document.close()


def sheets(read: Sequence[str]) -> list[SheetPages]:
    """Return the sheets of a pack in their order from the texts of its pages.

    A page without a code belongs to the sheet before it. Raises UnreadablePdfError where the
    first page has none: nothing is known of such a file.
    """
    found: list[SheetPages] = []
    for number, text in enumerate(read):
        code = _CODE.search(text)
        if code is None and not found:
            raise UnreadablePdfError("the first page of a pack bears no code")
        if code is not None and not (found and found[-1].sheet == code[1]):
            found.append(SheetPages(code[1], (number,)))
        else:
            found[-1] = SheetPages(found[-1].sheet, (*found[-1].pages, number))
    return found


def joined(parts: Sequence[tuple[bytes, Sequence[int] | None]]) -> bytes:
    """Return one PDF of pages of others, None for all of one; raises UnreadablePdfError."""
    with _guard:
        made = pypdfium2.PdfDocument.new()
        try:
            for pdf, pages in parts:
                document = _opened(pdf)
                made.import_pages(document, None if pages is None else list(pages))
                document.close()
            out = io.BytesIO()
            made.save(out)
            return out.getvalue()
        finally:
            made.close()


def count(pdf: bytes) -> int:
    """Return how many pages a PDF has; raises UnreadablePdfError."""
    with _guard:
        document = _opened(pdf)
        try:
            return len(document)
        finally:
            document.close()


def _opened(pdf: bytes) -> pypdfium2.PdfDocument:
    try:
        return pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError as fault:
        raise UnreadablePdfError("a pack is no PDF that can be read") from fault


def _guarded_text(document: pypdfium2.PdfDocument, number: int) -> str:
    with _guard:
        return _text(document, number)


def _text(document: pypdfium2.PdfDocument, number: int) -> str:
    page = document[number]
    words = page.get_textpage()
    try:
        # A hyphen that ends a line comes as U+0002; sheets are typeset without hyphenation.
        return str(words.get_text_bounded()).replace("\r\n", "\n").replace("\x02", "-")
    finally:
        words.close()
        page.close()
