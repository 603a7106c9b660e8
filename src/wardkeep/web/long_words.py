"""Where a long word of a narrow column may be parted: between the words that it is made of.

Browsers have no dictionary to part German and Dutch with, and break them after any letter.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

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
