"""One whole attack after another over arrays: strike, loss, restore, and the care it costs.

Everything that is compiled into one another stands in this folder: a copy that was compiled
before is thrown away by the state of its files together (tests/conftest.py).
"""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.care_lost import Care, CareLost, lost_care
from wardkeep.foresight.engines.chance import binomial, normal, replica_key, uniform
from wardkeep.foresight.engines.compiled import compiled
from wardkeep.foresight.engines.restore_hours import Jobs, restore
from wardkeep.foresight.engines.returning import Needs, work_again
from wardkeep.foresight.engines.worm_loss import Worm, let_loose, reaches

_STAGING, _CUT, _HOLD, _COPIES, _PLACE, _WEEK, _WORM, _MACHINES, _PACE, _POINT = range(10)
_ALL = -1
"""In place of a domain: everything that has been reached, whatever it belongs to."""
_WEEK_HOURS = 168


class Numbers(NamedTuple):
    """What all replicas assume: parameters.Assumptions tells each, hours as medians."""

    staging_median: float
    staging_spread: float
    worm: float
    """Probability that it is a worm which spreads by itself, and no people."""
    crews: int
    horizon: float


class Point(NamedTuple):
    """What may be otherwise from one replica to the next; of all in a table, the columns."""

    cut_median: float
    cut_spread: float
    hold_median: float
    hold_spread: float
    pace_median: float
    """By what all hours of work are multiplied in the middle of the attacks."""
    pace_spread: float
    push: float
    """Machines an hour."""
    copies_reached: float
    without_copy: float


class Scope(NamedTuple):
    """What control of each domain opens.

    `words`, `domain` and `copied`: a place a job: from what its place in the push is hashed,
    the domain it falls with (-1: none), and whether its copies fall with that domain as well.
    `machines`: how many machines fall with each domain.
    """

    words: NDArray[np.uint64]
    domain: NDArray[np.int32]
    copied: NDArray[np.int32]
    machines: NDArray[np.float64]
    links: NDArray[np.int32]
    """The node in `Needs` of each link to a neighbour."""


class Reached(NamedTuple):
    """What an attack reached, a row a replica; inf: it did not.

    `domains` and `landings`: the hour at which each domain was held, and each machine or
    segment of the way in; `cut`: at which whoever attacks was cut off.
    """

    domains: NDArray[np.float64]
    landings: NDArray[np.float64]
    cut: NDArray[np.float64]


class Replicas(NamedTuple):
    """A row a replica; rows of other ranges may be put below."""

    detonated: NDArray[np.float64]
    """The hour of the detonation, counted from the way in; inf: none."""
    by_worm: NDArray[np.float64]
    """1 where what encrypts is a worm: then nobody takes steps of an attack by hand."""
    cut: NDArray[np.float64]
    """The hour at which the attacker was cut off before any detonation; inf: never."""
    servers: NDArray[np.float64]
    machines: NDArray[np.float64]
    """Lost servers; lost machines, servers among them."""
    all_back: NDArray[np.float64]
    """Hours from the detonation until every lost server is back."""
    hours: NDArray[np.float64]
    """Replica, service, mode: hours."""
    patients: NDArray[np.float64]
    """Replica, service, as the next four: patients not treated when they were due."""
    late: NDArray[np.float64]
    """Patients who waited more than a day (care_lost.CareLost)."""
    waited: NDArray[np.float64]
    """Patient-hours of waiting."""
    elsewhere: NDArray[np.float64]
    """Patients who were due while the service was diverted or closed."""
    full_again: NDArray[np.float64]
    """Hours from the detonation until the service works in full for good."""
    back: NDArray[np.float64]
    """Replica, day after the detonation: share of the lost servers that are back."""
    links: NDArray[np.float64]
    """Replica, link to a neighbour: hours until what it needs of this house works again."""
    taken: NDArray[np.float64]
    """Replica, target of the attack graph: the hour at which it was taken; inf: it stands."""
    point: NDArray[np.float64]
    """The row of the table of points from which its numbers are."""


