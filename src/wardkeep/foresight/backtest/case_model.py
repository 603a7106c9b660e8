"""An incident as the forecast's own engines see it, given that it happened.

Each step of the attacker succeeds at once and nobody notices: what is drawn is what comes after
the detonation, a push in all of them: no report tells how a worm went from machine to machine.
The numbers are those of the forecast (parameters.Assumptions); what was reported of the
incident takes their place, and what nobody reported is drawn from its prior.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import NamedTuple

import msgspec
import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.attack_model import word_of
from wardkeep.foresight.backtest.coarse_house import ENTRY, SERVERS, coarse_house, theatre
from wardkeep.foresight.backtest.incident import (
    MACHINES_A_SERVER,
    OUTPUTS,
    Incident,
    Known,
    Output,
)
from wardkeep.foresight.engines.chance import CONSTANT, normal, replica_key, uniform
from wardkeep.foresight.engines.whole_attack import Replicas
from wardkeep.foresight.parameters import ASSUMED, Assumptions
from wardkeep.foresight.points import ALONE, Points, known
from wardkeep.foresight.replicas import Study, assuming, run, study
from wardkeep.foresight.summary import costs
from wardkeep.hospital.map.care import Mode
from wardkeep.hospital.map.whole import HospitalMap

PEOPLE_A_CREW = 3.0
"""Two of the house and one from outside: as euros_a_crew_hour counts them."""
ALIKE = 4
"""Replicas that share what is drawn of the house."""
_STEPS = 1.1673039782614187
"""Root of x^5 = x + 1: steps of its powers spread points evenly in four dimensions."""
_WEEK, _DAY = 168.0, 24.0
_HORIZON = _DAY * 730
"""Longer than the longest outcome (18 months)."""
_LEAST_DAYS, _LEAST_SHARE = 0.02, 0.5 / SERVERS
"""Half an hour, half a server: what is less is no different, and has a logarithm."""
_SEEDS = 2**31
_NOTHING_ENCRYPTED = 0.5
"""Where no report tells of encryption, prior probability that there was none."""
_IN_WEEK_1: Output = "share of activity lost in week 1"
_IN_CARE = ("service:stays", "service:visits")


class Case(NamedTuple):
    """An incident, its coarse map, and the arrays of it."""

    incident: Incident
    whole: HospitalMap
    study: Study


def case(incident: Incident, around: Points = ALONE) -> Case:
    """Return the model of an incident; `around`: how unsure what is not reported is."""
    whole = coarse_house(incident.sites)
    if incident.cut is not None:
        around = known(around, "cut_median", "cut_spread")
    given = study(whole, ASSUMED, ENTRY, around)
    graph = given.attack.graph
    sure = graph.laws.copy()
    sure[:] = (CONSTANT, 0.0, 0.0, 1.0)
    graph = graph._replace(laws=sure, alarm=np.zeros_like(graph.alarm))
    return Case(incident, whole, given._replace(attack=given.attack._replace(graph=graph)))


def outcomes(
    given: Case, assumed: Assumptions, seed: int, replicas: range
) -> NDArray[np.float64]:
    """Return a row a replica, a column each of OUTPUTS; no number is 0.

    Activity is NaN where the incident does not report it.
    """
    rows = []
    for group in range(replicas.start // ALIKE, -(-replicas.stop // ALIKE)):
        start, stop = group * ALIKE, (group + 1) * ALIKE
        part = range(max(start, replicas.start), min(stop, replicas.stop))
        rows.append(_outcomes(given, assumed, _Size(given.incident, seed, group), part))
    return np.vstack(rows)


def _outcomes(
    given: Case, assumed: Assumptions, size: _Size, replicas: range
) -> NDArray[np.float64]:
    """Return the rows of replicas that differ in nothing but what happens after detonation."""
    as_here = _as_reported(given.incident, assumed, size)
    dressed = assuming(_of_size(given.study, size), as_here)
    columns = _scored(given, (dressed, run(dressed, size.seed, replicas)), size)
    if any(each.output == _IN_WEEK_1 for each in given.incident.seen):
        first = dressed._replace(numbers=dressed.numbers._replace(horizon=_WEEK))
        columns[_IN_WEEK_1] = _activity(given, run(first, size.seed, replicas))
    return np.column_stack(
        [columns.get(each, np.full(len(replicas), np.nan)) for each in OUTPUTS]
    )


class _Size:
    """What is drawn of a house for a group of replicas, or was reported.

    Groups are spread evenly over each prior (Roberts: The unreasonable effectiveness of
    quasirandom sequences, 2018), from a beginning that is hashed from seed and incident.
    """

    def __init__(self, incident: Incident, seed: int, group: int) -> None:
        self.seed = seed + word_of(incident.id) % _SEEDS
        self._group = group
        self._key = np.uint64(replica_key(seed, 0))
        self._word = np.uint64(word_of(incident.id))
        self.servers = self.drawn(incident.servers, 0)
        machines = incident.machines
        ratio = max(self.drawn(MACHINES_A_SERVER, 1), 1.0)
        self.machines = ratio * self.servers if machines is None else machines.value
        self.cut = None if incident.cut is None else self.drawn(incident.cut, 2)
        self.people = None if incident.people is None else self.drawn(incident.people, 3)
        if not incident.encrypted and self.chance(3) < _NOTHING_ENCRYPTED:
            self.cut = 0.0

    def drawn(self, known: Known, what: int) -> float:
        return known.value * math.exp(known.spread * normal(self.chance(what)))

    def chance(self, what: int) -> float:
        begin = uniform(self._key, self._word, np.uint64(7), what)
        return (begin + self._group / _STEPS ** (what + 1)) % 1.0 or begin


def _as_reported(incident: Incident, assumed: Assumptions, size: _Size) -> Assumptions:
    """Return the numbers with what was reported in their place."""
    # What is foretold of an incident that happened is what people took who pushed.
    said: dict[str, float] = {"horizon_hours": _HORIZON, "worm": 0.0}
    if size.cut is not None:
        said |= {"cut_median": size.cut, "cut_spread": 0.0}
    if size.people is not None:
        crews = size.people / PEOPLE_A_CREW * SERVERS / size.servers
        said["crews"] = max(round(crews), 1)
    if incident.day_and_night:
        said["crew_hours_a_day"] = _DAY
    if incident.copies == "not needed":
        said["backups_reached"] = 0.0
    return msgspec.structs.replace(assumed, **said)


def _of_size(given: Study, size: _Size) -> Study:
    """Return a study in which the push has the machines of the house before it."""
    machines = np.full_like(given.scope.machines, size.machines)
    return given._replace(scope=given.scope._replace(machines=machines))


def _scored(
    given: Case, drawn: tuple[Study, Replicas], size: _Size
) -> dict[Output, NDArray[np.float64]]:
    dressed, made = drawn
    place = {name: number for number, name in enumerate(given.study.care.services)}
    closed = made.hours[:, :, Mode.CLOSED.depth] / _DAY
    theatres = [closed[:, place[theatre(site)]] for site in range(given.incident.sites)]
    spent = costs(given.whole, dressed, made)
    euros = spent["restoring"] + spent["outside help"]
    days: Mapping[Output, NDArray[np.float64]] = {
        "day of the first theatre": np.min(theatres, axis=0),
        "day the records are back": closed[:, place["service:records"]],
        "day four in five applications are back": closed[:, place["service:most"]],
        "day everything is back": made.all_back / _DAY,
    }
    return {
        "share of servers lost": np.maximum(made.servers / SERVERS, _LEAST_SHARE),
        **{name: np.maximum(each, _LEAST_DAYS) for name, each in days.items()},
        "cost in euros": euros * size.servers / SERVERS,
    }


def _activity(given: Case, made: Replicas) -> NDArray[np.float64]:
    """Return the share of the patients of week 1 who are not treated."""
    names = given.study.care.services
    care = [theatre(site) for site in range(given.incident.sites)]
    rows = [names.index(each) for each in (*_IN_CARE, *care)]
    usual = given.study.care.care.volume[rows].sum()
    lost = made.patients[:, rows].sum(axis=1)
    share: NDArray[np.float64] = np.maximum(lost / usual, _LEAST_SHARE)
    return share
