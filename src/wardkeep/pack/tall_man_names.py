"""Names that are mistaken for one another, beside the drug as it was sent (docs/adr/0027).

The text as sent is never rewritten: a name in capitals of ours could pass for what a system
sent. The list comes with a ward's data (adapters.tall_man_lists); it marks and decides nothing.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from wardkeep.chart.model import Coded
from wardkeep.chart.text import normal
from wardkeep.pack.pen import Pen

LookAlikes = tuple[tuple[str, ...], ...]
"""Groups of names, each with the letters in which they differ in capitals."""


def read_groups(lines: Iterable[str]) -> LookAlikes:
    """Return the groups of a country's file: one a line, names separated by ";"."""
    split = (tuple(filter(None, line.strip().split(";"))) for line in lines)
    return tuple(names for names in split if names)


def mistaken_for(drug: Coded, known: LookAlikes, pen: Pen) -> str:
    """Return "LOOK-ALIKE NAME: hydrOXYzine, NOT hydrALAzine", "" for a drug of no group."""
    found = _group_of(drug.text, known)
    if found is None:
        return ""
    name, others = found
    return pen.say("LOOK-ALIKE NAME: {name}, NOT {others}", name=name, others=others)


# A hospital has few drugs and many orders of them.
@lru_cache(maxsize=8192)
def _group_of(text: str, known: LookAlikes) -> tuple[str, str] | None:
    words = {normal(word) for word in text.split()}
    return next((told for word, told in _by_word(known).items() if word in words), None)


@lru_cache(maxsize=8)
def _by_word(known: LookAlikes) -> dict[str, tuple[str, str]]:
    """Return by each name in plain letters: the name itself, and those it is mistaken for."""
    found: dict[str, tuple[str, str]] = {}
    for group in known:
        for name in group:
            others = ", ".join(other for other in group if other != name)
            # Of a name that two languages spell alike, the country's first language speaks.
            found.setdefault(normal(name), (name, others))
    return found