@compiled
def _drawn(key: np.uint64, what: int, median: float, spread: float) -> float:
    chance = uniform(key, np.uint64(1), np.uint64(what), what)
    return median * math.exp(spread * normal(chance))


@compiled
def strike_all(
    care: tuple[Needs, Care, Jobs],
    scope: Scope,
    worms: Worm,
    reached: Reached,
    study: tuple[Numbers, NDArray[np.float64], int, int],
    made: Replicas,
) -> None:
    """Fill a row of `made` for each row of `reached`.

    `study`: the numbers, a table of equally likely points of which each replica draws one, the
    seed and the number of the first row.
    """
    needs, _, jobs = care
    numbers, points, seed, start = study
    rooms = (np.zeros(len(needs.needed)), np.zeros(len(needs.needed)))
    lost = np.zeros(len(jobs.hours))
    for row in range(len(reached.cut)):
        key = replica_key(seed, start + row)
        chance = uniform(key, np.uint64(1), np.uint64(_POINT), _POINT)
        place = int(chance * len(points))
        made.point[row] = place
        point = _point(points[place])
        if uniform(key, np.uint64(1), np.uint64(_WORM), _WORM) < numbers.worm:
            domain = _ALL
            struck = _let_loose(key, (scope, worms), reached, point, (row, lost, made))
        else:
            domain, hour = _detonation(key, reached, row, numbers)
            struck = domain >= 0
            if struck:
                made.detonated[row] = hour
                made.machines[row] = _strike(key, scope, domain, point, lost)
        if struck:
            now = (numbers, point, key, domain)
            _go_without(care, scope, now, (*rooms, lost), row, made)


@compiled
def _point(row: NDArray[np.float64]) -> Point:
    return Point(row[0], row[1], row[2], row[3], row[4], row[5], row[6], row[7], row[8])


@compiled
def _let_loose(
    key: np.uint64,
    house: tuple[Scope, Worm],
    reached: Reached,
    point: Point,
    row_of: tuple[int, NDArray[np.float64], Replicas],
) -> bool:
    """Let a worm spread from where it lands; return whether it lands, and fill `lost`.

    `row_of`: the row, `lost` as restore_hours.restore reads it, and what the row stands in.
    """
    (scope, worms), (row, lost, made) = house, row_of
    made.by_worm[row] = 1.0
    made.taken[row] = np.inf
    landing, hour = -1, np.inf
    for place in range(reached.landings.shape[1]):
        if reached.landings[row, place] < hour:
            landing, hour = place, reached.landings[row, place]
    if landing < 0 or hour >= reached.cut[row]:
        return False
    made.detonated[row] = hour
    until = _drawn(key, _CUT, point.cut_median, point.cut_spread)
    made.machines[row] = let_loose(worms, key, landing, until)
    for place in range(made.taken.shape[1]):
        if reaches(worms, place):
            made.taken[row, place] = hour
    factor = _without_copies(key, point)
    for job in range(len(lost)):
        group = worms.jobs[job]
        lost[job] = 0.0
        if group >= 0 and worms.now.infected[group] > 0:
            lost[job] = factor if scope.copied[job] == 1 else 1.0
    return True


@compiled
def _go_without(
    care: tuple[Needs, Care, Jobs],
    scope: Scope,
    struck: tuple[Numbers, Point, np.uint64, int],
    rooms: tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]],
    row: int,
    made: Replicas,
) -> None:
    """Restore what is lost, and tell what care is lost till then.

    `struck`: with the domain that fell, or _ALL. `rooms`: hours until each node's own part
    works, until it works, and `lost`.
    """
    needs, services, jobs = care
    numbers, point, key, domain = struck
    own, again, lost = rooms
    made.servers[row] = (lost > 0).sum()
    hold = _drawn(key, _HOLD, point.hold_median, point.hold_spread)
    own[:] = 0.0
    _keep_off(jobs, scope, domain, hold, own)
    _at_pace(key, point, lost)
    made.all_back[row] = restore(jobs, lost, numbers.crews, hold / 2, own)
    _curve(jobs, lost, own, made.back[row])
    work_again(needs, own, again)
    week = uniform(key, np.uint64(1), np.uint64(_WEEK), _WEEK) * _WEEK_HOURS
    _tell(made, row, lost_care(services, again, week, numbers.horizon))
    for link in range(len(scope.links)):
        made.links[row, link] = min(again[scope.links[link]], numbers.horizon)


