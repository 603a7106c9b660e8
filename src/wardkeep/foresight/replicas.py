"""Whole attacks, one after another: way in, spread, detonation, loss, restore, patients.

A replica is a function of the model, a seed and its number: any range of them can be computed
anywhere and put below another.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.attack_model import AttackModel, attack_model, word_of
from wardkeep.foresight.care_model import CareModel, care_model
from wardkeep.foresight.engines.attack_path import Attacks, attacks
from wardkeep.foresight.engines.care_lost import MODES, Care, lost_care
from wardkeep.foresight.engines.chance import normal, replica_key, uniform
from wardkeep.foresight.engines.compiled import compiled
from wardkeep.foresight.engines.restore_hours import Jobs, restore
from wardkeep.foresight.engines.returning import Needs, work_again
from wardkeep.foresight.parameters import Assumptions
from wardkeep.foresight.restore_order import restore_jobs
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import BackupCopy, Server, Workstations
from wardkeep.hospital.map.whole import HospitalMap

_STAGING, _CUT, _HOLD, _COPIES, _PLACE, _WEEK = range(6)
_WEEK_HOURS = 168


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


class Study(NamedTuple):
    """All arrays of one map and one way in."""

    attack: AttackModel
    care: CareModel
    jobs: Jobs
    scope: Scope
    numbers: NDArray[np.float64]


class Replicas(NamedTuple):
    """A row a replica; rows of other ranges may be put below."""

    detonated: NDArray[np.float64]
    """The hour of the detonation, counted from the way in; inf: none."""
    servers: NDArray[np.float64]
    machines: NDArray[np.float64]
    """Lost servers; lost machines, servers among them."""
    all_back: NDArray[np.float64]
    """Hours from the detonation until every lost server is back."""
    hours: NDArray[np.float64]
    """Replica, service, mode: hours."""
    patients: NDArray[np.float64]
    """Replica, service: patients not treated."""
    back: NDArray[np.float64]
    """Replica, day after the detonation: share of the lost servers that are back."""


def study(whole: HospitalMap, assumed: Assumptions, entry: str) -> Study:
    """Return the arrays of a map for one way in; raises UnsoundModelError."""
    attack, care = attack_model(whole, assumed, entry), care_model(whole)
    jobs, servers = restore_jobs(whole, care.nodes, assumed.crews)
    slower = 24 / assumed.crew_hours_a_day
    jobs = jobs._replace(hours=jobs.hours * slower)
    scope = _scope(whole, servers, list(attack.domains))
    return Study(attack, care, jobs, scope, _numbers(assumed))


DAYS = 120


def run(given: Study, seed: int, replicas: range) -> Replicas:
    """Return the replicas of a range (of step 1)."""
    attack = attacks(given.attack.graph, seed, replicas)
    count, services = len(replicas), len(given.care.services)
    made = Replicas(
        np.full(count, np.inf),
        np.zeros(count),
        np.zeros(count),
        np.zeros(count),
        np.zeros((count, services, MODES)),
        np.zeros((count, services)),
        np.ones((count, DAYS)),
    )
    _run(
        (given.care.needs, given.care.care, given.jobs),
        given.scope,
        attack,
        given.numbers,
        (seed, replicas.start),
        made,
    )
    return made


def put_together(made: Sequence[Replicas]) -> Replicas:
    """Return ranges of replicas as one, in the order given."""
    return Replicas(*(np.concatenate(rows) for rows in zip(*made, strict=True)))


# Places in the row of numbers.
(
    _STAGING_MEDIAN,
    _STAGING_SPREAD,
    _CUT_MEDIAN,
    _CUT_SPREAD,
    _HOLD_MEDIAN,
    _HOLD_SPREAD,
    _PUSH,
    _COPIES_REACHED,
    _WITHOUT_COPY,
    _CREWS,
    _HORIZON,
) = range(11)


def _numbers(assumed: Assumptions) -> NDArray[np.float64]:
    return np.array(
        [
            assumed.staging_median,
            assumed.staging_spread,
            assumed.cut_median,
            assumed.cut_spread,
            assumed.hold_median,
            assumed.hold_spread,
            assumed.push_machines_an_hour,
            assumed.backups_reached,
            assumed.without_copy_factor,
            assumed.crews,
            assumed.horizon_hours,
        ]
    )


def _scope(whole: HospitalMap, servers: list[Server], domains: list[str]) -> Scope:
    place = {name: number for number, name in enumerate(domains)}
    copies: dict[str, set[int]] = {}
    for copy in whole.of(BackupCopy):
        safe = copy.offline is True or copy.immutable is True
        for of in copy.of:
            reference = of if ":" in of else f"server:{of}"
            copies.setdefault(reference, set()).add(-1 if safe else place.get(copy.domain, -1))
    machines = np.zeros(max(len(domains), 1))
    for group in whole.of(Workstations):
        if group.domain in place:
            machines[place[group.domain]] += group.count
    own = [place.get(each.domain, -1) for each in servers]
    for number in own:
        if number >= 0:
            machines[number] += 1
    return Scope(
        np.array([word_of(reference_to(each)) for each in servers], np.uint64),
        np.array(own, np.int32),
        np.array(
            [_copied(copies, each, mine) for each, mine in zip(servers, own, strict=True)]
        ),
        machines,
    )


def _copied(copies: Mapping[str, set[int]], server: Server, domain: int) -> int:
    """Return 1 where every copy that a server has falls with its domain, or it has none."""
    held = copies.get(reference_to(server), set())
    return int(all(each == domain and each >= 0 for each in held))


@compiled
def _drawn(key: np.uint64, what: int, median: float, spread: float) -> float:
    chance = uniform(key, np.uint64(1), np.uint64(what), what)
    return median * math.exp(spread * normal(chance))


@compiled
def _run(
    care: tuple[Needs, Care, Jobs],
    scope: Scope,
    attack: Attacks,
    numbers: NDArray[np.float64],
    place: tuple[int, int],
    made: Replicas,
) -> None:
    needs, services, jobs = care
    seed, start = place
    own = np.zeros(len(needs.needed))
    again = np.zeros(len(needs.needed))
    lost = np.zeros(len(jobs.hours))
    for row in range(len(attack.cut)):
        key = replica_key(seed, start + row)
        domain, hour = _detonation(key, attack, row, numbers)
        if domain < 0:
            continue
        made.detonated[row] = hour
        made.machines[row] = _strike(key, scope, domain, numbers, lost)
        made.servers[row] = (lost > 0).sum()
        hold = _drawn(key, _HOLD, numbers[_HOLD_MEDIAN], numbers[_HOLD_SPREAD])
        own[:] = 0.0
        _keep_off(jobs, scope, domain, hold, own)
        made.all_back[row] = restore(jobs, lost, int(numbers[_CREWS]), hold / 2, own)
        _curve(jobs, lost, own, made.back[row])
        work_again(needs, own, again)
        week = uniform(key, np.uint64(1), np.uint64(_WEEK), _WEEK) * _WEEK_HOURS
        result = lost_care(services, again, week, numbers[_HORIZON])
        made.hours[row] = result.hours
        made.patients[row] = result.patients


@compiled
def _detonation(
    key: np.uint64, attack: Attacks, row: int, numbers: NDArray[np.float64]
) -> tuple[int, float]:
    """Return the first domain that is held and the hour of its encryption; -1 for none.

    Whoever is cut off while data are carried out encrypts nothing.
    """
    domain, hour = -1, np.inf
    for column in range(attack.hours.shape[1]):
        if attack.hours[row, column] < hour:
            domain, hour = column, attack.hours[row, column]
    hour += _drawn(key, _STAGING, numbers[_STAGING_MEDIAN], numbers[_STAGING_SPREAD])
    return (domain, hour) if hour < attack.cut[row] else (-1, np.inf)


@compiled
def _strike(
    key: np.uint64,
    scope: Scope,
    domain: int,
    numbers: NDArray[np.float64],
    lost: NDArray[np.float64],
) -> float:
    """Encrypt until the cut; fill `lost` as restore_hours.restore reads it; return machines."""
    until = _drawn(key, _CUT, numbers[_CUT_MEDIAN], numbers[_CUT_SPREAD])
    reached = min(1.0, until * numbers[_PUSH] / scope.machines[domain])
    chance = uniform(key, np.uint64(1), np.uint64(_COPIES), _COPIES)
    copies_fall = chance < numbers[_COPIES_REACHED]
    _lose(key, scope, domain, reached, (copies_fall, numbers[_WITHOUT_COPY]), lost)
    return float(reached * scope.machines[domain])


@compiled
def _lose(
    key: np.uint64,
    scope: Scope,
    domain: int,
    reached: float,
    copies: tuple[bool, float],
    lost: NDArray[np.float64],
) -> None:
    """Put into `lost` by what each job's hours are multiplied, 0 for what stands."""
    fall, factor = copies
    for job in range(len(lost)):
        lost[job] = 0.0
        if scope.domain[job] != domain:
            continue
        if uniform(key, scope.words[job], np.uint64(0), _PLACE) < reached:
            lost[job] = factor if fall and scope.copied[job] == 1 else 1.0


@compiled
def _keep_off(
    jobs: Jobs, scope: Scope, domain: int, hold: float, own: NDArray[np.float64]
) -> None:
    """Keep every server of the domain off until it is known to be clean."""
    for job in range(len(jobs.nodes)):
        if scope.domain[job] == domain:
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
