"""The doses of the last 24 hours as the MAR tells them: time, outcome, amount, who."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from wardkeep.chart.model import Coded, Dose, DoseOutcome, FlagKind
from wardkeep.chart.text import normal
from wardkeep.kernel.times import DAY, Precision
from wardkeep.pack.pen import Pen
from wardkeep.paper.words import N_

_OUTCOMES: dict[DoseOutcome, str] = {
    DoseOutcome.GIVEN: N_("given"),
    DoseOutcome.PARTIAL: N_("PARTLY GIVEN"),
    DoseOutcome.HELD: N_("HELD"),
    DoseOutcome.REFUSED: N_("REFUSED"),
    DoseOutcome.NOT_GIVEN: N_("NOT GIVEN"),
    DoseOutcome.UNCLEAR: N_("RECORDED, OUTCOME AS SENT:"),
}
# More lines than this make a row taller than they help; the rest is counted.
_MOST_LINES = 8
_MISSED = frozenset({DoseOutcome.HELD, DoseOutcome.REFUSED, DoseOutcome.NOT_GIVEN})
_BY_DAY = {Precision.DAY, Precision.MONTH, Precision.YEAR}
_SHORTEST_NAME = 4
"""Shorter words of a drug's text are units and forms."""


def last_day(
    doses: Sequence[Dose],
    pen: Pen,
    *,
    fed: bool,
    heard: bool = True,
    doubt: bool = False,
    ordered: Coded | None = None,
) -> tuple[str, ...]:
    """Return what was recorded in the last 24 h, newest first; never an empty column.

    In `doubt`, where a message that may tell a dose could not be read, it never says "none".
    """
    if not fed and not doses:
        return (pen.say("NOT FED"),)
    if not heard and not doses:
        return (pen.say("NOTHING HEARD YET"),)
    recent = _recent(doses, pen)
    told = tuple(tell(dose, pen, ordered) for dose in recent[:_MOST_LINES])
    if len(recent) > _MOST_LINES:
        told += (pen.say("and {count} more", count=len(recent) - _MOST_LINES),)
    if not recent:
        none = (
            pen.say("NOT KNOWN: a message could not be read. ASK")
            if doubt
            else pen.say("none recorded in 24 h")
        )
        told = (none,)
        if doses:
            told += (pen.say("last: {dose}", dose=tell(doses[0], pen, ordered)),)
    return told if fed else (*told, pen.say("NOT FED"))


def missed(doses: Sequence[Dose], pen: Pen) -> tuple[int, ...]:
    """Return which lines of `last_day` tell of a dose that was not taken: they stand out."""
    return tuple(
        place
        for place, dose in enumerate(_recent(doses, pen)[:_MOST_LINES])
        if dose.outcome in _MISSED
    )


def _recent(doses: Sequence[Dose], pen: Pen) -> list[Dose]:
    return [dose for dose in doses if dose.at.at + _told_within(dose) > pen.now - DAY]


def _told_within(dose: Dose) -> int:
    """Return how much later than its first instant a dose may have been: a day for a day."""
    return DAY if dose.at.precision in _BY_DAY else 0


def is_same_drug(given: Coded, ordered: Coded) -> bool:
    """Say whether a recorded drug is plainly the one ordered, by its code or its name.

    "Bisoprolol X" is what "Bisoprolol 2.5 mg" asks for; insulin glargine is not insulin lispro.
    """
    if given.code and (given.code, given.system) == (ordered.code, ordered.system):
        return True
    mine, theirs = _names(given.text), _names(ordered.text)
    return bool(mine and theirs) and (mine <= theirs or theirs <= mine)


# Each order is held against each dose of the day, and a hospital has few drugs.
@lru_cache(maxsize=8192)
def _names(text: str) -> frozenset[str]:
    """Return the words of a drug's text that may be its name: of letters, four or more."""
    words = (normal(word) for word in text.split())
    return frozenset(word for word in words if word.isalpha() and len(word) >= _SHORTEST_NAME)


def _other_drug(dose: Dose, ordered: Coded | None) -> str:
    """Return the drug that was recorded where it is not plainly the one ordered, else ""."""
    given = dose.drug
    if ordered is None or not given.text or not ordered.text:
        return ""
    return "" if is_same_drug(given, ordered) else given.text


def tell(dose: Dose, pen: Pen, ordered: Coded | None = None) -> str:
    """Return one recorded dose: "08:02 given 1 g, N. Dubois"; a reason where not given.

    `ordered` is the drug of the order that the dose stands under: one that was recorded as
    another drug says so.
    """
    kinds = {flag.kind for flag in dose.flags}
    words = [pen.calendar.moment(dose.at)]
    if FlagKind.MAYBE_DELETED in kinds:
        words.append(pen.say("RECORDED, THEN MAYBE DELETED: NOT CLEAR WHICH DOSE. ASK."))
    elif FlagKind.TOLD_BEFORE_ITS_TIME in kinds:
        words.append(pen.say("RECORDED BEFORE ITS TIME HAD COME: ASK."))
    else:
        words.append(pen.say(_OUTCOMES[dose.outcome]))
    doubted = kinds & {FlagKind.MAYBE_DELETED, FlagKind.TOLD_BEFORE_ITS_TIME}
    if dose.outcome is DoseOutcome.UNCLEAR and not doubted:
        # A code that runs into the amount would be read as a part of it.
        words.append(f"{pen.sent(dose.outcome_text)};")
    words += [pen.sent(part) for part in (dose.amount, dose.rate) if part]
    if other := _other_drug(dose, ordered):
        words.append(pen.say("RECORDED AS {drug}", drug=pen.sent(other)))
    if FlagKind.MAYBE_CORRECTED in kinds:
        words.append(pen.say("MAYBE THE SAME DOSE TWICE: ITS TIME WAS CORRECTED: ASK"))
    told = " ".join(words)
    told_already = {DoseOutcome.GIVEN, DoseOutcome.UNCLEAR}
    reason = dose.reason or (dose.outcome_text if dose.outcome not in told_already else "")
    if reason:
        told += f" ({pen.sent(reason)})"
    elif dose.outcome in _MISSED:
        told += f" ({pen.say('reason NOT RECORDED')})"
    return f"{told}, {pen.sent(dose.by)}" if dose.by else told
