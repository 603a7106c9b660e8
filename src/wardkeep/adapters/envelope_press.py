"""Typesets sealed envelopes of pack keys; the file is as secret as what it opens."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec
import typst

from wardkeep.adapters.errors import TypesettingError
from wardkeep.adapters.typst_press import load_fonts, templates
from wardkeep.paper.envelope import Envelope


def press_envelopes(envelopes: Sequence[Envelope]) -> bytes:
    """Return the envelopes as PDF, one a page. Raises TypesettingError, with no word of it."""
    compiler = typst.Compiler(
        templates() / "envelopes.typ",
        root=templates(),
        font_paths=load_fonts(),
        sys_inputs={"envelopes": msgspec.json.encode(envelopes).decode()},
    )
    try:
        made, warnings = compiler.compile_with_warnings(format="pdf", pdf_tags=False)
    except typst.TypstError as error:
        raise TypesettingError(f"an envelope: {error.message}") from error
    if warnings or not isinstance(made, bytes):
        raise TypesettingError("an envelope: a letter of it has no form in the fonts")
    return made
