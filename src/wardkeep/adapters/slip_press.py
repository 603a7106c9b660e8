"""Typesets slips with one-time codes; the file is as secret as what it opens."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import typst

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.typst_press import load_fonts, templates
from wardkeep.paper.slip import Slip


def press_slips(slips: Sequence[Slip]) -> bytes:
    """Return the slips as PDF, three on a page. Raises TypesettingError."""
    compiler = typst.Compiler(
        templates() / "slips.typ",
        root=templates(),
        font_paths=load_fonts(),
        sys_inputs={"slips": msgspec.json.encode(slips).decode()},
    )
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_tags=False)
    except typst.TypstError as error:
        raise TypesettingError(f"slips: {error.message}") from error
    if warnings or not isinstance(made, bytes):
        raise TypesettingError(f"slips: {warnings[0].message if warnings else 'no file'}")
    return made