@compiled
def _tell(made: Replicas, row: int, result: CareLost) -> None:
    made.hours[row] = result.hours
    made.patients[row] = result.patients
    made.late[row] = result.late
    made.waited[row] = result.waited
    made.elsewhere[row] = result.elsewhere
    made.full_again[row] = result.full_again


@compiled
def _detonation(
    key: np.uint64, reached: Reached, row: int, numbers: Numbers
) -> tuple[int, float]:
    """Return the first domain that is held and the hour of its encryption; -1 for none.

    Whoever is cut off while data are carried out encrypts nothing.
    """
    domain, hour = -1, np.inf
    for column in range(reached.domains.shape[1]):
        if reached.domains[row, column] < hour:
            domain, hour = column, reached.domains[row, column]
    hour += _drawn(key, _STAGING, numbers.staging_median, numbers.staging_spread)
    return (domain, hour) if hour < reached.cut[row] else (-1, np.inf)


@compiled
def _strike(
    key: np.uint64,
    scope: Scope,
    domain: int,
    point: Point,
    lost: NDArray[np.float64],
) -> float:
    """Encrypt until the cut; fill `lost` as restore_hours.restore reads it; return machines.

    Each machine of the domain stands at a place of the list that is drawn evenly, so how many
    of the alike ones fall is a binomial number.
    """
    until = _drawn(key, _CUT, point.cut_median, point.cut_spread)
    reached = min(1.0, until * point.push / scope.machines[domain])
    _lose(key, scope, domain, reached, _without_copies(key, point), lost)
    servers = (scope.domain == domain).sum()
    others = int(max(scope.machines[domain] - servers + 0.5, 0.0))
    chance = uniform(key, np.uint64(1), np.uint64(_MACHINES), _MACHINES)
    return float((lost > 0).sum() + binomial(others, reached, chance))


@compiled
def _without_copies(key: np.uint64, point: Point) -> float:
    """Return by what the hours are multiplied of a server whose copies are within reach."""
    chance = uniform(key, np.uint64(1), np.uint64(_COPIES), _COPIES)
    return point.without_copy if chance < point.copies_reached else 1.0


@compiled
def _lose(
    key: np.uint64,
    scope: Scope,
    domain: int,
    reached: float,
    factor: float,
    lost: NDArray[np.float64],
) -> None:
    """Put into `lost` by what each job's hours are multiplied, 0 for what stands."""
    for job in range(len(lost)):
        lost[job] = 0.0
        if scope.domain[job] != domain:
            continue
        if uniform(key, scope.words[job], np.uint64(0), _PLACE) < reached:
            lost[job] = factor if scope.copied[job] == 1 else 1.0


@compiled
def _at_pace(key: np.uint64, point: Point, lost: NDArray[np.float64]) -> None:
    """Multiply all hours of work by what sets one house apart from another."""
    pace = _drawn(key, _PACE, point.pace_median, point.pace_spread)
    for job in range(len(lost)):
        lost[job] *= pace


@compiled
def _keep_off(
    jobs: Jobs, scope: Scope, domain: int, hold: float, own: NDArray[np.float64]
) -> None:
    """Keep every server of the domain, or every one, off until it is known to be clean."""
    for job in range(len(jobs.nodes)):
        if domain == _ALL or scope.domain[job] == domain:
            own[jobs.nodes[job]] = hold


@compiled
def _curve(
    jobs: Jobs, lost: NDArray[np.float64], own: NDArray[np.float64], back: NDArray[np.float64]
) -> None:
    total = max((lost > 0).sum(), 1)
    for day in range(len(back)):
        done = 0
        for job in range(len(lost)):
            if lost[job] > 0 and own[jobs.nodes[job]] <= (day + 1) * 24.0:
                done += 1
        back[day] = done / total if (lost > 0).any() else 1.0
