"""Risks that somebody accepts: until a day, with a reason and a name, and never out of sight.

Rules kept here:
- A review is at most a year away (LONGEST_DAYS).
- An acceptance hides nothing: what it covers is told beside it, and past its day it is overdue.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple

import msgspec
from typing_extensions import override

from wardkeep.foresight.errors import RiskError
from wardkeep.foresight.events import RiskAcceptanceWithdrawn, RiskAccepted, RiskEvent
from wardkeep.hospital.map.checks import RANKS, Finding
from wardkeep.kernel.wall_clock import day_at

LONGEST_DAYS = 366
"""Days until a review: risks are looked at again at least once a year (Commission Implementing
Regulation (EU) 2024/2690, annex, 2.1.4; it binds others than hospitals, and is taken here as
good practice)."""
LONGEST_TEXT = 500
"""Characters of a reason or a name; a page has room for less."""


class Risk(NamedTuple):
    """What is accepted: a check, a thing of the map, or a check of one thing."""

    check: str
    item: str

    def covers(self, finding: Finding) -> bool:
        """Tell whether a finding is of this risk."""
        return self.check in {"", finding.check} and self.item in {"", finding.item}

    @override
    def __str__(self) -> str:
        """Return it in words: `single-point of server:db1`."""
        return " of ".join(each for each in (self.check, self.item) if each)


Acceptances = Mapping[Risk, RiskAccepted]


def fold(events: Iterable[RiskEvent]) -> Acceptances:
    """Return what is accepted now, in the order in which it was."""
    standing: dict[Risk, RiskAccepted] = {}
    for event in events:
        risk = Risk(event.check, event.item)
        standing.pop(risk, None)
        if isinstance(event, RiskAccepted):
            standing[risk] = event
    return standing


class Said(NamedTuple):
    """Who says what at which moment: UTC microseconds, the account, reason, name, today."""

    at: int
    by: str
    reason: str
    name: str
    today: dt.date


def accept(risk: Risk, said: Said, review: str, findings: Sequence[Finding]) -> RiskAccepted:
    """Return the event of an acceptance until a review; raises RiskError.

    A check, alone or of a thing, must have found something: else nobody knows what is accepted.
    """
    _named(risk, said)
    if risk.check and risk.check not in RANKS:
        raise RiskError(
            f"there is no check {risk.check!r}", advice=f"It may be {', '.join(RANKS)}."
        )
    if risk.check and not any(risk.covers(each) for each in findings):
        raise RiskError(f"the map has no finding {risk}: nothing is there to be accepted")
    return RiskAccepted(
        at=said.at,
        by=said.by,
        check=risk.check,
        item=risk.item,
        reason=said.reason,
        accepted_by=said.name,
        review=_review(review, said.today).isoformat(),
    )


def withdraw(risk: Risk, said: Said, standing: Acceptances) -> RiskAcceptanceWithdrawn:
    """Return the event that ends an acceptance; raises RiskError where none stands."""
    _named(risk, said)
    if risk not in standing:
        raise RiskError(
            f"nobody accepts {risk}", advice="`wardkeep risk list DIR` lists what is accepted."
        )
    return RiskAcceptanceWithdrawn(
        at=said.at,
        by=said.by,
        check=risk.check,
        item=risk.item,
        reason=said.reason,
        withdrawn_by=said.name,
    )


def covering(standing: Acceptances, finding: Finding) -> RiskAccepted | None:
    """Return the acceptance of a finding, the narrowest where there are several; else None."""
    found = [(risk, event) for risk, event in standing.items() if risk.covers(finding)]
    narrowest = max(
        found, key=lambda each: (bool(each[0].item), bool(each[0].check)), default=None
    )
    return None if narrowest is None else narrowest[1]


def is_overdue(event: RiskAccepted, today: dt.date) -> bool:
    """Tell whether the day of review is past."""
    return event.review < today.isoformat()


def _named(risk: Risk, said: Said) -> None:
    if not (risk.check or risk.item):
        raise RiskError("a check, a thing of the map or both must be named")
    for what, text in (("a reason", said.reason), ("a name", said.name)):
        if not text.strip():
            raise RiskError(f"{what} is needed: who reads this later asks for it")
        if len(text) > LONGEST_TEXT:
            raise RiskError(f"{what} has more than {LONGEST_TEXT} characters")


def _review(text: str, today: dt.date) -> dt.date:
    try:
        day = dt.date.fromisoformat(text)
    except ValueError as fault:
        raise RiskError(
            f"{text!r} is no day", advice="Write it as 2027-05-31 (ISO 8601)."
        ) from fault
    last = today + dt.timedelta(days=LONGEST_DAYS)
    if not today < day <= last:
        raise RiskError(
            f"the review of {day} is not between tomorrow and {last}",
            advice="A risk is looked at again within a year; accept it anew then.",
        )
    return day


class Reviewed(msgspec.Struct, frozen=True, kw_only=True):
    """An acceptance as it is listed; `on`: the day of the site on which it was recorded."""

    check: str
    item: str
    reason: str
    accepted_by: str
    on: str
    review: str
    overdue: bool
    findings: int


def reviewed(
    standing: Acceptances, findings: Sequence[Finding], today: dt.date, zone: dt.tzinfo
) -> tuple[Reviewed, ...]:
    """Return what is accepted, the next review first, with how many findings each covers."""
    return tuple(
        Reviewed(
            check=event.check,
            item=event.item,
            reason=event.reason,
            accepted_by=event.accepted_by,
            on=day_at(event.at, zone),
            review=event.review,
            overdue=is_overdue(event, today),
            findings=sum(risk.covers(each) for each in findings),
        )
        for risk, event in sorted(standing.items(), key=lambda each: (each[1].review, each[0]))
    )
