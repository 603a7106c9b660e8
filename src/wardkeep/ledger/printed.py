"""Heads as they are printed in the footer of every page of a pack, typed off again."""

from __future__ import annotations

import re

from wardkeep.ledger.checkpoint import Head
from wardkeep.ledger.errors import WitnessTextError

# A page prints the first 8 bytes, 16 digits; half of them leave one chance in four billion.
_HEAD = re.compile(
    r"\b(clinical|operations|access)[\s:]+([0-9]{1,18})[\s:]+((?:[0-9a-f]{2}){4,32})\b"
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
