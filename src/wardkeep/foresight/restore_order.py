"""The order in which a forecast restores: the plan's greedy over all servers, made once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from wardkeep.foresight.engines.restore_hours import Jobs
from wardkeep.foresight.restoring.estate import lost_estate
from wardkeep.foresight.restoring.numbers import PlanNumbers
from wardkeep.foresight.restoring.search import greedy_order
from wardkeep.hospital.map.item import reference_to
from wardkeep.hospital.map.machines import Server
from wardkeep.hospital.map.whole import HospitalMap


def restore_jobs(
    whole: HospitalMap, nodes: Mapping[str, int], crews: int
) -> tuple[Jobs, list[Server]]:
    """Return every server as a job in the order of the plan, and the servers in that order.

    `nodes`: the number of each server's node. Raises RestoreCycleError.
    """
    servers = {each.id: each for each in whole.of(Server)}
    estate = lost_estate(whole, tuple(servers), crews, PlanNumbers())
    problem, options = estate.problem, estate.copies.options
    order = greedy_order(problem)
    place = {server: number for number, server in enumerate(order)}
    # A copy on several servers (an application's) is waited for as it was chosen.
    single = [all(len(each) == 1 for each in options[server]) for server in order]
    waits = [
        estate.stated[server] if alone else problem.before[server]
        for server, alone in zip(order, single, strict=True)
    ]
    before = [[place[each] for each in sorted(row)] for row in waits]
    holders = [
        [place[holder] for one in options[server] for holder in one] if alone else []
        for server, alone in zip(order, single, strict=True)
    ]
    names = [problem.servers[each] for each in order]
    jobs = Jobs(
        np.array([nodes[reference_to(servers[name])] for name in names], np.int32),
        np.array([problem.hours[each] for each in order], np.float64),
        *_rows(before),
        *_rows(holders),
    )
    return jobs, [servers[name] for name in names]


def _rows(rows: Sequence[Sequence[int]]) -> tuple[NDArray[np.int64], NDArray[np.int32]]:
    """Return where each row begins and ends, and all of them one after the other."""
    offsets = np.cumsum([0, *map(len, rows)], dtype=np.int64)
    return offsets, np.array([each for row in rows for each in row], np.int32)
