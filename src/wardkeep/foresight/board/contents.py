"""Puts a board paper together from a forecast, the map and what the house decided."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from wardkeep.foresight.board.bought import best, bought, without
from wardkeep.foresight.board.paper import (
    Accepted,
    Answer,
    BoardPaper,
    Call,
    Cost,
    Source,
    Step,
)
from wardkeep.foresight.board.taken import taken
from wardkeep.foresight.board.unknown import unknown
from wardkeep.foresight.governance.funding import FundingCall, by_use
from wardkeep.foresight.governance.risk import Acceptances
from wardkeep.foresight.governance.risk import is_overdue as risk_overdue
from wardkeep.foresight.governance.road_map import RoadMap
from wardkeep.foresight.governance.road_map import is_overdue as step_overdue
from wardkeep.foresight.kept import KeptForecast
from wardkeep.foresight.measures import Burden, Effect, Measure
from wardkeep.foresight.portfolio import Portfolio
from wardkeep.foresight.summary import Forecast
from wardkeep.hospital.map.whole import HospitalMap
from wardkeep.kernel.wall_clock import day_at


class Drawn(NamedTuple):
    """A forecast: one a way in (at least one), what measures do, the best set, the guesses.

    `without`: what an attack costs without any measure.
    """

    forecasts: Sequence[Forecast]
    measures: Sequence[Measure]
    effects: Sequence[Effect]
    portfolio: Portfolio | None
    guesses: Sequence[str]
    without: Burden | None


class Decided(NamedTuple):
    """What the house decided and keeps, and on which day it is looked at."""

    risks: Acceptances
    road: RoadMap
    calls: tuple[FundingCall, ...]
    calls_from: Literal["site", "shipped"]
    today: dt.date
    unread: tuple[str, ...] = ()
    """Names of decisions that a newer release wrote and this one does not know."""


def board_paper(
    whole: HospitalMap,
    drawn: Drawn,
    decided: Decided,
    source: Source,
    before: KeptForecast | None,
) -> BoardPaper:
    """Return the paper; `before` is the last forecast over another map, if one was kept."""
    found = taken(whole, drawn.forecasts)
    return BoardPaper(
        source=source,
        taken=found,
        without=without(drawn.without, drawn.forecasts[0].replicas),
        bought=bought(drawn.effects, drawn.portfolio.measures if drawn.portfolio else ()),
        best=best(drawn.portfolio, drawn.measures),
        roadmap=_steps(decided, {each.id: each for each in drawn.measures}),
        guesses=tuple(drawn.guesses),
        accepted=_accepted(whole, decided, ZoneInfo(source.zone)),
        unknown=unknown(whole, found, decided.unread, decided.today),
        before=before,
        calls=tuple(
            _call(each, decided.today) for each in by_use(decided.calls, decided.today)
        ),
        calls_from=decided.calls_from,
    )


def _steps(decided: Decided, measures: Mapping[str, Measure]) -> tuple[Step, ...]:
    return tuple(
        Step(
            measure=each.measure,
            name=measures[each.measure].name if each.measure in measures else "",
            quarter=each.quarter,
            owner=each.owner,
            progress=each.progress,
            told=each.told,
            by=each.said_by,
            overdue=step_overdue(each, decided.today),
            cost=_cost(measures.get(each.measure)),
        )
        for each in decided.road.values()
    )


def _cost(measure: Measure | None) -> Cost | None:
    return None if measure is None else Cost(measure.euros, measure.hours)


def _accepted(whole: HospitalMap, decided: Decided, zone: ZoneInfo) -> tuple[Accepted, ...]:
    """Return what is accepted, what is overdue first, then by the day of review."""
    return tuple(
        Accepted(
            check=event.check,
            item=event.item,
            name=_name(whole, event.item),
            reason=event.reason,
            by=event.accepted_by,
            on=day_at(event.at, zone),
            review=event.review,
            overdue=risk_overdue(event, decided.today),
        )
        for event in sorted(decided.risks.values(), key=lambda each: each.review)
    )


def _name(whole: HospitalMap, reference: str) -> str:
    item = whole.items.get(reference)
    return "" if item is None else item.name or item.id


def _call(each: FundingCall, today: dt.date) -> Call:
    return Call(
        programme=each.programme,
        call=each.call,
        state=each.state(today),
        opens="" if each.opens is None else each.opens.isoformat(),
        closes="" if each.closes is None else each.closes.isoformat(),
        rate=each.rate,
        source=each.source,
        as_of=each.as_of.isoformat(),
        note=each.note,
        answers=tuple(Answer(field=ask.field, number=ask.number) for ask in each.asks),
    )
