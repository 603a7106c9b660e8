"""Puts what must be known of a pack on every page of its PDF, in memory."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import typst

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.typst_press import load_fonts, templates
from wardkeep.paper.visible import visible


def stamped(pdf: bytes, pages: int, marks: Sequence[str]) -> bytes:
    """Return the PDF, each page made a little smaller below a band with `marks`.

    Raises TypesettingError, as for what is no PDF or has fewer pages.
    """
    told = [visible(mark).text for mark in marks]
    compiler = typst.Compiler(
        templates() / "stamped.typ",
        root=templates(),
        font_paths=load_fonts(),
        sys_inputs={
            "marks": msgspec.json.encode(told).decode(),
            "pages": str(pages),
            # As numbers: what is decrypted is in memory only, and inputs are text.
            "pdf": msgspec.json.encode(list(pdf)).decode(),
        },
    )
    try:
        made = compiler.compile(format="pdf", pdf_tags=False)
    except typst.TypstError as error:
        raise TypesettingError(f"the pack cannot be marked: {error.message}") from error
    if not isinstance(made, bytes):
        raise TypesettingError("the pack cannot be marked: the typesetter returned no file")
    return made
