"""Whole attacks, one after another: way in, spread, detonation, loss, restore, patients.

A replica is a function of the model, a seed and its number: any range of them can be computed
anywhere and put below another.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.alike import Lumped, ToldApart, lumped
from wardkeep.foresight.attack_model import AttackModel, attack_models, word_of
from wardkeep.foresight.care_model import CareModel, care_model
from wardkeep.foresight.engines.attack_path import Attacks, attacks
from wardkeep.foresight.engines.care_lost import MODES
from wardkeep.foresight.engines.restore_hours import Jobs
from wardkeep.foresight.engines.whole_attack import (
    Numbers,
    Point,
    Reached,
    Replicas,
    Scope,
    strike_all,
)
from wardkeep.foresight.neighbours import depended_on
from wardkeep.foresight.parameters import Assumptions
from wardkeep.foresight.points import ALONE, Points, at_points
from wardkeep.foresight.restore_order import restore_jobs
from wardkeep.foresight.worm_model import WormModel, worm_model
from wardkeep.foresight.worm_model import worm as worm_of
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import BackupCopy, Server, Workstations
from wardkeep.hospital.map.whole import HospitalMap


class Study(NamedTuple):
    """All arrays of one map and one way in, and the links whose fate each replica tells."""

    attack: AttackModel
    care: CareModel
    jobs: Jobs
    scope: Scope
    numbers: Numbers
    points: NDArray[np.float64]
    """A row a point, a column a field of whole_attack.Point."""
    links: tuple[str, ...]
    """The exchanges on which a neighbour depends: the columns of `Replicas.links`."""
    work: NDArray[np.float64]
    """Hours of one crew on each job, as map and plan say them; `jobs` holds hours that pass."""
    alike: Lumped
    worm: WormModel
    servers: tuple[Server, ...]
    """The server of each job."""
    assumed: Assumptions
    around: Points
    """How unsure what is assumed is: each replica draws one of them."""


def study(
    whole: HospitalMap, assumed: Assumptions, entry: str, around: Points = ALONE
) -> Study:
    """Return the arrays of a map for one way in; raises UnsoundModelError."""
    return studies(whole, assumed, (entry,), around=around)[0]


def studies(
    whole: HospitalMap,
    assumed: Assumptions,
    ways: Sequence[str],
    apart: ToldApart | None = None,
    around: Points = ALONE,
) -> tuple[Study, ...]:
    """Return the arrays of a map for several ways in, which share most of them.

    Alike machines are one (alike.lumped; `apart` keeps some of them apart). `around`: how
    unsure what is assumed is. Raises UnsoundModelError.
    """
    alike = lumped(whole, apart)
    models, care = attack_models(alike.whole, assumed, ways), care_model(alike.whole)
    jobs, servers = restore_jobs(alike.whole, care.nodes, assumed.crews)
    links = depended_on(alike.whole)
    nodes = np.array([care.nodes[each] for each in links], np.int32)
    scope = _scope(alike.whole, servers, list(models[0].domains), nodes)
    worm = worm_model(alike.whole)
    numbers, points = _numbers(assumed), _points(assumed, around, scope)
    rest = (care, jobs, scope, numbers, points, links, jobs.hours, alike, worm)
    given = (Study(each, *rest, tuple(servers), assumed, around) for each in models)
    return tuple(assuming(each, assumed) for each in given)


PUSHED_AT = 3_000
"""Machines of a domain in which the push goes as fast as parameters say."""


def assuming(given: Study, assumed: Assumptions) -> Study:
    """Return the study with other numbers for all that comes after the detonation."""
    slower = assumed.restore_hours_factor * 24 / assumed.crew_hours_a_day
    jobs = given.jobs._replace(hours=given.work * slower)
    points = _points(assumed, given.around, given.scope)
    return given._replace(jobs=jobs, numbers=_numbers(assumed), points=points, assumed=assumed)


def same_graph(one: Assumptions, other: Assumptions) -> bool:
    """Return whether `assuming` is all that two numbers differ by: no alarm is likelier."""
    return (one.alarm_watched, one.alarm_unwatched, one.alarm_second_factor) == (
        other.alarm_watched,
        other.alarm_unwatched,
        other.alarm_second_factor,
    )


DAYS = 120


def run(given: Study, seed: int, replicas: range) -> Replicas:
    """Return the replicas of a range (of step 1)."""
    drawn = attacks(given.attack.graph, seed, replicas)
    made = _room(given, len(replicas), drawn)
    model = given.attack
    named = (*(f"domain|{each}" for each in model.domains), *model.watched)
    strike_all(
        (given.care.needs, given.care.care, given.jobs),
        given.scope,
        worm_of(given.worm, given.assumed, (model.landings, named), given.servers),
        Reached(
            np.ascontiguousarray(drawn.hours[:, : len(model.domains)]),
            np.ascontiguousarray(drawn.hours[:, len(named) :]),
            drawn.cut,
        ),
        (given.numbers, given.points, seed, replicas.start),
        made,
    )
    return made


def _room(given: Study, count: int, drawn: Attacks) -> Replicas:
    services = len(given.care.services)
    return Replicas(
        detonated=np.full(count, np.inf),
        by_worm=np.zeros(count),
        cut=drawn.cut,
        servers=np.zeros(count),
        machines=np.zeros(count),
        all_back=np.zeros(count),
        hours=np.zeros((count, services, MODES)),
        patients=np.zeros((count, services)),
        late=np.zeros((count, services)),
        waited=np.zeros((count, services)),
        elsewhere=np.zeros((count, services)),
        full_again=np.zeros((count, services)),
        back=np.ones((count, DAYS)),
        links=np.zeros((count, len(given.links))),
        taken=drawn.hours[:, : len(given.attack.domains) + len(given.attack.watched)].copy(),
        point=np.zeros(count),
    )


def put_together(made: Sequence[Replicas]) -> Replicas:
    """Return ranges of replicas as one, in the order given."""
    return Replicas(*(np.concatenate(rows) for rows in zip(*made, strict=True)))


def _numbers(assumed: Assumptions) -> Numbers:
    return Numbers(
        staging_median=assumed.staging_median,
        staging_spread=assumed.staging_spread,
        worm=assumed.worm,
        crews=assumed.crews,
        horizon=assumed.horizon_hours,
    )


def _points(assumed: Assumptions, around: Points, scope: Scope) -> NDArray[np.float64]:
    """Return the table of points; the hours of the jobs are those in the middle."""

    def at(name: str) -> NDArray[np.float64]:
        return at_points(assumed, around, name)

    size = max(scope.machines.max() / PUSHED_AT, 1 / PUSHED_AT)
    columns = {
        "cut_median": at("cut_median"),
        "cut_spread": at("cut_spread"),
        "hold_median": at("hold_median"),
        "hold_spread": at("hold_spread"),
        "pace_median": at("restore_hours_factor") / assumed.restore_hours_factor,
        "pace_spread": at("restore_hours_spread"),
        "push": at("push_machines_an_hour") * size ** at("push_grows"),
        "copies_reached": at("backups_reached"),
        "without_copy": at("without_copy_factor"),
    }
    return np.ascontiguousarray(np.column_stack([columns[each] for each in Point._fields]))


def _scope(
    whole: HospitalMap, servers: list[Server], domains: list[str], links: NDArray[np.int32]
) -> Scope:
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
        links,
    )


def _copied(copies: Mapping[str, set[int]], server: Server, domain: int) -> int:
    """Return 1 where every copy that a server has falls with its domain, or it has none."""
    held = copies.get(reference_to(server), set())
    return int(all(each == domain and each >= 0 for each in held))
