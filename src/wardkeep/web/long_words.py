"""Where a long word of a narrow column may be parted: between the words that it is made of.

Browsers have no dictionary to part German and Dutch with, and break them after any letter.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from markupsafe import Markup

_SOFT_HYPHEN: Final = "\N{SOFT HYPHEN}"
_PARTED: Final[Mapping[str, tuple[str, str]]] = {
    "Reanimationsstatus": ("Reanimations", "status"),
    "Reanimatiestatus": ("Reanimatie", "status"),
    "Dossiernummer": ("Dossier", "nummer"),
}


def soft(heading: str) -> str:
    """Return a heading with a soft hyphen where it may be parted."""
    parts = _PARTED.get(str(heading))
    return _SOFT_HYPHEN.join(parts) if parts else heading


_BETWEEN: Final = re.compile(r"(?<=\w)/(?=\w)")


def parted(shown: Markup) -> Markup:
    """Return what `visible` shows; names that a slash joins may part behind it."""
    # No tag has a letter on both sides of a slash.
    return Markup(_BETWEEN.sub("/<wbr>", shown))  # noqa: S704  # `shown` is escaped already
