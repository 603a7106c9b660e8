"""The value of an OBX as text, by its type (OBX-2)."""

from __future__ import annotations

from wardkeep.chart.reading.parts import words
from wardkeep.wire.hl7v2.escapes import unescape
from wardkeep.wire.hl7v2.segment import NULL, Segment, components, part

CODED = {"CE", "CWE", "CNE", "CF", "IS"}
_PLAIN = {"TX", "FT", "ST", "NM", "DT", "TM", "TS", "DTM"}
WORDS = {"TX", "FT", "ED", "RP"}


def observed_text(obx: Segment) -> str:
    """Return OBX-5 as text to show; documents are named with their type and size."""
    kind = obx.first(2)
    raw = obx.raw(5)
    if not raw or raw == NULL:
        return ""
    if kind in _PLAIN:
        return raw if raw.isalnum() else "\n".join(map(unescape, raw.split("~")))
    if kind in CODED:
        return "; ".join(shown for one in raw.split("~") if (shown := original_words(one)))
    if kind in ("ED", "RP"):
        return _document(raw)
    return structured_number(raw) if kind == "SN" else unescape(raw.replace("^", " ").strip())


def original_words(raw: str) -> str:
    """Return the words of the laboratory (CWE.9) where it sent them, else text, else code."""
    return part(components(raw), 9) or words(raw)


def structured_number(raw: str) -> str:
    """Return an SN such as "<^5", "1^:^128" or "10^-^20" as it is written by hand."""
    pieces = components(raw)
    return "".join(part(pieces, place) for place in (1, 2, 3, 4))


def _document(raw: str) -> str:
    pieces = raw.split("^", 4)
    kind = "/".join(piece for piece in pieces[1:3] if piece)
    size = len("".join(pieces[4:]))
    return f"[{kind or pieces[0]}, {size} characters]"


def observed_unit(obx: Segment) -> str:
    """Return OBX-6 as sent: the code, by which laboratories write their units."""
    pieces = obx.components(6)
    return part(pieces, 1) or part(pieces, 2)
