"""Text from outside on a page: escaped, and what a sheet prints as a code stands as a code."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup, escape

from wardkeep.paper.visible import in_runs, is_plain


def visible_html(text: object) -> Markup:
    """Return text as HTML in its own bidirectional isolate; rules of wardkeep.paper.visible.

    Spaces are kept, for the screen shows messages as they came.
    """
    told = str(text)
    if is_plain(told):
        return Markup(f"<bdi>{escape(told)}</bdi>")  # noqa: S704  # escaped just here
    parts = [
        Markup('<span class="mark">{}</span>').format(run) if is_code else escape(run)
        for run, is_code in in_runs(unicodedata.normalize("NFC", told))
    ]
    return Markup("<bdi>") + Markup("").join(parts) + Markup("</bdi>")
