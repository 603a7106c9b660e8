"""When each lost server is back: a list schedule on so many crews.

Each crew takes the next job of the list whose forerunners are done, or waits for them (serial
schedule generation: Kelley, The critical-path method, 1963). The list is in an order in which
every forerunner stands before what waits for it.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.compiled import compiled


class Jobs(NamedTuple):
    """All that may have to be restored, in the order of the list.

    `nodes`: whose hour each job sets; `hours` of work; what must be done before job j stands in
    `before` at offsets[j] to offsets[j + 1], by number of job, and who holds a copy of it in
    `holders` at copies[j] to copies[j + 1]: one of those is enough, and one stands before j.
    """

    nodes: NDArray[np.int32]
    hours: NDArray[np.float64]
    offsets: NDArray[np.int64]
    before: NDArray[np.int32]
    copies: NDArray[np.int64]
    holders: NDArray[np.int32]


@compiled
def _readable(
    jobs: Jobs, job: int, lost: NDArray[np.float64], done: NDArray[np.float64]
) -> float:
    """Return when the first copy of a job can be read: at once, where one lies on what stands.

    What is lost and stands later in the list is not waited for.
    """
    first, end = jobs.copies[job], jobs.copies[job + 1]
    hour = np.inf if first < end else 0.0
    for place in range(first, end):
        holder = jobs.holders[place]
        if lost[holder] <= 0.0:
            return 0.0
        if holder < job:
            hour = min(hour, done[holder])
    return hour


@compiled
def restore(
    jobs: Jobs,
    lost: NDArray[np.float64],
    crews: int,
    begins: float,
    own: NDArray[np.float64],
) -> float:
    """Put into `own` (a place a node) when the lost jobs are done; return when all are.

    `lost`: a place a job: 0 for what stands, else by what its hours are multiplied (1: as
    planned, more without its copy). `begins`: the hour at which the crews begin.
    """
    free = np.full(crews, begins, np.float64)
    done = np.zeros(len(lost), np.float64)
    last = 0.0
    for job in range(len(lost)):
        if lost[job] <= 0.0:
            continue
        crew = 0
        for other in range(1, crews):
            if free[other] < free[crew]:
                crew = other
        start = max(free[crew], _readable(jobs, job, lost, done))
        for place in range(jobs.offsets[job], jobs.offsets[job + 1]):
            start = max(start, done[jobs.before[place]])
        done[job] = start + jobs.hours[job] * lost[job]
        free[crew] = done[job]
        node = jobs.nodes[job]
        own[node] = max(own[node], done[job])
        last = max(last, done[job])
    return last
