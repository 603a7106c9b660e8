"""Typesets the cover sheet and the runner's slip of a ward."""

from __future__ import annotations

import msgspec
import typst

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.typst_press import load_fonts, templates
from wardkeep.paper.cover import Cover


def press_cover(cover: Cover) -> bytes:
    """Return cover and slip as a PDF of two pages. Raises TypesettingError."""
    compiler = typst.Compiler(
        templates() / "cover.typ",
        root=templates(),
        font_paths=load_fonts(),
        sys_inputs={"cover": msgspec.json.encode(cover).decode()},
    )
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_tags=False)
    except typst.TypstError as error:
        raise TypesettingError(f"a cover: {error.message}") from error
    if warnings or not isinstance(made, bytes):
        raise TypesettingError(f"a cover: {warnings[0].message if warnings else 'no file'}")
    return made
