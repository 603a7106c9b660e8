"""How long each service works in which mode, and how many patients it does not treat.

At each hour a service is in the worst mode of the needs that are not met; where a fallback that
can be used is better, in that of the best one. Between two hours at which something comes back
or wears off nothing changes, so the sums are exact.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.compiled import compiled

WEEK = 168
MODES = 5
"""Full, degraded, paper, diverted, closed: as hospital.map.care.Mode, by depth."""
# Columns of `Care.fallbacks`.
MODE, STARTS_AFTER, SHARE, HOLDS, SHARE_AFTER = range(5)


class Care(NamedTuple):
    """All services; the needs of service s stand at need_offsets[s] to need_offsets[s + 1].

    `need_nodes`, `fallback_nodes`: whose hours of working_again tell when they are met;
    `without`: the mode of each unmet need. `fallbacks`: a row each, best first within a
    service: mode, hours until it starts, share of the usual patients, hours that it holds, and
    the share after. `volume`: patients an hour by hour of the week, a row a service.
    `mode_shares`: share of the usual patients in each mode where no fallback says it.
    """

    need_offsets: NDArray[np.int64]
    need_nodes: NDArray[np.int32]
    without: NDArray[np.int32]
    fallback_offsets: NDArray[np.int64]
    fallback_nodes: NDArray[np.int32]
    fallbacks: NDArray[np.float64]
    volume: NDArray[np.float64]
    mode_shares: NDArray[np.float64]


class CareLost(NamedTuple):
    """A row a service: hours in each mode, and patients not treated within the horizon."""

    hours: NDArray[np.float64]
    patients: NDArray[np.float64]


@compiled
def lost_care(care: Care, again: NDArray[np.float64], start: float, horizon: float) -> CareLost:
    """Return what is lost from hour 0 to `horizon`.

    `again`: when each node works again (returning.work_again); `start`: the hour of the week,
    0 at Monday 00:00, at which it all began.
    """
    services = len(care.need_offsets) - 1
    hours = np.zeros((services, MODES), np.float64)
    patients = np.zeros(services, np.float64)
    for service in range(services):
        edges = _edges(care, again, service, horizon)
        for number in range(len(edges) - 1):
            begin, end = edges[number], edges[number + 1]
            if end > begin:
                mode, share = mode_at(care, again, service, begin)
                hours[service, mode] += end - begin
                if share < 1.0:
                    usual = _patients(care.volume[service], start + begin, start + end)
                    patients[service] += (1.0 - share) * usual
    return CareLost(hours, patients)


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
        if row[MODE] < worst and begins <= hour:
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
def _patients(volume: NDArray[np.float64], begin: float, end: float) -> float:
    """Return the usual patients between two hours, counted from Monday 00:00."""
    return _since_monday(volume, end) - _since_monday(volume, begin)


@compiled
def _since_monday(volume: NDArray[np.float64], hour: float) -> float:
    weeks = hour // WEEK
    rest = hour - weeks * WEEK
    whole = int(rest)
    total = weeks * volume.sum() + volume[:whole].sum()
    if whole < WEEK:
        total += (rest - whole) * volume[whole]
    return float(total)
