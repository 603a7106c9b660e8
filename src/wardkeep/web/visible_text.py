"""Text from outside on a page: escaped, control and bidi characters as visible marks."""

from __future__ import annotations

import unicodedata

from markupsafe import Markup, escape

# Cc controls, Cf formatting (bidirectional overrides and isolates among them), Co private use,
# Cs surrogates, Cn unassigned, Zl and Zp separators: none of them belongs into a name or dose.
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})


def visible_html(text: object) -> Markup:
    """Return text as HTML in its own bidirectional isolate, hidden characters as <U+202E>."""
    told = str(text)
    # Nearly all text is printable: str.isprintable is C code and false for every hidden class.
    if told.isprintable():
        return Markup(f"<bdi>{escape(told)}</bdi>")  # noqa: S704  # escaped just here
    parts = [
        Markup('<span class="mark">&lt;U+{:04X}&gt;</span>').format(ord(letter))
        if unicodedata.category(letter) in _HIDDEN
        else escape(letter)
        for letter in told
    ]
    return Markup("<bdi>") + Markup("").join(parts) + Markup("</bdi>")
