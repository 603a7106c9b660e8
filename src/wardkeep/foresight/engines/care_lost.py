"""How long each service works in which mode, and how many patients it does not treat.

At each hour a service is in the worst mode of the needs that are not met; where a fallback that
can be used is no worse, in that of the best one: of the same mode, it says with which share.
Between two hours at which something comes back or wears off nothing changes, so the sums are
exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.compiled import compiled

WEEK = 168
DAY = 24.0
MODES = 5
DIVERTED = 3
"""Full, degraded, paper, diverted, closed: as hospital.map.care.Mode, by depth."""
# Columns of `Care.fallbacks`.
MODE, STARTS_AFTER, SHARE, HOLDS, SHARE_AFTER = range(5)


class Care(NamedTuple):
    """All services; the needs of service s stand at need_offsets[s] to need_offsets[s + 1].

    `need_nodes`, `fallback_nodes`: whose hours of working_again tell when they are met;
    `without`: the mode of each unmet need. `fallbacks`: a row each, best first within a
    service: mode, hours until it starts, share of the usual patients, hours that it holds, and
    the share after. `volume`: patients an hour by hour of the week, a row a service; `summed`
    is made of it by `summed_up`. `mode_shares`: share of the usual patients in each mode where
    no fallback says it.
    """

    need_offsets: NDArray[np.int64]
    need_nodes: NDArray[np.int32]
    without: NDArray[np.int32]
    fallback_offsets: NDArray[np.int64]
    fallback_nodes: NDArray[np.int32]
    fallbacks: NDArray[np.float64]
    volume: NDArray[np.float64]
    summed: NDArray[np.float64]
    mode_shares: NDArray[np.float64]


class CareLost(NamedTuple):
    """A row a service, within the horizon.

    `hours` in each mode; `patients` not treated when they were due; `late`: those of them who
    were due more than a day before the service worked in full again, and all of `elsewhere`,
    who were due while it was diverted or closed, and so had to go to another house or without;
    `waited`: patient-hours from when each was due until it works in full again; `full_again`:
    the hour from which it does for good, at most the horizon. Who is made up for later or
    elsewhere counts as not treated when due all the same, and what piled up is thought to be
    worked off at once: `late` and `waited` are the least that it can be for whoever waits for
    this house.
    """

    hours: NDArray[np.float64]
    patients: NDArray[np.float64]
    late: NDArray[np.float64]
    waited: NDArray[np.float64]
    elsewhere: NDArray[np.float64]
    full_again: NDArray[np.float64]


def summed_up(volume: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return, by service and hour of the week, sums of all hours before.

    Shape (services, 169, 2): patients, and patients by the hour at which they are due.
    """
    hours = np.arange(WEEK) + 0.5
    sums = np.zeros((len(volume), WEEK + 1, 2))
    sums[:, 1:, 0] = np.cumsum(volume, axis=1)
    sums[:, 1:, 1] = np.cumsum(volume * hours, axis=1)
    return sums


@compiled
def lost_care(care: Care, again: NDArray[np.float64], start: float, horizon: float) -> CareLost:
    """Return what is lost from hour 0 to `horizon`.

    `again`: when each node works again (returning.work_again); `start`: the hour of the week,
    0 at Monday 00:00, at which it all began.
    """
    services = len(care.need_offsets) - 1
    hours = np.zeros((services, MODES), np.float64)
    lost = np.zeros((5, services), np.float64)
    for service in range(services):
        edges = _edges(care, again, service, horizon)
        full = _hours_by_mode(care, again, service, edges, hours[service])
        lost[4, service] = full
        for number in range(len(edges) - 1):
            begin, end = edges[number], min(edges[number + 1], full)
            if end > begin:
                mode, share = mode_at(care, again, service, begin)
                volume, sums = care.volume[service], care.summed[service]
                due, waited = _due(volume, sums, (start + begin, start + end), start + full)
                until = start + (end if mode >= DIVERTED else min(max(begin, full - DAY), end))
                late = _due(volume, sums, (start + begin, until), until)[0]
                lost[0, service] += (1.0 - share) * due
                lost[1, service] += (1.0 - share) * late
                lost[2, service] += (1.0 - share) * waited
                if mode >= DIVERTED:
                    lost[3, service] += (1.0 - share) * due
    return CareLost(hours, lost[0], lost[1], lost[2], lost[3], lost[4])


