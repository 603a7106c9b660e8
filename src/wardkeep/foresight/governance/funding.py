"""Funding calls as dated data: a site keeps the file, the paper says how each call stands.

Rules kept here:
- What nobody sourced is left out of the file and told as NOT KNOWN.
- Whether a call is open is told by the day that is handed in, never by the file's word.
"""

from __future__ import annotations

import datetime as dt
import tomllib
from collections.abc import Iterable
from typing import Literal, get_args

import msgspec

from wardkeep.foresight.errors import FundingError

Number = Literal[
    "",
    "patients-late",
    "patient-hours",
    "days-back",
    "services-stopped",
    "euros-of-an-attack",
    "neighbours",
    "measures",
    "euros-of-measures",
    "own-hours",
    "avoided",
    "made-worse",
    "road-map",
    "risks-accepted",
    "guesses",
    "unknown",
]
"""Which number or part of the paper answers a field of an application; "" none does."""
NUMBERS: tuple[str, ...] = get_args(Number)
CallState = Literal["open", "not yet open", "closed", "NOT KNOWN"]
MOST_CALLS = 100
LONGEST_FILE = 200_000
"""Characters; a hundred calls with ten fields each have a fifth of it."""


class Field(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A field of an application, and which part of the paper answers it."""

    field: str
    number: Number = ""


class FundingCall(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A call as its source tells it. `opens`, `closes`: days; None: NOT KNOWN.

    `rate`: the largest share of the costs that is paid, in words (conditions differ); `as_of`:
    when somebody looked at `source`. `asks`: which fields of it a board paper answers.
    """

    programme: str
    call: str
    source: str
    as_of: dt.date
    opens: dt.date | None = None
    closes: dt.date | None = None
    rate: str = ""
    note: str = ""
    asks: tuple[Field, ...] = ()

    def state(self, today: dt.date) -> CallState:
        """Return how the call stands on a day; its closing day is still open."""
        if self.closes is not None and self.closes < today:
            return "closed"
        if self.opens is not None and today < self.opens:
            return "not yet open"
        return "NOT KNOWN" if self.closes is None or self.opens is None else "open"


class FundingCalls(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """The file: `funding.toml` of a hospital folder, or the one that is shipped."""

    calls: tuple[FundingCall, ...] = ()


def read_calls(text: str) -> tuple[FundingCall, ...]:
    """Return the calls of a file; raises FundingError, which says what is wrong."""
    if len(text) > LONGEST_FILE:
        raise FundingError(f"it has more than {LONGEST_FILE:,} characters")
    try:
        found = msgspec.convert(tomllib.loads(text), FundingCalls).calls
    except (tomllib.TOMLDecodeError, msgspec.ValidationError) as fault:
        raise FundingError(str(fault)) from fault
    if len(found) > MOST_CALLS:
        raise FundingError(f"{len(found)} calls: at most {MOST_CALLS} are read")
    for each in found:
        if each.opens and each.closes and each.closes < each.opens:
            raise FundingError(f"{each.call}: it closes before it opens")
    return found


def refuse_not_yet_looked_up(calls: Iterable[FundingCall], today: dt.date) -> None:
    """Raise FundingError for a call that somebody looked up on a day that is still to come."""
    for each in calls:
        if each.as_of > today:
            raise FundingError(
                f"{each.call}: as_of = {each.as_of} is still to come (today is {today}):"
                " write the day on which somebody looked at its source"
            )


_ORDER: dict[CallState, int] = {"open": 0, "not yet open": 1, "NOT KNOWN": 2, "closed": 3}


def by_use(calls: tuple[FundingCall, ...], today: dt.date) -> tuple[FundingCall, ...]:
    """Return calls as a reader needs them: what is open first, the next to close before."""
    return tuple(
        sorted(
            calls,
            key=lambda each: (
                _ORDER[each.state(today)],
                each.closes or dt.date.max,
                each.call,
            ),
        )
    )
