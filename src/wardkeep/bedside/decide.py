"""When a bedside check counts, and what may be said about what differed.

Rules kept here:
- Every fact has an answer, else nothing is recorded.
- A form that was sent before, or facts drawn too long ago, count no second time.
- A difference is settled once, with a reason, by a named person; no chart is changed by it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import msgspec

from wardkeep.bedside.errors import (
    CheckTooOldError,
    NotAnsweredError,
    NotDifferentError,
    NothingDoneError,
)
from wardkeep.bedside.events import (
    BedsideChecked,
    Cause,
    DifferenceSettled,
    Finding,
    Found,
)
from wardkeep.bedside.facts import Fact
from wardkeep.bedside.state import Checks
from wardkeep.kernel.times import HOUR

LONGEST = HOUR
"""A form is good for so long: a nurse is called away, and comes back."""
_LONGEST_DONE = 500


class Drawn(msgspec.Struct, frozen=True, kw_only=True):
    """A form as it was handed out: its number, for whom, when, and its facts."""

    check: str
    ward: str
    by: str
    at: int
    facts: tuple[Fact, ...]


class Settling(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody says of a difference."""

    check: str
    place: int
    cause: Cause
    done: str
    feed: str = ""


def answer(
    checks: Checks, drawn: Drawn, findings: Mapping[int, Finding], by: str, now: int
) -> list[BedsideChecked]:
    """Record what was found of each fact by its place; [] for a form that was sent before.

    Raises NotAnsweredError, CheckTooOldError.
    """
    if drawn.check in checks.checked:
        return []
    if not 0 <= now - drawn.at <= LONGEST:
        raise CheckTooOldError("the facts of this form were drawn more than an hour ago")
    if not drawn.facts or set(findings) != set(range(len(drawn.facts))):
        raise NotAnsweredError("not every fact has an answer")
    return [
        BedsideChecked(
            check=drawn.check,
            ward=drawn.ward,
            drawn=drawn.at,
            found=_found(drawn.facts, findings),
            at=now,
            by=by,
        )
    ]


def settle(checks: Checks, said: Settling, by: str, now: int) -> list[DifferenceSettled]:
    """Record what was done about a difference; raises NotDifferentError, NothingDoneError."""
    waiting = {(each.checked.check, each.place) for each in checks.waiting()}
    if (said.check, said.place) not in waiting:
        raise NotDifferentError("no difference that waits has this number")
    done = " ".join(said.done.split())
    if not done:
        raise NothingDoneError("what was done was not said")
    return [
        DifferenceSettled(
            check=said.check,
            place=said.place,
            cause=said.cause,
            done=done[:_LONGEST_DONE],
            at=now,
            by=by,
            feed=said.feed,
        )
    ]


def _found(facts: Sequence[Fact], findings: Mapping[int, Finding]) -> tuple[Found, ...]:
    return tuple(
        Found(
            kind=fact.kind,
            finding=findings[place],
            bed=fact.bed,
            feed=fact.feed,
            entry=fact.entry,
            recorded=fact.recorded,
        )
        for place, fact in enumerate(facts)
    )
