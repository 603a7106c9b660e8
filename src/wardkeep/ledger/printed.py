"""Heads as they are printed in the footer of every page of a pack, typed off again."""

from __future__ import annotations

import re
from typing import ClassVar

from wardkeep.kernel.errors import WardkeepError
from wardkeep.ledger.checkpoint import Head

# A page prints the first 8 bytes, 16 digits; half of them leave one chance in four billion.
_HEAD = re.compile(
    r"\b(clinical|operations|access)[\s:]+([0-9]{1,18})[\s:]+((?:[0-9a-f]{2}){4,32})\b"
)


class WitnessTextError(WardkeepError):
    """What was typed off a page names no head of a ledger."""

    code: ClassVar[str] = "witness-text"
    exit_status: ClassVar[int] = 2
    remedy: ClassVar[str] = (
        "Type it as it stands in the footer of the page, for instance"
        ' --witness "clinical 4711 0a1b2c3d4e5f6071".'
    )


def heads_in(text: str) -> list[Head]:
    """Return every head in a footer or a part of it: ledger, sequence, first bytes in hex.

    Raises WitnessTextError where there is none.
    """
    found = [
        Head(ledger, int(sequence), bytes.fromhex(digits))
        for ledger, sequence, digits in _HEAD.findall(text.casefold())
    ]
    if not found:
        raise WitnessTextError(f"{text!r} names no ledger with its entry and head")
    return found
