"""The back-test as the tables of docs/backtest.md, and a sum of it."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

import msgspec

from wardkeep.foresight.backtest.design import FITTED
from wardkeep.foresight.backtest.incident import OUTPUTS, Incident, Seen
from wardkeep.foresight.backtest.leave_one_out import BackTest, Foretold
from wardkeep.foresight.backtest.scores import Interval, holds

_MODULE = '''"""Points that incidents leave equally likely, made by benchmarks/backtest.py."""

NAMES = (
{names}
)
"""Of parameters.Assumptions, in the order of the columns."""
ROWS = (
{rows}
)
'''
BEGIN, END = "<!-- numbers: begin -->", "<!-- numbers: end -->"
_MILLION = 1e6
_TEN, _HUNDRED = 10, 100


class Coverage(msgspec.Struct, frozen=True, kw_only=True):
    """How many hospitals and outcomes lie in their intervals, and the mean scores.

    `score`, `plain_score`: over the `compared` outcomes for which there is a plain fit.
    """

    hospitals: int
    with_all: int
    with_most: int
    outcomes: int
    inside: int
    exact: int
    exact_inside: int
    compared: int
    score: float
    plain_score: float
    plain_inside: int
    wide_score: float
    wide_inside: int


def coverage(rows: Sequence[Foretold]) -> Coverage:
    """Return the sum of some outcomes, all of one incident together."""
    by_incident: dict[str, list[bool]] = {}
    for row in rows:
        by_incident.setdefault(row.incident, []).append(row.inside)
    both = [(row.score, row.plain_score) for row in rows if row.plain_score is not None]
    exact = [row.inside for row in rows if row.seen.is_exact]
    return Coverage(
        hospitals=len(by_incident),
        with_all=sum(map(all, by_incident.values())),
        with_most=sum(2 * sum(each) > len(each) for each in by_incident.values()),
        outcomes=len(rows),
        inside=sum(row.inside for row in rows),
        exact=len(exact),
        exact_inside=sum(exact),
        compared=len(both),
        score=_mean([ours for ours, _ in both]),
        plain_score=_mean([plain for _, plain in both]),
        plain_inside=sum(row.plain is not None and holds(row.plain, row.seen) for row in rows),
        wide_score=_mean([row.wide_score for row in rows if row.wide_score is not None]),
        wide_inside=sum(row.wide is not None and holds(row.wide, row.seen) for row in rows),
    )


def _mean(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers) if numbers else math.nan


def told(found: BackTest, incidents: Sequence[Incident]) -> str:
    """Return everything between the marks of docs/backtest.md."""
    hospitals = {each.id for each in incidents if each.hospital}
    counted = [each for each in found.foretold if each.incident in hospitals]
    parts = (
        _sum(found, coverage(counted)),
        _by_output(counted),
        _by_incident(found, incidents),
        _fitted(found),
        _inputs(incidents),
    )
    return "\n\n".join("\n".join(part) for part in parts)


def _sum(found: BackTest, all_: Coverage) -> Iterable[str]:
    yield "### In sum"
    yield ""
    yield (
        f"{found.points:,} points of {found.replicas} replicas, seed {found.seed}; the weight"
        f" of all fourteen counts as {found.effective:.0f} points of equal weight."
    )
    yield ""
    yield "| of the fourteen hospitals, each foretold by the other thirteen | wanted | found |"
    yield "| --- | ---: | ---: |"
    rows = (
        (
            "hospitals with all their outcomes inside",
            "11 of 14",
            f"{all_.with_all} of {all_.hospitals}",
        ),
        ("hospitals with more than half inside", "", f"{all_.with_most} of {all_.hospitals}"),
        ("outcomes inside", "80 %", f"{all_.inside} of {all_.outcomes}"),
        ("of these, told as one number", "80 %", f"{all_.exact_inside} of {all_.exact}"),
        ("mean interval score, forecast", "below the fit", f"{all_.score:.2f}"),
        (
            f"mean interval score, plain fit, {all_.compared} outcomes",
            "",
            f"{all_.plain_score:.2f}",
        ),
        ("outcomes inside, plain fit", "", f"{all_.plain_inside} of {all_.compared}"),
        ("mean interval score, plain fit by Student's t", "", f"{all_.wide_score:.2f}"),
        (
            "outcomes inside, plain fit by Student's t",
            "",
            f"{all_.wide_inside} of {all_.compared}",
        ),
    )
    yield from (f"| {name} | {wanted} | {was} |" for name, wanted, was in rows)


def _by_output(rows: Sequence[Foretold]) -> Iterable[str]:
    yield "### By outcome"
    yield ""
    yield "| outcome | inside | score | plain fit: inside | score |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for output in OUTPUTS:
        all_ = coverage([each for each in rows if each.seen.output == output])
        yield (
            f"| {output} | {all_.inside} of {all_.outcomes} | {all_.score:.2f} |"
            f" {all_.plain_inside} of {all_.compared} | {all_.plain_score:.2f} |"
        )


def _by_incident(found: BackTest, incidents: Sequence[Incident]) -> Iterable[str]:
    yield "### By incident"
    yield ""
    yield "| incident | outcome | seen | 80 % interval | | score | plain fit | score |"
    yield "| --- | --- | ---: | ---: | --- | ---: | ---: | ---: |"
    names = {each.id: each.name for each in incidents}
    for row in found.foretold:
        weak = ", weak" if row.seen.weak else ""
        plain = "none" if row.plain is None else _interval(row.plain, row.seen)
        score = "" if row.plain_score is None else f"{row.plain_score:.2f}"
        yield (
            f"| {names[row.incident]} | {row.seen.output}{weak} | {_seen(row.seen)} |"
            f" {_interval(row.interval, row.seen)} | {'inside' if row.inside else 'OUTSIDE'} |"
            f" {row.score:.2f} | {plain} | {score} |"
        )


def _fitted(found: BackTest) -> Iterable[str]:
    yield "### Fitted numbers"
    yield ""
    yield "| number | tried | lower tenth | middle | upper tenth |"
    yield "| --- | ---: | ---: | ---: | ---: |"
    for each in found.fitted:
        tried = f"{number(each.tried[0])} to {number(each.tried[1])}"
        yield (
            f"| `{each.name}` | {tried} | {number(each.low)} | {number(each.middle)} |"
            f" {number(each.high)} |"
        )


def _inputs(incidents: Sequence[Incident]) -> Iterable[str]:
    yield "### What went in"
    yield ""
    yield "| incident | reported | priors, since nobody reported them |"
    yield "| --- | --- | --- |"
    for each in incidents:
        reported = [
            f"{name} {number(known.value)} ({known.source})"
            for name, known in each.told.items()
            if known is not None and not known.is_prior
        ]
        yield f"| {each.name} | {'; '.join(reported) or 'nothing'} | {', '.join(each.priors)} |"


def _seen(seen: Seen) -> str:
    share = seen.output.startswith("share")
    if seen.is_exact:
        return _as_told(seen.low, share=share)
    if seen.high is None:
        return f"at least {_as_told(seen.low, share=share)}"
    if seen.low <= 0:
        return f"at most {_as_told(seen.most, share=share)}"
    return f"{_as_told(seen.low, share=share)} to {_as_told(seen.most, share=share)}"


def _interval(interval: Interval, seen: Seen) -> str:
    share = seen.output.startswith("share")
    return " to ".join(_as_told(each, share=share) for each in interval)


def _as_told(value: float, *, share: bool) -> str:
    return f"{value:.1%}".replace("%", " %") if share else number(value)


def as_module(kept: Iterable[Sequence[float]]) -> str:
    """Return points of equal weight as the module that the forecast reads them from."""
    names = "\n".join(f'    "{each.name}",' for each in FITTED)
    rows = "\n".join(f"    ({', '.join(map(_plain, row))})," for row in kept)
    return _MODULE.format(names=names, rows=rows)


def _plain(value: float) -> str:
    return f"{value:.0f}" if value >= _HUNDRED else f"{value!r}"


def number(value: float) -> str:
    """Return a number as a table tells it: three digits, M for millions."""
    if value >= _MILLION:
        return f"{value / _MILLION:,.1f} M"
    if value >= _HUNDRED:
        return f"{value:,.0f}"
    return f"{value:.1f}" if value >= _TEN else f"{value:.2f}"
