"""Sums that do not hold all services are told as at least, and what is not recorded as that."""

from __future__ import annotations

from collections.abc import Sequence

from wardkeep.foresight.board.spelling import Spelling
from wardkeep.foresight.figures import Range
from wardkeep.paper.words import N_


def at_least(words: str, missing: Sequence[str], spelling: Spelling) -> str:
    """Return the words of a sum, which services that it does not hold could only enlarge."""
    if not missing:
        return words
    return spelling.say(N_("at least {number}")).format(number=words)


def span_counted(found: Range | None, missing: Sequence[str], spelling: Spelling) -> str:
    """Return a sum of patients in a sentence, with how many services it does not hold."""
    if found is None or not missing:
        return spelling.span(found)
    told = spelling.say(N_("at least {number} ({count} services are not counted)"))
    count = spelling.exact(len(missing))
    return told.format(number=spelling.span(found), count=count)
