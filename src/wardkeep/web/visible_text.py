"""Text from outside on a page: escaped, and what a sheet prints as a code stands as a code."""

from __future__ import annotations

import unicodedata
from functools import lru_cache

from markupsafe import Markup, escape

from wardkeep.paper.visible import in_runs, is_plain

_SHORT = 80
_LONGEST_TITLE = 300


def visible_html(text: object) -> Markup:
    """Return text as HTML in its own bidirectional isolate; rules of wardkeep.paper.visible.

    Spaces are kept, for the screen shows messages as they came.
    """
    told = str(text)
    return _shown(told) if len(told) <= _SHORT else _shown.__wrapped__(told)


# Names, beds and drugs stand on page after page; a message of a megabyte is not kept.
@lru_cache(maxsize=8_192)
def _shown(told: str) -> Markup:
    if is_plain(told):
        return Markup(f"<bdi>{escape(told)}</bdi>")  # noqa: S704  # escaped just here
    parts = [
        Markup('<span class="mark">{}</span>').format(run) if is_code else escape(run)
        for run, is_code in in_runs(unicodedata.normalize("NFC", told))
    ]
    return Markup("<bdi>") + Markup("").join(parts) + Markup("</bdi>")


def unhidden(text: object) -> str:
    """Return text for a picture or a title, where nothing can be marked up: codes stay codes.

    Cut at some lines' length: a title is read in one glance or not at all.
    """
    told = unicodedata.normalize("NFC", str(text)[:_LONGEST_TITLE])
    return "".join(run for run, _is_code in in_runs(told))