@compiled
def _hours_by_mode(
    care: Care,
    again: NDArray[np.float64],
    service: int,
    edges: NDArray[np.float64],
    hours: NDArray[np.float64],
) -> float:
    """Add up the hours in each mode; return that from which it works in full for good."""
    full = 0.0
    for number in range(len(edges) - 1):
        begin, end = edges[number], edges[number + 1]
        if end > begin:
            mode = mode_at(care, again, service, begin)[0]
            hours[mode] += end - begin
            if mode > 0:
                full = end
    return full


@compiled
def mode_at(
    care: Care, again: NDArray[np.float64], service: int, hour: float
) -> tuple[int, float]:
    """Return a service's mode from an hour on, and the share of patients that it treats."""
    worst = 0
    for need in range(care.need_offsets[service], care.need_offsets[service + 1]):
        if again[care.need_nodes[need]] > hour:
            worst = max(worst, care.without[need])
    if worst == 0:
        return 0, 1.0
    for fallback in range(care.fallback_offsets[service], care.fallback_offsets[service + 1]):
        row = care.fallbacks[fallback]
        begins = max(again[care.fallback_nodes[fallback]], row[STARTS_AFTER])
        if row[MODE] <= worst and begins <= hour:
            worn = hour >= begins + row[HOLDS]
            return int(row[MODE]), float(row[SHARE_AFTER] if worn else row[SHARE])
    return worst, float(care.mode_shares[worst])


@compiled
def _edges(
    care: Care, again: NDArray[np.float64], service: int, horizon: float
) -> NDArray[np.float64]:
    """Return every hour within the horizon at which a service's mode or share may change."""
    needs = care.need_offsets[service + 1] - care.need_offsets[service]
    fallbacks = care.fallback_offsets[service + 1] - care.fallback_offsets[service]
    edges = np.empty(2 + needs + 2 * fallbacks, np.float64)
    edges[0], edges[1] = 0.0, horizon
    place = 2
    for need in range(care.need_offsets[service], care.need_offsets[service + 1]):
        edges[place] = min(again[care.need_nodes[need]], horizon)
        place += 1
    for fallback in range(care.fallback_offsets[service], care.fallback_offsets[service + 1]):
        row = care.fallbacks[fallback]
        begins = max(again[care.fallback_nodes[fallback]], row[STARTS_AFTER])
        edges[place] = min(begins, horizon)
        edges[place + 1] = min(begins + row[HOLDS], horizon)
        place += 2
    edges.sort()
    return edges


@compiled
def _due(
    volume: NDArray[np.float64],
    sums: NDArray[np.float64],
    hours: tuple[float, float],
    treated: float,
) -> tuple[float, float]:
    """Return the usual patients due between two hours, and how long they wait together.

    Hours count from Monday 00:00; `treated`: the hour at which they all are.
    """
    before, sooner = _since_monday(volume, sums, hours[0])
    by_then, later = _since_monday(volume, sums, hours[1])
    due = by_then - before
    return due, treated * due - (later - sooner)


@compiled
def _since_monday(
    volume: NDArray[np.float64], sums: NDArray[np.float64], hour: float
) -> tuple[float, float]:
    """Return the patients due before an hour, and the sum of the hours at which they are."""
    weeks = hour // WEEK
    rest = hour - weeks * WEEK
    whole = int(rest)
    part = volume[whole] * (rest - whole) if whole < WEEK else 0.0
    in_week = sums[whole, 0] + part
    hours = sums[whole, 1] + part * (rest + whole) / 2
    a_week, their_hours = sums[WEEK, 0], sums[WEEK, 1]
    hours += weeks * their_hours + WEEK * (a_week * weeks * (weeks - 1) / 2 + weeks * in_week)
    return weeks * a_week + in_week, hours
