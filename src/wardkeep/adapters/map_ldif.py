"""The text of an LDIF file: UTF-8, or UTF-16 as Windows' `ldifde -u` writes it."""

from __future__ import annotations

from wardkeep.adapters.csv_text import utf16
from wardkeep.hospital.map.reading import UnreadableSourceError


def ldif_text(content: bytes) -> str:
    """Return the text; raises UnreadableSourceError."""
    text = utf16(content)
    if text is not None:
        return text
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        raise UnreadableSourceError(
            f"this is no LDIF in UTF-8: {fault}", "Export it again, with ldifde -u on Windows."
        ) from fault
